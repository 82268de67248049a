/** How many customers an agent of a team may be shown: docs/desk.md, "Budgets". */
import {
  BUDGET_AGENT_DAYS_MIN,
  BUDGET_AGENTS_MIN,
  BUDGET_DEFAULTS,
  BUDGET_EACH_FACTOR,
  BUDGET_FLOORS,
  BUDGET_LEFT_OUT_SHARE,
  BUDGET_PEER_FACTOR,
} from '../base/desk-limits.ts'
import type { Counts } from './facts.ts'

/** Distinct customers of one agent in each hour, day and week, in any order. Hours, days and weeks in
 * which they were shown nobody are left out. */
export type PeerCounts = Readonly<Record<keyof Counts, readonly number[]>>

/** A team's budget, and what it rests on. */
export interface DerivedBudget {
  readonly limits: Counts
  /** In each window, the 99th percentile that it is made from, and how many agents were left out of it;
   * null where there were too few counts for any. */
  readonly peers: Counts | null
  readonly leftOut: Counts | null
  /** What there is too little of, so that the limits are the fallback. */
  readonly tooFew: 'agents' | 'days' | null
}

const PERCENT = 99

/**
 * A team's budget: `1.5 x min over j of 1.08^(j-1) x P(j)`, rounded up, and no less than the floors;
 * `P(j)` is the smallest 99th percentile (nearest rank) of what remains of all agents' counts when any j
 * agents are left out, for j from 1 to a third of the agents. So one agent, whatever they do, cannot
 * raise it above 1.5 times the 99th percentile of all others' counts, and m of them cannot above
 * 1.08^(m-1) times that. A longer window's is never the smaller one. `fallback` where too few agents or
 * agent-days were counted. Counts that are none, and agents without any, do not matter.
 */
export function deriveBudget(
  team: readonly PeerCounts[],
  fallback: Counts = BUDGET_DEFAULTS,
): DerivedBudget {
  const days = countsIn(team, 'day')
  const tooFew =
    days.length < BUDGET_AGENTS_MIN
      ? 'agents'
      : days.flat().length < BUDGET_AGENT_DAYS_MIN
        ? 'days'
        : null
  if (tooFew !== null) return { limits: fallback, peers: null, leftOut: null, tooFew }
  const found = {
    hour: lowest(countsIn(team, 'hour')),
    day: lowest(days),
    week: lowest(countsIn(team, 'week')),
  }
  const limit = (window: keyof Counts) => Math.max(BUDGET_FLOORS[window], found[window].limit)
  const each = (of: 'peer' | 'leftOut'): Counts => ({
    hour: found.hour[of],
    day: found.day[of],
    week: found.week[of],
  })
  const hour = limit('hour')
  const day = Math.max(hour, limit('day'))
  const limits = { hour, day, week: Math.max(day, limit('week')) }
  return { limits, peers: each('peer'), leftOut: each('leftOut'), tooFew }
}

/** The percentile (0 to 100) of these counts by nearest rank; 0 of none. */
export function percentileOf(counts: readonly number[], percent: number): number {
  const sorted = [...counts].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((percent * sorted.length) / 100) - 1)] ?? 0
}

function countsIn(team: readonly PeerCounts[], window: keyof Counts): number[][] {
  return team
    .map((counts) => counts[window].filter((n) => Number.isSafeInteger(n) && n >= 0))
    .filter((counts) => counts.length > 0)
}

interface Lowest {
  readonly limit: number
  readonly peer: number
  readonly leftOut: number
}

function lowest(agents: readonly (readonly number[])[]): Lowest {
  const most = Math.max(1, Math.ceil(agents.length * BUDGET_LEFT_OUT_SHARE))
  const all = Array.from({ length: most }, (_, i) => {
    const peer = lowestPercentile(agents, i + 1)
    const exact = BUDGET_PEER_FACTOR * BUDGET_EACH_FACTOR ** i * peer
    // What is a whole number but for the last bits of a product is that number.
    return { limit: Math.ceil(Number(exact.toFixed(6))), peer, leftOut: i + 1 }
  })
  return all.reduce((least, one) => (one.limit < least.limit ? one : least))
}

/**
 * The smallest 99th percentile of what remains when any `leftOut` agents are left out; 0 where nobody
 * does. It is at most v where 99% of what remains is at most v: where the sum over the remaining agents
 * of 100 #{counts <= v} - 99 #{counts} is not below 0, which it is last for those of the largest terms.
 */
function lowestPercentile(agents: readonly (readonly number[])[], leftOut: number): number {
  if (agents.length <= leftOut) return 0
  const values = [...new Set(agents.flat())].sort((a, b) => a - b)
  const isReached = (value: number) => {
    const terms = agents.map(
      (counts) => 100 * counts.filter((n) => n <= value).length - PERCENT * counts.length,
    )
    const remaining = terms.sort((a, b) => b - a).slice(0, agents.length - leftOut)
    return remaining.reduce((sum, term) => sum + term, 0) >= 0
  }
  let [low, high] = [0, values.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (isReached(values[middle])) high = middle
    else low = middle + 1
  }
  return values[low]
}
