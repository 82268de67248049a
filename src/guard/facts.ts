/** What the guard decides from: plain data that services read and pure functions judge. docs/desk.md. */
import type { Grade, Purpose as PurposeKind } from '../tlog/header.ts'

/** What kind of thing a field tells. */
export type FieldClass = 'identity' | 'contact' | 'reference' | 'sensitive' | 'text'

/** How a field is shown. */
export type View = 'clear' | 'masked' | 'hidden'

/** How a value is masked; see mask.ts. */
export type MaskKind = 'name' | 'mail' | 'phone' | 'reference' | 'text'

/** A field of a customer. */
export interface FieldSpec {
  readonly name: string
  readonly class: FieldClass
  readonly mask: MaskKind
}

/** What somebody may do at the desk; docs/desk.md, "People". */
export type Role = 'agent' | 'lead' | 'officer' | 'admin'

/** Whoever signs in; `person` is the same for all accounts of one human being. */
export interface AgentFacts {
  readonly id: string
  readonly person: string
  readonly name: string
  readonly pseudonym: string
  readonly team: string | null
  readonly roles: readonly Role[]
  readonly kind: 'person' | 'service'
  readonly status: 'active' | 'suspended'
}

/** A session of an agent on one device. */
export interface SessionFacts {
  readonly id: string
  readonly agent: string
  /** Thumbprint (RFC 7638) of the device's key; null before it is bound. */
  readonly device: string | null
  readonly createdAtMs: number
  readonly expiresAtMs: number
  /** When the agent last proved to be there; a fresh sign-in counts. */
  readonly stepUpAtMs: number | null
}

/** Who asks, on every call of a service. */
export interface Caller {
  readonly agent: AgentFacts
  readonly session: SessionFacts
}

/** A ticket, as far as it grounds a purpose. */
export interface TicketFacts {
  readonly number: string
  readonly customer: string
  readonly queue: string | null
  readonly state: 'open' | 'closed'
  /** null: the source cannot tell. `agent` names who opened it, where kind is agent; here and in
   * `assignment`, another account of the reader's own person is named as the reader. */
  readonly origin: {
    readonly kind: 'customer' | 'system' | 'agent'
    readonly agent: string | null
  } | null
  readonly assignee: string | null
  /** How the assignee came by it; null: the source cannot tell. */
  readonly assignment: { readonly kind: 'router' | 'agent'; readonly agent: string | null } | null
  readonly assignedAtMs: number | null
  /** The customer's last inbound contact, or the opening. */
  readonly contactAtMs: number
  /** Codes the customer read back on this ticket. */
  readonly codes: readonly PassedCode[]
}

/** A customer-present code that was read back. */
export interface PassedCode {
  readonly agent: string
  /** The assignment it was passed on. */
  readonly assignedAtMs: number | null
  readonly passedAtMs: number
}

/** A grant, as far as it grounds a purpose. */
export interface GrantFacts {
  readonly id: string
  readonly kind: 'see' | 'export' | 'budget'
  readonly agent: string
  readonly customers: readonly string[]
  readonly fields: readonly string[]
  readonly emergency: boolean
  readonly state: 'asked' | 'approved' | 'denied' | 'ended'
  readonly liveFromMs: number | null
  readonly liveUntilMs: number | null
}

/** Why a purpose does not hold (any more). */
export type Ended =
  | 'closed'
  | 'not-assigned'
  | 'stale'
  | 'not-approved'
  | 'over'
  | 'other-customer'
  | 'not-found'

/** Why an agent may see a customer now. */
export interface Purpose {
  readonly kind: PurposeKind
  readonly reference: string | null
  readonly queue: string | null
  readonly grade: Grade
  /** null: live. */
  readonly ended: Ended | null
}

/** What would make a refused field visible. */
export type Advice =
  | 'ask-code'
  | 'ask-grant'
  | 'step-up'
  | 'reveal'
  | 'ask-lead'
  | 'take-next'
  | 'never'

/** The guard's answer about one field. */
export interface FieldDecision {
  readonly field: FieldSpec
  readonly view: View
  /** What `reveal` would give beyond this view; null: nothing more. */
  readonly onReveal: 'clear' | null
  /** Where it is not clear: what would help. */
  readonly advice: Advice | null
  /** Ids of the policies that determined the answer. */
  readonly policies: readonly string[]
}

/** Distinct customers, per rolling window. */
export interface Counts {
  readonly hour: number
  readonly day: number
  readonly week: number
}
