/** One run: reports come in one by one until the leakers are named and lead, or there is no more to
 * learn. */

import { random } from '../../simulate/random.ts'
import {
  type Attribution,
  addReport,
  judge,
  leaders,
  namings,
  startAttribution,
  type Verdict,
} from '../../src/attribution/judge.ts'
import { type Baseline, guilt2011, plainPosterior } from './baselines.ts'
import type { Plot } from './scenarios.ts'
import { arrivalTimes, evidenceOf, isUsedUp, type Noise, nextArrival } from './stream.ts'
import { timeAt } from './world.ts'

export const MEASURES = ['leading', 'robust', 'named', 'guilt', 'bayes'] as const
export type Measure = (typeof MEASURES)[number]

/** For each measure, when each agent first reached it, in reports. */
export type Reached = Record<Measure, Map<number, number>>

export interface Run {
  readonly reports: number
  readonly reached: Reached
  readonly verdict: Verdict
  readonly attribution: Attribution
  readonly reported: ReadonlySet<number>
  readonly atS: number
}

export interface RunPlan {
  readonly plot: Plot
  readonly noise: Noise
  readonly cap: number
  readonly seed: number
  readonly stream: string
}

export function runOnce({ plot, noise, cap, seed, stream }: RunPlan): Run {
  const draw = random(seed, stream)
  const { agents } = plot.world.arrays
  const attribution = startAttribution(agents)
  const baselines = { guilt: guilt2011(agents), bayes: plainPosterior(agents) }
  const reached = startReached()
  const reported = new Set<number>()
  const leaked = plot.leaks.map(() => 0)
  const culprits = plot.leaks.flatMap(({ agent }) => agent ?? [])
  let atS = 0
  for (const seenByS of arrivalTimes(plot, draw, cap)) {
    const arrival = nextArrival(plot, noise, draw, seenByS, reported)
    const evidence = evidenceOf(plot, arrival, reported)
    addReport(attribution, evidence)
    reported.add(arrival.customer)
    atS = arrival.atS
    takeIn(attribution, baselines, reached)
    if (arrival.leak >= 0) leaked[arrival.leak]++
    if (culprits.length > 0 && culprits.every((a) => isSettled(reached, a))) break
    if (isUsedUp(plot, seenByS, leaked)) break
  }
  const copyTimes = [0.2, 0.3, 0.4, 0.5, 0.6].map((share) => timeAt(plot.world, share))
  const { verdict } = judge(attribution, copyTimes)
  return { reports: attribution.record.count, reached, verdict, attribution, reported, atS }
}

function startReached(): Reached {
  return {
    leading: new Map(),
    robust: new Map(),
    named: new Map(),
    guilt: new Map(),
    bayes: new Map(),
  }
}

function isSettled(reached: Reached, agent: number): boolean {
  return reached.leading.has(agent) && reached.named.has(agent)
}

function takeIn(
  attribution: Attribution,
  baselines: Record<'guilt' | 'bayes', Baseline>,
  reached: Reached,
): void {
  const { record } = attribution
  const note = (measure: Measure, agent: number) => {
    if (!reached[measure].has(agent)) reached[measure].set(agent, record.count)
  }
  for (const { agent } of leaders(attribution)) note('leading', agent)
  for (const { agent, named } of namings(attribution, false)) {
    note('robust', agent)
    if (named) note('named', agent)
  }
  const last = record.evidence[record.count - 1]
  for (const measure of ['guilt', 'bayes'] as const) {
    for (const agent of baselines[measure].add(record, last)) note(measure, agent)
  }
}
