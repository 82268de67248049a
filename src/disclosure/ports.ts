/** What releasing a customer's fields needs; adapters serve these ports. docs/desk.md. */
import type {
  AgentFacts,
  Caller,
  Counts,
  FieldDecision,
  FieldSpec,
  GrantFacts,
  Purpose,
  TicketFacts,
} from '../guard/facts.ts'
import type { Path } from '../tlog/header.ts'

/** Why the caller asks. `asOf` lets a service hand in nothing but a number: facts are read here. */
export type Because =
  | { readonly kind: 'ticket'; readonly number: string }
  | { readonly kind: 'grant'; readonly id: string; readonly customer: string }

/** The facts that one disclosure is decided from, read at one time. */
export interface Facts {
  /** Whether the session is still good and its agent active. */
  readonly sessionGood: boolean
  readonly agent: AgentFacts
  readonly ticket: TicketFacts | null
  readonly grant: GrantFacts | null
}

/** Reads the facts. Throws STORE_UNAVAILABLE. */
export interface FactsPort {
  read(caller: Caller, because: Because): Promise<Facts>
}

/** One customer's budget step: atomic, exact over parallel calls. */
export interface BudgetPort {
  limitsFor(agent: AgentFacts, atMs: number): Promise<Counts>
  /** Counts these customers, or none of them where any window would exceed its limit. */
  charge(charge: {
    readonly agent: string
    readonly customers: readonly string[]
    readonly atMs: number
    readonly limits: Counts
  }): Promise<{ readonly ok: boolean; readonly used: Counts; readonly over: keyof Counts | null }>
  used(agent: string, atMs: number): Promise<Counts>
}

/** A customer's values by field name; null where the record has none. */
export type Values = Readonly<Record<string, string | null>>

/** What a customer can be found by. */
export type Identifier = 'mail' | 'phone' | 'ticket' | 'customer'

/** The guarded database of customers. It gives whatever it is asked: only this folder asks. */
export interface SourcePort {
  /** The fields of a customer, each with its class. */
  readonly fields: readonly FieldSpec[]
  /** Throws SOURCE_UNAVAILABLE; null: no such customer. */
  values(customer: string, fields: readonly string[]): Promise<Values | null>
  valuesOf(
    customers: readonly string[],
    fields: readonly string[],
  ): Promise<ReadonlyMap<string, Values>>
  /** Keys of the customers with exactly this identifier, at most `limit`. */
  find(by: Identifier, value: string, limit: number): Promise<readonly string[]>
  conversation(ticket: string, limit: number): Promise<readonly Message[]>
}

/** One message of a ticket. */
export interface Message {
  readonly id: string
  readonly atMs: number
  readonly direction: 'in' | 'out' | 'note'
  readonly author: string | null
  readonly body: string
}

/** What is asked of the release. */
export interface ReleaseRequest {
  readonly caller: Caller
  readonly because: Because
  /** Names of fields; none: all. */
  readonly fields: readonly string[]
  /** `look`: what a page shows by itself. `reveal`: clear, where policies allow it. */
  readonly act: 'look' | 'reveal'
  readonly path: Path
}

/** One field as it may be shown. */
export interface ShownField extends FieldDecision {
  /** Clear or masked as `view` says; null where hidden, or where the record has no value. */
  readonly value: string | null
}

/** What was shown, after it is in the log. */
export interface Released {
  readonly customer: string
  readonly purpose: Purpose
  readonly fields: readonly ShownField[]
  /** The conversation where text may be seen, else null. */
  readonly conversation: readonly Message[] | null
  /** Index of the entry; null where nothing of the customer was shown. */
  readonly entry: number | null
  readonly budget: { readonly used: Counts; readonly limits: Counts }
}

/**
 * Decides, logs, hands over: the only way to a customer's fields. Throws PURPOSE_ENDED,
 * REVEAL_REFUSED, BUDGET_EXCEEDED, STEP_UP_NEEDED, SESSION_ENDED, TICKET_UNKNOWN, and what log, store
 * and source throw; then nothing is shown.
 */
export type Release = (request: ReleaseRequest) => Promise<Released>
