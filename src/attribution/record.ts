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

export interface ReportRecord {
  readonly agentCount: number
  /** Reports added so far, n. */
  readonly count: number
  readonly evidence: readonly Evidence[]
  readonly groups: readonly GroupBits[]
  /** By agent; undefined where an agent has no hit. */
  readonly hits: readonly (Hits | undefined)[]
  /** Agents with at least one hit, in the order of their first. */
  readonly hitAgents: readonly number[]
}

interface Growing extends ReportRecord {
  count: number
  evidence: Evidence[]
  groups: GroupBits[]
  hits: (Hits | undefined)[]
  hitAgents: number[]
}

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
  const group = groupBits(evidence.group, record.agentCount)
  for (const agent of evidence.hits) {
    const own = growing.hits[agent] ?? startHits(growing, agent)
    own.reports.push(growing.count)
    own.lift.push(1 / hitShare(group, agent))
  }
  growing.evidence.push(evidence)
  growing.groups.push(group)
  growing.count++
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
 * bias it (docs/attribution.md, "The comparison share").
 */
export function hitShare(group: GroupBits, agent: number): number {
  const slot = slotOf(group.agents, agent)
  return ((slot < 0 ? 0 : group.seen[slot]) + 1) / (group.size + 1)
}

export function hitCount(record: ReportRecord, agent: number): number {
  return record.hits[agent]?.reports.length ?? 0
}
