/** What exceptions need of a store; src/store serves these ports. */
import type { AgentFacts, Caller, GrantFacts } from '../guard/facts.ts'
import type { Reason } from './ports.ts'

/** A grant as it is kept. */
export interface GrantRow extends GrantFacts {
  readonly agentName: string
  /** Of whoever asked. */
  readonly person: string
  readonly reason: Reason
  readonly text: string
  readonly ticket: string | null
  readonly minutes: number
  readonly extra: number
  readonly askedAtMs: number
  readonly decidedBy: string | null
  readonly decidedPerson: string | null
  readonly decidedAtMs: number | null
  readonly decisionText: string | null
  readonly review: 'fine' | 'wrong' | null
  readonly reviewedBy: string | null
}

/** One that is asked for. */
export type NewGrant = Pick<
  GrantRow,
  | 'id'
  | 'kind'
  | 'reason'
  | 'text'
  | 'ticket'
  | 'customers'
  | 'fields'
  | 'minutes'
  | 'extra'
  | 'emergency'
  | 'liveFromMs'
  | 'liveUntilMs'
>

/** Runs inside a change, before it counts: if it throws, nothing was changed. */
export type Before<Changed> = (changed: Changed) => Promise<unknown>

/** Who calls, as the store knows them now. */
export interface Present {
  readonly agent: AgentFacts
  /** The session stands and the agent is active. */
  readonly isPresent: boolean
  /** The highest rank of any account of the person: agent 1, lead 2, officer 3. */
  readonly rank: number
}

/** How a person asks. */
export interface AskHabit extends Present {
  /** Requests that wait. */
  readonly waiting: number
  readonly emergenciesLive: number
  readonly emergenciesToday: number
  /** Larger budgets that wait or hold. */
  readonly budgets: number
  /** The newest texts of the person's requests. */
  readonly texts: readonly string[]
}

/** How a person decides, in the last 24 hours and 30 days. */
export interface DecideHabit extends Present {
  readonly decidedToday: number
  readonly approvedToday: number
  /** From the request to the decision, in the middle of 30 days; null: none. */
  readonly medianSeconds: number | null
  /** The newest texts of the person's approvals. */
  readonly texts: readonly string[]
}

/** A grant with what a decision on it depends on. */
export interface Weighed extends GrantRow {
  /** The highest rank of any account of whoever asked. */
  readonly askerRank: number
  readonly askerActive: boolean
  /** Whoever decides and whoever asked worked on one device in the last 30 days. */
  readonly sameDevice: boolean
  readonly asked30d: number
  readonly approved30d: number
  /** In the middle of the others of the team; 0 where there is none. */
  readonly peersMedian30d: number
  /** Approved by whoever decides for whoever asked. */
  readonly approvedForThem7d: number
  /** Requests about one of these customers that were denied to the person in 7 days. */
  readonly denied7d: number
  /** Of the person's, in 90 days, that an officer found wrong. */
  readonly wrong90d: number
  /** null: no roster says. */
  readonly onDuty: boolean | null
}

/** Where a page begins: after the grant with these. */
export interface GrantPlace {
  readonly askedAtMs: number
  readonly id: string
}

/** What is decided on a request. */
export interface Verdict {
  readonly approve: boolean
  readonly text: string
}

/**
 * Keeps grants. Each change is one transaction: whoever loses a race changes nothing. What `check` throws
 * is thrown, and so is what `before` throws. Throws STORE_UNAVAILABLE.
 */
export interface GrantStore {
  one(id: string): Promise<GrantRow | null>
  /** Newest first. */
  mine(agent: string, after: GrantPlace | null, limit: number): Promise<readonly GrantRow[]>
  ask(
    caller: Caller,
    grant: NewGrant,
    atMs: number,
    check: (habit: AskHabit) => void,
    before: Before<GrantRow>,
  ): Promise<GrantRow>
  /** `check` is given null where there is no such grant. Throws GRANT_DECIDED where it does not wait. */
  decide(
    caller: Caller,
    id: string,
    verdict: Verdict,
    atMs: number,
    check: (habit: DecideHabit, weighed: Weighed | null) => void,
    before: Before<GrantRow>,
  ): Promise<GrantRow>
  /** Found wrong, it ends too. Throws GRANT_DECIDED where it was reviewed already. */
  review(
    caller: Caller,
    id: string,
    review: { readonly verdict: 'fine' | 'wrong'; readonly text: string },
    atMs: number,
    check: (habit: DecideHabit, weighed: Weighed | null) => void,
    before: Before<GrantRow>,
  ): Promise<GrantRow>
  /** Throws GRANT_DECIDED where it neither waits nor holds. */
  end(
    caller: Caller,
    id: string,
    atMs: number,
    check: (present: Present, grant: GrantRow | null) => void,
    before: Before<GrantRow>,
  ): Promise<GrantRow>
  /** What waits, oldest first: requests; and, for reviews, emergencies that nobody reviewed. */
  pending(
    caller: Caller,
    what: { readonly files: boolean; readonly rankBelow: number; readonly reviews: boolean },
    after: GrantPlace | null,
    limit: number,
    atMs: number,
  ): Promise<{ readonly habit: DecideHabit; readonly grants: readonly Weighed[] }>
}
