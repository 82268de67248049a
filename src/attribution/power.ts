/**
 * How fast evidence grows, and so how many reports it takes. docs/attribution.md, "How many reports".
 */
import { logLikelihood } from './fit.ts'
import type { Hits, ReportRecord } from './record.ts'
import { robustScore } from './robust.ts'
import { bestOf, fitSingles } from './sharp.ts'
import { catchUp, type Suspect, suspect } from './suspect.ts'

/** Nats a report by which the sharp statistic of this agent grows when `share` of the reports come
 * from them: Kullback-Leibler divergence of the truth from the best explanation without the agent,
 * estimated on a long record drawn from that truth. */
export function sharpRate(record: ReportRecord, agent: number, share: number): number {
  const own = record.hits[agent] ?? { reports: [], lift: [] }
  const none = own.lift.map(() => 0)
  const truth = logLikelihood(own.lift, none, record.count - own.lift.length, share, 0)
  const others = fitSingles(record).filter((single) => single.agent !== agent)
  return (truth - bestOf(others, record.count).value) / record.count
}

/** The same where two agents leak, for one of them. */
export function sharpPairRate(
  record: ReportRecord,
  agents: readonly [number, number],
  shares: readonly [number, number],
): number {
  const truth = pairTruth(record, agents, shares)
  const others = fitSingles(record).filter((single) => single.agent !== agents[0])
  return (truth - bestOf(others, record.count).value) / record.count
}

function pairTruth(
  record: ReportRecord,
  agents: readonly [number, number],
  shares: readonly [number, number],
): number {
  const lift = new Map<number, number>()
  agents.forEach((agent, side) => {
    const own: Hits = record.hits[agent] ?? { reports: [], lift: [] }
    own.reports.forEach((report, i) => {
      lift.set(report, (lift.get(report) ?? 0) + shares[side] * own.lift[i])
    })
  })
  const rest = 1 - shares[0] - shares[1]
  let sum = (record.count - lift.size) * Math.log(rest)
  for (const value of lift.values()) sum += Math.log(rest + value)
  return sum
}

export interface RobustRate {
  /** Nats a report by which ln R_a grows; at or below 0 the agent can never be named. */
  readonly rate: number
  /** The others who explain most of what the agent was shown. */
  readonly worst: readonly number[]
}

/** Growth of the robust statistic on the reports that the worst B misses, at a hidden bias gamma. */
export function robustRate(
  record: ReportRecord,
  agent: number,
  gamma = 1,
  k: 1 | 2 = 1,
): RobustRate {
  const at: Suspect = suspect(record, agent, gamma)
  catchUp(record, at)
  const { logR, worst } = robustScore(record, at, k)
  return { rate: logR / record.count, worst }
}

/** Reports until a statistic that grows by `rate` nats a report reaches the threshold. */
export function reportsToReach(threshold: number, rate: number): number {
  return rate > 0 ? threshold / rate : Number.POSITIVE_INFINITY
}

/** Share of the agent's hits that somebody in `others` was shown too. */
export function explainedShare(
  record: ReportRecord,
  agent: number,
  others: readonly number[],
): number {
  const own = record.hits[agent]?.reports ?? []
  const theirs = new Set(others.flatMap((other) => record.hits[other]?.reports ?? []))
  return own.length === 0 ? 0 : own.filter((report) => theirs.has(report)).length / own.length
}
