/** Exceptions: asked for, decided by a second person, used, reviewed. docs/desk.md, "Purpose and grade". */
import type { Released } from '../disclosure/ports.ts'
import type { Caller, GrantFacts } from '../guard/facts.ts'

/** Reasons an exception can have. */
export const REASONS = [
  'callback-promised',
  'safety',
  'fraud-check',
  'legal-request',
  'data-correction',
  'system-fault',
  'quality-review',
] as const
/** One of `REASONS`. */
export type Reason = (typeof REASONS)[number]

export interface Ask {
  readonly kind: GrantFacts['kind']
  readonly reason: Reason
  readonly text: string
  readonly ticket: string | null
  /** Handles from a search, or tickets' numbers whose customers are meant. */
  readonly handles: readonly string[]
  readonly tickets: readonly string[]
  readonly fields: readonly string[]
  readonly minutes: number
  readonly extra: number
  readonly emergency: boolean
}

/** A grant as its people see it: customers are counted and numbered, never named. */
export interface Grant extends Omit<GrantFacts, 'customers'> {
  readonly agentName: string
  readonly reason: Reason
  readonly text: string
  readonly ticket: string | null
  readonly customerCount: number
  readonly minutes: number
  readonly extra: number
  readonly askedAtMs: number
  readonly decidedBy: string | null
  readonly decidedAtMs: number | null
  readonly decisionText: string | null
  readonly review: 'fine' | 'wrong' | null
  readonly reviewedBy: string | null
}

/** What a lead needs to say no: how this agent and this pair usually ask. */
export interface Request extends Grant {
  readonly asker: {
    asked30d: number
    approved30d: number
    peersMedian30d: number
    liveTickets: number
  }
  readonly mine: {
    decidedToday: number
    approvedToday: number
    approvedForThem7d: number
    medianSeconds: number | null
  }
  readonly whyNot: readonly string[]
  /** What keeps the caller from deciding; null: nothing. */
  readonly blocked: string | null
}

/** Throws GRANT_UNKNOWN, GRANT_INVALID, GRANT_NOT_YOURS_TO_DECIDE, GRANT_DECIDED, GRANT_LIMIT, STEP_UP_NEEDED. */
export interface Grants {
  ask(caller: Caller, ask: Ask): Promise<Grant>
  mine(
    caller: Caller,
    cursor: string | null,
  ): Promise<{ grants: readonly Grant[]; cursor: string | null }>
  one(caller: Caller, id: string): Promise<Grant>
  /** `which` numbers the grant's customers from 0. */
  reveal(caller: Caller, id: string, which: number, fields: readonly string[]): Promise<Released>
  end(caller: Caller, id: string): Promise<void>
  /** CSV with canaries; throws EXPORT_TOO_LARGE. */
  export(caller: Caller, id: string): Promise<{ name: string; csv: string; rows: number }>
  requests(
    caller: Caller,
    cursor: string | null,
  ): Promise<{ requests: readonly Request[]; cursor: string | null }>
  decide(caller: Caller, id: string, approve: boolean, text: string): Promise<Grant>
  review(caller: Caller, id: string, verdict: 'fine' | 'wrong', text: string): Promise<Grant>
}
