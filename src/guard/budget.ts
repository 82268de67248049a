/** How many customers an agent of a team may be shown: docs/desk.md, "Budgets". */
import {
  BUDGET_COUNTS_MIN,
  BUDGET_DEFAULTS,
  BUDGET_FLOORS,
  BUDGET_PEER_FACTOR,
} from '../base/desk-limits.ts'
import type { Counts } from './facts.ts'

/** Distinct customers of each agent-hour, agent-day and agent-week of a team, in any order. Hours,
 * days and weeks in which nobody was shown are left out. */
export type PeerCounts = Readonly<Record<keyof Counts, readonly number[]>>

/**
 * A team's budget: 1.5 times the 99th percentile (nearest rank) of its own counts, rounded up, and no
 * less than the floors; the defaults where too little was counted. A longer window's is never the
 * smaller one. Counts that are none are left out.
 */
export function deriveBudget(counts: PeerCounts): Counts {
  const hour = derived(counts, 'hour')
  const day = Math.max(hour, derived(counts, 'day'))
  return { hour, day, week: Math.max(day, derived(counts, 'week')) }
}

function derived(counts: PeerCounts, window: keyof Counts): number {
  const sorted = counts[window]
    .filter((n) => Number.isSafeInteger(n) && n >= 0)
    .sort((a, b) => a - b)
  if (sorted.length < BUDGET_COUNTS_MIN) return BUDGET_DEFAULTS[window]
  const percentile = sorted[Math.ceil(0.99 * sorted.length) - 1]
  return Math.max(BUDGET_FLOORS[window], Math.ceil(BUDGET_PEER_FACTOR * percentile))
}
