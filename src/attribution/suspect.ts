/**
 * One agent under suspicion: the reports they hit, what excluding another agent does to each, and the
 * statistic R_{a,B} for a set B of others (docs/attribution.md, "Named").
 */
import { countWithout, slotOf } from './bits.ts'
import { LOG_MISS, ODDS, SHARES } from './grid.ts'
import { logSumExp } from './logs.ts'
import { groupOf, hitCount, type ReportRecord } from './record.ts'

const P = SHARES.length
export const LOG_P = Math.log(P)

/** One report that the agent hits, and what excluding one other agent does to it. */
export interface HitRow {
  readonly report: number
  /** q(a, r) with nobody excluded. */
  readonly share: number
  /** Others for whom q changes or the report drops out, ascending; `shares[i]` is NaN where it drops
   * out. */
  readonly others: Uint32Array
  readonly shares: Float64Array
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
  /** Per other agent: how much more, in nats, all hits together can weigh with them excluded. */
  readonly ease: Float64Array
}

/** `rows`: those of another suspect of the same agent, so that they are counted once. */
export function suspect(
  record: ReportRecord,
  agent: number,
  gamma = 1,
  rows: HitRow[] = [],
): Suspect {
  const change = new Float64Array(record.agentCount * P)
  const ease = new Float64Array(record.agentCount)
  return { agent, gamma, rows, taken: 0, base: new Float64Array(P), change, ease }
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

/** Agents with a hit, by that bound, strongest first. */
export function strongestFirst(record: ReportRecord): number[] {
  return record.hitAgents
    .map((agent) => ({ agent, log: logAlone(record, agent) }))
    .sort((a, b) => b.log - a.log)
    .map(({ agent }) => agent)
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
  const gains = gainsOf(row.share, suspect.gamma)
  for (let p = 0; p < P; p++) suspect.base[p] += gains[p]
  // Most others leave one of a few shares, so each share's logarithms are taken once.
  const known = new Map<number, readonly number[]>()
  for (let i = 0; i < row.others.length; i++) {
    const share = row.shares[i]
    const at = row.others[i] * P
    if (share < row.share) suspect.ease[row.others[i]] += Math.log(row.share / share)
    let other = known.get(share)
    if (other === undefined) {
      other = Number.isNaN(share) ? NO_GAINS : gainsOf(share, suspect.gamma)
      known.set(share, other)
    }
    for (let p = 0; p < P; p++) suspect.change[at + p] += other[p] - gains[p]
  }
}

const NO_GAINS: readonly number[] = SHARES.map(() => 0)

function gainsOf(share: number, gamma: number): number[] {
  return SHARES.map((_, p) => gainOf(share, gamma, p))
}

/** One pass over the group: how many each agent was shown, and how many together with `agent`. */
function hitRow(record: ReportRecord, agent: number, report: number): HitRow {
  const { hits, group } = record.evidence[report]
  const seen = new Uint32Array(record.agentCount)
  const both = new Uint32Array(record.agentCount)
  for (let c = 0; c + 1 < group.starts.length; c++) {
    const begin = group.starts[c]
    const end = group.starts[c + 1]
    let shown = false
    for (let i = begin; i < end; i++) {
      seen[group.agents[i]]++
      if (group.agents[i] === agent) shown = true
    }
    for (let i = begin; shown && i < end; i++) both[group.agents[i]]++
  }
  const share = (seen[agent] + 1) / (group.size + 1)
  const hit = new Set(hits)
  const others: number[] = []
  const shares: number[] = []
  for (let other = 0; other < seen.length; other++) {
    const explains = hit.has(other)
    if (seen[other] === 0 && !explains) continue
    others.push(other)
    shares.push(
      explains ? Number.NaN : (seen[agent] - both[other] + 1) / (group.size - seen[other] + 1),
    )
  }
  return { report, share, others: Uint32Array.from(others), shares: Float64Array.from(shares) }
}

/** What a hit adds at share p over a miss: ln(1 + odds / q'), with q' the share under bias gamma. */
export function gainOf(share: number, gamma: number, p: number): number {
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

/** q(a, r | not B), the reported customer included. */
export function shareWithout(
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

/** Reports that nobody in `others` had been shown. */
export function missedBy(record: ReportRecord, others: readonly number[]): number {
  const union = new Set<number>()
  for (const other of others)
    for (const report of record.hits[other]?.reports ?? []) union.add(report)
  return record.count - union.size
}
