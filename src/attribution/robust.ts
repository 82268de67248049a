/**
 * The robust statistic R_a (docs/attribution.md, "Named"): evidence that agent a leaks which holds
 * whatever up to k other agents leak. For a set B of others only the reports count that nobody in B
 * had been shown; among those, if a is innocent, the reported customer is any one of the group's
 * customers that B was not shown. R_a is the least over B.
 */
import { countBoth, slotOf } from './bits.ts'
import { LOG_MISS } from './grid.ts'
import { logSumExp } from './logs.ts'
import { groupOf, type ReportRecord } from './record.ts'
import {
  gainOf,
  type HitRow,
  LOG_P,
  logAgainst,
  missedBy,
  type Suspect,
  shareWithout,
} from './suspect.ts'

export interface RobustScore {
  /** Natural logarithm of R_a. */
  readonly logR: number
  /** The set B that explains most, at most k agents; empty where nobody else explains anything. */
  readonly worst: readonly number[]
}

/** R_a against at most k others (k = 1 or 2). The suspect must have caught up. */
export function robustScore(record: ReportRecord, suspect: Suspect, k: 1 | 2 = 1): RobustScore {
  let best: RobustScore = { logR: logAgainst(record, suspect, -1), worst: [] }
  for (let other = 0; other < record.agentCount; other++) {
    if (other === suspect.agent) continue
    const logR = logAgainst(record, suspect, other)
    if (logR < best.logR) best = { logR, worst: [other] }
  }
  return k === 1 ? best : againstPairs(record, suspect, best)
}

/**
 * The true minimum over pairs. Every pair is first bounded from below, by the share it could at most
 * leave to the agent; only pairs whose bound undercuts the best so far are counted exactly.
 */
function againstPairs(record: ReportRecord, suspect: Suspect, single: RobustScore): RobustScore {
  const relevant = [
    ...new Set([...record.hitAgents, ...suspect.rows.flatMap((r) => [...r.others])]),
  ]
    .filter((agent) => agent !== suspect.agent)
    .map((agent) => ({ agent, logR: logAgainst(record, suspect, agent) }))
    .sort((a, b) => a.logR - b.logR)
    .map((entry) => entry.agent)
  const bounds = pairBounds(record, suspect, relevant)
  let best = single
  for (let i = 0; i < relevant.length; i++) {
    for (let j = i + 1; j < relevant.length; j++) {
      if (bounds(i, j) >= best.logR) continue
      const logR = logAgainstPair(record, suspect, relevant[i], relevant[j])
      if (logR < best.logR) best = { logR, worst: [relevant[i], relevant[j]] }
    }
  }
  return best
}

/** A lower bound of ln R_{a,{b,c}}, cheap enough for every pair: one share of the grid, and q at its
 * largest (the two never shown the same customer, so that the rest is smallest). */
function pairBounds(record: ReportRecord, suspect: Suspect, agents: number[]) {
  const p = bestShare(record, suspect)
  const slots = agents.map((b) => suspect.rows.map((row) => seenSlot(record, row, b)))
  const both = agents.map((_, i) =>
    suspect.rows.map((row, r) => seenBoth(record, suspect, row, slots[i][r])),
  )
  const dropped = agents.map((b) =>
    suspect.rows.map((row) => slotOf(record.evidence[row.report].hits, b) >= 0),
  )
  return (i: number, j: number): number => {
    const missed = missedBy(record, [agents[i], agents[j]])
    let sum = missed * LOG_MISS[p]
    for (let r = 0; r < suspect.rows.length; r++) {
      if (dropped[i][r] || dropped[j][r]) continue
      const group = groupOf(record, suspect.rows[r].report)
      const seen = suspect.rows[r].share * (group.size + 1) - Math.max(both[i][r], both[j][r])
      const away = seenCount(group.seen, slots[i][r]) + seenCount(group.seen, slots[j][r])
      sum += gainOf(Math.min(1, seen / Math.max(seen, group.size - away + 1)), suspect.gamma, p)
    }
    return sum - LOG_P
  }
}

function bestShare(record: ReportRecord, suspect: Suspect): number {
  let best = 0
  const value = (p: number) => record.count * LOG_MISS[p] + suspect.base[p]
  for (let p = 1; p < LOG_MISS.length; p++) if (value(p) > value(best)) best = p
  return best
}

function seenSlot(record: ReportRecord, row: HitRow, agent: number): number {
  return slotOf(groupOf(record, row.report).agents, agent)
}

function seenBoth(record: ReportRecord, suspect: Suspect, row: HitRow, slot: number): number {
  const group = groupOf(record, row.report)
  const own = slotOf(group.agents, suspect.agent)
  return own < 0 || slot < 0 ? 0 : countBoth(group, own, slot)
}

function seenCount(seen: Uint32Array, slot: number): number {
  return slot < 0 ? 0 : seen[slot]
}

/** ln R_{a,{b,c}}, counted exactly. */
function logAgainstPair(record: ReportRecord, suspect: Suspect, b: number, c: number): number {
  const missed = missedBy(record, [b, c])
  const terms = LOG_MISS.map((miss) => missed * miss)
  for (const row of suspect.rows) {
    const { hits } = record.evidence[row.report]
    if (slotOf(hits, b) >= 0 || slotOf(hits, c) >= 0) continue
    const share = shareWithout(record, row, suspect.agent, [b, c])
    for (let p = 0; p < terms.length; p++) terms[p] += gainOf(share, suspect.gamma, p)
  }
  return logSumExp(terms) - LOG_P
}
