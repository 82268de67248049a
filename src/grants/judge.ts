/** Who may decide on an exception, or review one: never whoever it is for. */
import {
  GRANT_WAIT_MS,
  GRANTS_DECIDED_PER_DAY_MAX,
  GRANTS_PER_PAIR_PER_WEEK_MAX,
} from '../base/desk-limits.ts'
import { TelltaleError } from '../base/errors.ts'
import { stepUpError } from '../disclosure/refusals.ts'
import type { Policies } from '../guard/policy.ts'
import type { DecideHabit, GrantRow, Weighed } from './stores.ts'

/** What somebody is about to do. */
export interface Judging {
  readonly action: 'decide' | 'review'
  readonly approve: boolean
  readonly steppedUp: boolean
}

/** Throws SESSION_ENDED, GRANT_NOT_YOURS_TO_DECIDE, STEP_UP_NEEDED. */
export function checkMayJudge(
  policies: Pick<Policies, 'answer'>,
  { agent, isPresent }: DecideHabit,
  weighed: Weighed,
  { action, approve, steppedUp }: Judging,
): void {
  if (!isPresent) throw new TelltaleError('SESSION_ENDED', {})
  const isDecider = action === 'review' && agent.person === weighed.decidedPerson
  const { allowed, advice, why } = policies.answer({
    asker: { roles: agent.roles, kind: agent.kind },
    action,
    kind: weighed.kind,
    context: {
      present: isPresent,
      steppedUp,
      approve,
      rank: weighed.askerRank,
      samePerson: agent.person === weighed.person || isDecider,
      sameDevice: weighed.sameDevice,
    },
  })
  if (advice === 'step-up') throw stepUpError()
  if (!allowed) throw notYours(why ?? 'nothing permits it')
}

/** Whether a request can be decided so, by its state and by how many this person decided; throws
 * GRANT_DECIDED, GRANT_LIMIT. */
export function checkCanDecide(
  habit: Pick<DecideHabit, 'decidedToday'>,
  weighed: Weighed,
  approve: boolean,
  atMs: number,
): void {
  checkWaits(weighed, atMs)
  if (approve && !weighed.askerActive) {
    throw new TelltaleError('GRANT_DECIDED', { why: 'whoever asked is suspended' })
  }
  if (habit.decidedToday >= GRANTS_DECIDED_PER_DAY_MAX) {
    throw limit(`you decided ${habit.decidedToday} requests within 24 hours`)
  }
  if (approve && weighed.approvedForThem7d >= GRANTS_PER_PAIR_PER_WEEK_MAX) {
    throw limit(`you approved ${weighed.approvedForThem7d} of theirs within 7 days`)
  }
}

const STATES: Readonly<Record<Exclude<GrantRow['state'], 'asked'>, string>> = {
  approved: 'it is approved',
  denied: 'it was denied',
  ended: 'it has ended',
}

function checkWaits({ state, askedAtMs }: GrantRow, atMs: number): void {
  if (state !== 'asked') throw new TelltaleError('GRANT_DECIDED', { why: STATES[state] })
  if (atMs - askedAtMs >= GRANT_WAIT_MS) {
    throw new TelltaleError('GRANT_DECIDED', { why: 'nobody decided on it within a day' })
  }
}

/** Whether a grant was used or could be, and was not reviewed; throws GRANT_DECIDED. */
export function checkCanReview({ liveFromMs, review }: GrantRow): void {
  if (liveFromMs === null) throw new TelltaleError('GRANT_DECIDED', { why: 'it never held' })
  if (review !== null) throw new TelltaleError('GRANT_DECIDED', { why: 'it was reviewed' })
}

/** What everybody else is told. */
export const ONLY_DECIDERS = 'only leads and officers decide'

/** `why` is a clause without a full stop. */
export function notYours(why: string): TelltaleError {
  return new TelltaleError('GRANT_NOT_YOURS_TO_DECIDE', { why })
}

function limit(why: string): TelltaleError {
  return new TelltaleError('GRANT_LIMIT', { why })
}
