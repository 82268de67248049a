/** What waits for whoever decides, with what they need to say no. */
import { PAGE_ROWS_MAX } from '../base/desk-limits.ts'
import { TelltaleError } from '../base/errors.ts'
import type { FieldSpec } from '../guard/facts.ts'
import type { Policies } from '../guard/policy.ts'
import { checkCanDecide, checkMayJudge, notYours, ONLY_DECIDERS } from './judge.ts'
import type { Grants, Request } from './ports.ts'
import { cursorOf, decides, grantOf, placeOf } from './shape.ts'
import type { DecideHabit, GrantStore, Weighed } from './stores.ts'
import { whyNot } from './why-not.ts'

/** What a list of requests needs. */
export interface WaitingPorts {
  readonly store: Pick<GrantStore, 'pending'>
  readonly policies: Pick<Policies, 'answer'>
  /** Number of an open ticket of the agent's per customer. */
  readonly openOf: (
    agent: string,
    customers: readonly string[],
  ) => Promise<ReadonlyMap<string, string>>
  /** Fields of customers here. */
  readonly fields: readonly FieldSpec[]
  readonly nowMs: () => number
}

/** Lists what waits: requests for leads and officers, unreviewed emergencies for officers. */
export function createWaiting(ports: WaitingPorts): Pick<Grants, 'requests'> {
  return {
    requests: async (caller, cursor) => {
      if (!decides(caller.agent)) throw notYours(ONLY_DECIDERS)
      const atMs = ports.nowMs()
      const isOfficer = caller.agent.roles.includes('officer')
      const what = { files: isOfficer, rankBelow: isOfficer ? 3 : 2, reviews: isOfficer }
      const { habit, grants } = await ports.store.pending(
        caller,
        what,
        placeOf(cursor),
        PAGE_ROWS_MAX + 1,
        atMs,
      )
      const some = grants.slice(0, PAGE_ROWS_MAX)
      const requests = await Promise.all(some.map((one) => requestOf(ports, habit, one, atMs)))
      return { requests, cursor: cursorOf(grants, some) }
    },
  }
}

async function requestOf(
  ports: WaitingPorts,
  habit: DecideHabit,
  weighed: Weighed,
  atMs: number,
): Promise<Request> {
  const { asked30d, approved30d, peersMedian30d, approvedForThem7d } = weighed
  const { decidedToday, approvedToday, medianSeconds } = habit
  const { size: liveTickets } = await ports.openOf(weighed.agent, weighed.customers)
  return {
    ...grantOf(weighed),
    asker: { asked30d, approved30d, peersMedian30d, liveTickets },
    mine: { decidedToday, approvedToday, approvedForThem7d, medianSeconds },
    whyNot: whyNot(weighed, habit, liveTickets, ports.fields),
    blocked: blockedBy(ports, habit, weighed, atMs),
  }
}

/** What keeps somebody from deciding either way; a sign-in that is not fresh is no such thing. */
function blockedBy(
  { policies }: WaitingPorts,
  habit: DecideHabit,
  weighed: Weighed,
  atMs: number,
): string | null {
  const action = weighed.state === 'asked' ? 'decide' : 'review'
  try {
    checkMayJudge(policies, habit, weighed, { action, approve: false, steppedUp: true })
    if (action === 'decide') checkCanDecide(habit, weighed, false, atMs)
    return null
  } catch (error) {
    if (error instanceof TelltaleError) return String(error.details.why ?? error.message)
    throw error
  }
}
