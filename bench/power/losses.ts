/** Where the reports beyond the bound go: what the sharp statistic has lost, at the report at which it
 * reaches the threshold, to the mixture in its numerator and to the search in its denominator. */

import { random } from '../../simulate/random.ts'
import { align, logLikelihood } from '../../src/attribution/fit.ts'
import { addReport, leaders, startAttribution, threshold } from '../../src/attribution/judge.ts'
import type { ReportRecord } from '../../src/attribution/record.ts'
import {
  bestOf,
  type Explanation,
  explain,
  fitSingles,
  logNumerator,
} from '../../src/attribution/sharp.ts'
import { longRecord } from './bounds.ts'
import { culpritsOf, quantile } from './cells.ts'
import { castOf, type Plot, SCENARIOS } from './scenarios.ts'
import { arrivalTimes, evidenceOf, type Noise, nextArrival } from './stream.ts'
import type { World } from './world.ts'

/** Medians over the runs. */
export interface Losses {
  readonly graph: string
  readonly noise: number
  readonly runs: number
  /** Reports until the sharp statistic reaches the threshold. */
  readonly sharp: number | null
  /** ... until it would, were the best explanation without the leaker known beforehand. */
  readonly rivalKnown: number | null
  /** ... and the leaker's share too: no test does better. */
  readonly allKnown: number | null
  /** Nats below the likelihood at the true share. */
  readonly mixture: number | null
  /** Nats above the likelihood of the explanation that is best in the long run. */
  readonly search: number | null
}

/** One leaker at each noise. */
export function lossesOf(world: World, seed: number, runs: number, cases: number): Losses[] {
  const plots = castOf(SCENARIOS[0], world, seed, cases)
  return [0.1, 0.4].map((share) => {
    const noise = { share, favoured: false }
    const rivals = plots.map((plot, i) => rivalOf(plot, noise, seed, `${world.graph.name}/${i}`))
    const all = Array.from({ length: runs }, (_, i) => {
      const at = i % plots.length
      return runLosses(
        plots[at],
        rivals[at],
        noise,
        seed,
        `${world.graph.name}/losses/${share}/${i}`,
      )
    })
    const median = (of: keyof RunLosses) =>
      quantile(
        all.map((one) => one[of]),
        0.5,
      )
    return {
      graph: world.graph.name,
      noise: share,
      runs,
      sharp: median('sharp'),
      rivalKnown: median('rivalKnown'),
      allKnown: median('allKnown'),
      mixture: median('mixture'),
      search: median('search'),
    }
  })
}

function rivalOf(plot: Plot, noise: Noise, seed: number, stream: string): Explanation {
  const record = longRecord(plot, noise, seed, stream)
  const [leaker] = culpritsOf(plot)
  const others = fitSingles(record).filter(({ agent }) => agent !== leaker)
  return bestOf(others, record.count)
}

interface RunLosses {
  sharp: number
  rivalKnown: number
  allKnown: number
  mixture: number
  search: number
}

function runLosses(
  plot: Plot,
  rival: Explanation,
  noise: Noise,
  seed: number,
  stream: string,
): RunLosses {
  const draw = random(seed, stream)
  const [leaker] = culpritsOf(plot)
  const attribution = startAttribution(plot.world.arrays.agents)
  const { record } = attribution
  const needed = threshold(attribution)
  const reported = new Set<number>()
  const end = {
    sharp: Infinity,
    rivalKnown: Infinity,
    allKnown: Infinity,
    mixture: Infinity,
    search: Infinity,
  }
  for (const atS of arrivalTimes(plot, draw, SCENARIOS[0].cap)) {
    const arrival = nextArrival(plot, noise, draw, atS, reported)
    addReport(attribution, evidenceOf(plot, arrival, reported))
    reported.add(arrival.customer)
    const truth = likelihoodOf(record, [leaker], [1 - noise.share])
    const numerator = logNumerator(record, leaker)
    const known = likelihoodOf(record, rival.agents, rival.shares)
    if (truth - known >= needed) end.allKnown = Math.min(end.allKnown, record.count)
    if (numerator - known >= needed) end.rivalKnown = Math.min(end.rivalKnown, record.count)
    if (!leaders(attribution).some(({ agent }) => agent === leaker)) continue
    end.sharp = record.count
    end.mixture = truth - numerator
    end.search = explain(record).without(leaker).value - known
    break
  }
  return end
}

function likelihoodOf(
  record: ReportRecord,
  agents: readonly number[],
  shares: readonly number[],
): number {
  const [b, c] = agents.map((agent) => record.hits[agent] ?? { reports: [], lift: [] })
  if (b === undefined) return 0
  const { liftB, liftC } = align(b, c)
  return logLikelihood(liftB, liftC, record.count - liftB.length, shares[0], shares[1] ?? 0)
}
