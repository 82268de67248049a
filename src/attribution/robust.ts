/**
 * The robust statistic R_a (docs/attribution.md, "Named"): evidence that agent a leaks which holds
 * whatever up to k other agents leak. For a set B of others only the reports count that nobody in B
 * had been shown; among those, if a is innocent, the reported customer is any one of the group's
 * customers that B was not shown. R_a is the least over B.
 */
import { countBoth, countWithout, slotOf } from './bits.ts'
import { LOG_MISS, ODDS, SHARES } from './grid.ts'
import { logSumExp } from './logs.ts'
import { groupOf, hitCount, type ReportRecord } from './record.ts'

const P = SHARES.length
const LOG_P = Math.log(P)

/** One report that the agent hits, and what excluding one other agent does to it. */
export interface HitRow {
  readonly report: number
  /** q(a, r) with nobody excluded. */
  readonly share: number
  /** Others for whom q changes or the report drops out, ascending; `shares[i]` is NaN where it drops
   * out. */
  readonly others: Uint32Array
  readonly shares: Float64Array
  /** The least of q over every single B. */
  readonly leastShare: number
}

/** One agent under suspicion, followed report by report at one hidden bias gamma. */
export interface Suspect {
  readonly agent: number
  readonly gamma: number
  /** Shared by every suspect of the same agent, whatever gamma. */
  readonly rows: HitRow[]
  /** Rows taken in so far. */
  taken: number
  /** Per share of the grid: the sum of the hits' gains with nobody excluded. */
  readonly base: Float64Array
  /** Per other agent and share: what excluding them changes. */
  readonly change: Float64Array
}

export interface RobustScore {
  /** Natural logarithm of R_a. */
  readonly logR: number
  /** The set B that explains most, at most k agents; empty where nobody else explains anything. */
  readonly worst: readonly number[]
}

/** `rows`: those of another suspect of the same agent, so that they are counted once. */
export function suspect(
  record: ReportRecord,
  agent: number,
  gamma = 1,
  rows: HitRow[] = [],
): Suspect {
  const change = new Float64Array(record.agentCount * P)
  return { agent, gamma, rows, taken: 0, base: new Float64Array(P), change }
}

/** ln R with nobody excluded: an upper bound of ln R_a at no cost worth naming. */
export function logAlone(record: ReportRecord, agent: number): number {
  const own = record.hits[agent]
  const terms = LOG_MISS.map((miss, p) => {
    let sum = record.count * miss
    for (const lift of own?.lift ?? []) sum += Math.log1p(ODDS[p] * lift)
    return sum
  })
  return logSumExp(terms) - LOG_P
}

/** Takes in the hits that came since the last call. */
export function catchUp(record: ReportRecord, suspect: Suspect): void {
  const own = record.hits[suspect.agent]
  if (!own) return
  for (; suspect.taken < own.reports.length; suspect.taken++) {
    if (suspect.taken === suspect.rows.length) {
      suspect.rows.push(hitRow(record, suspect.agent, own.reports[suspect.taken]))
    }
    takeIn(suspect, suspect.rows[suspect.taken])
  }
}

function takeIn(suspect: Suspect, row: HitRow): void {
  for (let p = 0; p < P; p++) {
    const gain = gainOf(row.share, suspect.gamma, p)
    suspect.base[p] += gain
    for (let i = 0; i < row.others.length; i++) {
      const share = row.shares[i]
      const other = Number.isNaN(share) ? 0 : gainOf(share, suspect.gamma, p)
      suspect.change[row.others[i] * P + p] += other - gain
    }
  }
}

function hitRow(record: ReportRecord, agent: number, report: number): HitRow {
  const group = groupOf(record, report)
  const { hits } = record.evidence[report]
  const own = slotOf(group.agents, agent)
  const seen = own < 0 ? 0 : group.seen[own]
  const others = Uint32Array.from(new Set([...group.agents, ...hits])).sort()
  const shares = new Float64Array(others.length)
  const share = (seen + 1) / (group.size + 1)
  let leastShare = share
  for (let i = 0, slot = 0, hit = 0; i < others.length; i++) {
    while (slot < group.agents.length && group.agents[slot] < others[i]) slot++
    while (hit < hits.length && hits[hit] < others[i]) hit++
    if (hits[hit] === others[i]) {
      shares[i] = Number.NaN
      continue
    }
    const both = own < 0 ? 0 : countBoth(group, own, slot)
    shares[i] = (seen - both + 1) / (group.size - group.seen[slot] + 1)
    if (shares[i] < leastShare) leastShare = shares[i]
  }
  return { report, share, others, shares, leastShare }
}

/** What a hit adds at share p over a miss: ln(1 + odds / q'), with q' the share under bias gamma. */
function gainOf(share: number, gamma: number, p: number): number {
  const biased = (gamma * share) / (1 + (gamma - 1) * share)
  return Math.log1p(ODDS[p] / biased)
}

/** ln R_{a,B} for one other agent, or for nobody (-1). */
export function logAgainst(record: ReportRecord, suspect: Suspect, other: number): number {
  const missed = record.count - (other < 0 ? 0 : hitCount(record, other))
  const terms = new Float64Array(P)
  for (let p = 0; p < P; p++) {
    const change = other < 0 ? 0 : suspect.change[other * P + p]
    terms[p] = missed * LOG_MISS[p] + suspect.base[p] + change
  }
  return logSumExp(terms) - LOG_P
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
    const missed = record.count - unionHits(record, agents[i], agents[j])
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
  for (let p = 1; p < P; p++) if (value(p) > value(best)) best = p
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

function unionHits(record: ReportRecord, b: number, c: number): number {
  return new Set([...(record.hits[b]?.reports ?? []), ...(record.hits[c]?.reports ?? [])]).size
}

/** ln R_{a,{b,c}}, counted exactly. */
function logAgainstPair(record: ReportRecord, suspect: Suspect, b: number, c: number): number {
  const missed = record.count - unionHits(record, b, c)
  const terms = LOG_MISS.map((miss) => missed * miss)
  for (const row of suspect.rows) {
    const { hits } = record.evidence[row.report]
    if (slotOf(hits, b) >= 0 || slotOf(hits, c) >= 0) continue
    const share = shareWithout(record, row, suspect.agent, [b, c])
    for (let p = 0; p < P; p++) terms[p] += gainOf(share, suspect.gamma, p)
  }
  return logSumExp(terms) - LOG_P
}

/** q(a, r | not B), the reported customer included. */
function shareWithout(
  record: ReportRecord,
  row: HitRow,
  agent: number,
  others: readonly number[],
): number {
  const group = groupOf(record, row.report)
  const excluded = others.map((other) => slotOf(group.agents, other))
  const { rest, shown } = countWithout(group, slotOf(group.agents, agent), excluded)
  return (shown + 1) / (rest + 1)
}

/** q of the hits that B does not explain, ascending: in the order in which they weigh. */
export function unexplainedShares(
  record: ReportRecord,
  suspect: Suspect,
  others: readonly number[],
): Float64Array {
  const shares: number[] = []
  for (const row of suspect.rows) {
    if (others.length < 2) {
      const share = shareAgainst(row, others[0] ?? -1)
      if (!Number.isNaN(share)) shares.push(share)
      continue
    }
    const { hits } = record.evidence[row.report]
    if (others.some((other) => slotOf(hits, other) >= 0)) continue
    shares.push(shareWithout(record, row, suspect.agent, others))
  }
  return Float64Array.from(shares).sort()
}

/** q of a row with one other excluded (NaN: they explain it), or with nobody (-1). */
function shareAgainst(row: HitRow, other: number): number {
  const at = other < 0 ? -1 : slotOf(row.others, other)
  return at < 0 ? row.share : row.shares[at]
}

/** ln R_{a,B} from the shares of the hits that count and the number of reports that B missed. */
export function logFromShares(shares: Float64Array, missed: number, gamma: number): number {
  const terms = LOG_MISS.map((miss, p) => {
    let sum = missed * miss
    for (const share of shares) sum += gainOf(share, gamma, p)
    return sum
  })
  return logSumExp(terms) - LOG_P
}

/** The fewest of the weightiest hits whose removal takes ln R_{a,B} below the threshold, at most
 * `atMost`. Each removal lowers it, so the number is found by halving. */
export function removalsToFall(
  shares: Float64Array,
  missed: number,
  gamma: number,
  threshold: number,
  atMost: number,
): number {
  const rest = LOG_MISS.map((_, p) => remainingGains(shares, gamma, p))
  const fallen = (removed: number) => {
    const terms = LOG_MISS.map((miss, p) => (missed - removed) * miss + rest[p][removed])
    return logSumExp(terms) - LOG_P < threshold
  }
  let low = 0
  let high = Math.min(atMost, shares.length)
  while (low < high) {
    const middle = (low + high) >>> 1
    if (fallen(middle)) high = middle
    else low = middle + 1
  }
  return low
}

/** By number of removed hits: what the others still add at one share of the grid. */
function remainingGains(shares: Float64Array, gamma: number, p: number): Float64Array {
  const rest = new Float64Array(shares.length + 1)
  for (let i = shares.length - 1; i >= 0; i--) rest[i] = rest[i + 1] + gainOf(shares[i], gamma, p)
  return rest
}

export function missedBy(record: ReportRecord, others: readonly number[]): number {
  const union = new Set<number>()
  for (const other of others)
    for (const report of record.hits[other]?.reports ?? []) union.add(report)
  return record.count - union.size
}
