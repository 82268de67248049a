/** The least reports that any test of this kind needs, for one plot: the threshold over the growth of
 * the statistic, on a long record drawn from the plot with replacement. */

import { random } from '../../simulate/random.ts'
import { fitOne } from '../../src/attribution/fit.ts'
import { DEFAULT_RULE } from '../../src/attribution/judge.ts'
import {
  reportsToReach,
  robustRate,
  sharpPairRate,
  sharpRate,
} from '../../src/attribution/power.ts'
import {
  addEvidence,
  emptyRecord,
  type Hits,
  type ReportRecord,
} from '../../src/attribution/record.ts'
import type { Plot } from './scenarios.ts'
import { arrivalTimes, evidenceOf, type Noise, nextArrival } from './stream.ts'

/** Reports of the long record. */
const LONG = 200

/** Reports, at the slowest of the leakers; Infinity where the statistic does not grow. */
export interface Bounds {
  readonly leading: number
  readonly robust: number
  /** For naming: at gamma 2, and with the reports that the margin asks for. */
  readonly named: number
}

export function boundsOf(plot: Plot, noise: Noise, seed: number, stream: string): Bounds | null {
  const culprits = plot.leaks.flatMap(({ agent }) => agent ?? [])
  if (culprits.length === 0) return null
  const record = longRecord(plot, noise, seed, stream)
  const threshold = Math.log(record.agentCount / DEFAULT_RULE.alpha)
  const each = culprits.map((agent) => {
    const plain = robustRate(record, agent)
    const biased = reportsToReach(threshold, robustRate(record, agent, DEFAULT_RULE.gammaMin).rate)
    const robust = reportsToReach(threshold, plain.rate)
    const counting = hitRate(record, agent, plain.worst)
    return {
      leading: reportsToReach(threshold, sharpGrowth(record, agent, culprits, noise.share)),
      robust,
      named: Math.max(biased, withMargin(robust, counting)),
    }
  })
  return {
    leading: Math.max(...each.map((e) => e.leading)),
    robust: Math.max(...each.map((e) => e.robust)),
    named: Math.max(...each.map((e) => e.named)),
  }
}

/** With replacement: reports of the plot that do not wear it out. */
export function longRecord(plot: Plot, noise: Noise, seed: number, stream: string): ReportRecord {
  const draw = random(seed, `${stream}/bound`)
  const nobody = new Set<number>()
  const record = emptyRecord(plot.world.arrays.agents)
  for (let i = 0; i < LONG; i++) {
    const [seenByS] = arrivalTimes(plot, draw, 1)
    const arrival = nextArrival(plot, noise, draw, seenByS, nobody)
    addEvidence(record, evidenceOf(plot, arrival, nobody))
  }
  return record
}

function sharpGrowth(
  record: ReportRecord,
  agent: number,
  culprits: readonly number[],
  noise: number,
): number {
  const [other] = culprits.filter((culprit) => culprit !== agent)
  if (other !== undefined) {
    const share = (1 - noise) / 2
    return sharpPairRate(record, [agent, other], [share, share])
  }
  const own: Hits = record.hits[agent] ?? { reports: [], lift: [] }
  return sharpRate(record, agent, fitOne(own, record.count).shares[0])
}

/** Share of the reports that count for the agent against the worst B. */
function hitRate(record: ReportRecord, agent: number, worst: readonly number[]): number {
  const own = record.hits[agent]?.reports ?? []
  const explained = new Set(worst.flatMap((other) => record.hits[other]?.reports ?? []))
  return own.filter((report) => !explained.has(report)).length / record.count
}

/** Reports until the naming stands without the margin's reports less one. */
function withMargin(reports: number, counting: number): number {
  const { marginMin, marginShare } = DEFAULT_RULE
  let needed = reports
  for (let round = 0; round < 50; round++) {
    needed = reports + (Math.max(marginMin, marginShare * needed) - 1) / counting
    if (!Number.isFinite(needed)) return needed
  }
  return needed
}
