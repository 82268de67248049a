/**
 * The reports so far, as attribution keeps them: for each agent the reports that hit, and the share
 * of comparable customers. Adding a report touches only the agents that it hits.
 */
import { type GroupBits, groupBits, slotOf } from './bits.ts'
import type { Evidence } from './evidence.ts'

/** One agent's hits, in the order of the reports. `lift[i]` = 1/q of the agent at report
 * `reports[i]`: how many times likelier this hit is if every report came from what they saw. */
export interface Hits {
  readonly reports: number[]
  readonly lift: number[]
}

/** The reports so far. Grows by `addEvidence` alone. */
export interface ReportRecord {
  readonly agentCount: number
  /** Reports added so far, n. */
  readonly count: number
  readonly evidence: readonly Evidence[]
  /** By report, filled when first asked for: most reports' groups never are. Use `groupOf`. */
  readonly groups: readonly (GroupBits | undefined)[]
  /** By agent; undefined where an agent has no hit. */
  readonly hits: readonly (Hits | undefined)[]
  /** Agents with at least one hit, in the order of their first. */
  readonly hitAgents: readonly number[]
}

interface Growing extends ReportRecord {
  count: number
  evidence: Evidence[]
  groups: (GroupBits | undefined)[]
  hits: (Hits | undefined)[]
  hitAgents: number[]
}

/** A record without reports, for agents 0 to `agentCount - 1`. */
export function emptyRecord(agentCount: number): ReportRecord {
  return {
    agentCount,
    count: 0,
    evidence: [],
    groups: [],
    hits: new Array(agentCount),
    hitAgents: [],
  }
}

/** Adds one report to the record, in place. */
export function addEvidence(record: ReportRecord, evidence: Evidence): void {
  const growing = record as Growing
  const seen = seenByHits(evidence)
  evidence.hits.forEach((agent, i) => {
    const own = growing.hits[agent] ?? startHits(growing, agent)
    own.reports.push(growing.count)
    own.lift.push((evidence.group.size + 1) / (seen[i] + 1))
  })
  growing.evidence.push(evidence)
  growing.groups.push(undefined)
  growing.count++
}

/** The comparison group of a report, as bit sets. */
export function groupOf(record: ReportRecord, report: number): GroupBits {
  const growing = record as Growing
  const found =
    growing.groups[report] ?? groupBits(record.evidence[report].group, record.agentCount)
  growing.groups[report] = found
  return found
}

/** Per hit: how many comparison customers that agent was shown. */
function seenByHits({ hits, group }: Evidence): Uint32Array {
  const seen = new Uint32Array(hits.length)
  for (const agent of group.agents) {
    const hit = slotOf(hits, agent)
    if (hit >= 0) seen[hit]++
  }
  return seen
}

function startHits(growing: Growing, agent: number): Hits {
  const own: Hits = { reports: [], lift: [] }
  growing.hits[agent] = own
  growing.hitAgents.push(agent)
  return own
}

/**
 * q(a, r) on a hit: the share of the group, the reported customer included, that the agent was
 * shown. Counting the reported customer makes it exact rather than smoothed: under coincidence the
 * reported customer is any one of the n + 1 alike, so E[hit / q] = 1 and no smoothing constant can
 * bias it (docs/attribution.md, "The comparison share"). NaN where the report is no hit.
 */
export function hitShare(record: ReportRecord, agent: number, report: number): number {
  const own = record.hits[agent]
  const at = own?.reports.indexOf(report) ?? -1
  return own === undefined || at < 0 ? Number.NaN : 1 / own.lift[at]
}

/** Per agent: the mean, over the reports with a group, of the share of the group they were shown. */
export function meanShares(record: ReportRecord): Float64Array {
  const sums = new Float64Array(record.agentCount)
  let counted = 0
  for (const { group } of record.evidence) {
    if (group.size === 0) continue
    counted++
    for (const agent of group.agents) sums[agent] += 1 / group.size
  }
  return sums.map((sum) => (counted === 0 ? 0 : sum / counted))
}

/** Reports whose customer the agent had been shown in time. */
export function hitCount(record: ReportRecord, agent: number): number {
  return record.hits[agent]?.reports.length ?? 0
}
