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
  View,
} from '../guard/facts.ts'
import type { Path } from '../tlog/header.ts'

/** Why the caller asks: nothing but a number, since facts are read here. `customer` is whom another tool
 * takes the ticket to be about; if it is about somebody else, it is unknown. */
export type Because =
  | { readonly kind: 'ticket'; readonly number: string; readonly customer?: string }
  | { readonly kind: 'grant'; readonly id: string; readonly customer: string }

/** The id of the session that a service's token stands in for, while it asks on behalf of an agent. */
export function serviceSession(service: string): string {
  return `${SERVICE}${service}`
}

/** The service whose token stands in for this session; null: it is somebody's own. */
export function serviceOf(session: string): string | null {
  return session.startsWith(SERVICE) ? session.slice(SERVICE.length) : null
}

const SERVICE = 'service:'

/** The facts that one disclosure is decided from, read at one time. */
export interface Facts {
  /** Whether the session is still good and its agent active. */
  readonly sessionGood: boolean
  readonly agent: AgentFacts
  readonly ticket: TicketFacts | null
  readonly grant: GrantFacts | null
  /** The agent's budget. */
  readonly limits: Counts
}

/** Reads the facts. Throws STORE_UNAVAILABLE and, where tickets are in a guarded database, what that
 * throws. */
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
  /** Of one to the customer: where the mail with it is; null: no mail of ours carries it. */
  readonly delivery: 'queued' | 'sent' | 'failed' | null
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

/** Conversations are recorded, and asked for, by this name: a field of class text. */
export const CONVERSATION: FieldSpec = { name: 'conversation', class: 'text', mask: 'text' }

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
 * Decides, logs, hands over: the only way to a customer's fields. `look` without names is about all
 * fields and the conversation; `reveal` gives all the named fields or none, without names whichever it
 * may. Throws PURPOSE_ENDED, REVEAL_REFUSED, BUDGET_EXCEEDED, STEP_UP_NEEDED, SESSION_ENDED,
 * TICKET_UNKNOWN, GRANT_UNKNOWN, and what log, store and source throw; then nothing is shown.
 */
export type Release = (request: ReleaseRequest) => Promise<Released>

/** A customer that was found: masked, with what this session can go on with. */
export interface Found {
  /** Opens a ticket or asks for a grant, in this session, for ten minutes. */
  readonly handle: string
  readonly fields: readonly {
    readonly name: string
    readonly view: View
    readonly value: string | null
  }[]
  /** Number of an open ticket of this customer that is the caller's. */
  readonly openTicketYours: string | null
}

/**
 * Finds by exactly one identifier, at most 5 customers, masked; each search is in the log before its
 * result is told. Throws SEARCH_INVALID, SEARCH_TOO_MANY (searches or misses an hour),
 * SEARCH_AMBIGUOUS (more than 5; none is shown), ROLE_NEEDED, SESSION_ENDED.
 */
export type Search = (caller: Caller, by: Identifier, value: string) => Promise<readonly Found[]>

/** A disclosure as its agent sees it again: whom it was about stands in the log alone. */
export interface ShownRow {
  readonly agent: string
  readonly atMs: number
  /** Index of the (first) entry. */
  readonly entry: number
  readonly path: Path
  readonly purpose: Purpose
  /** How many. */
  readonly customers: number
  /** Names of those shown clear, and masked. */
  readonly fields: readonly string[]
  readonly masked: readonly string[]
}

/** Keeps what the log holds already where its agent can look it up. Throws nothing: what cannot be kept
 * is missing there, and stands in the log. */
export type KeepShown = (row: ShownRow) => void
