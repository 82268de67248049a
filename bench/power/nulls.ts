/** Nobody leaked: how often each rule ever accuses anyone, against alpha. */

import { random } from '../../simulate/random.ts'
import {
  type Attribution,
  addReport,
  DEFAULT_RULE,
  leaders,
  namings,
  startAttribution,
  threshold,
} from '../../src/attribution/judge.ts'
import type { Plot } from './scenarios.ts'
import { arrivalTimes, evidenceOf, nextArrival } from './stream.ts'
import type { World } from './world.ts'

export const ALPHAS = [0.001, 0.01, 0.1] as const
const REPORTS = 120

/** Of `runs` runs, how many ever reached it, by alpha. */
export interface NullCounts {
  readonly graph: string
  readonly favoured: boolean
  readonly runs: number
  readonly robust: number[]
  readonly sharp: number[]
  readonly named: number[]
}

export function nullRuns(
  world: World,
  runs: number,
  favoured: boolean,
  seed: number,
  first = 0,
): NullCounts {
  const plot: Plot = { world, leaks: [], delayS: 0, rivals: [] }
  const counts = ALPHAS.map(() => ({ robust: 0, sharp: 0, named: 0 }))
  for (let i = first; i < first + runs; i++) {
    const ever = nullRun(plot, favoured, seed, `${world.graph.name}/null/${favoured}/${i}`)
    ever.forEach((one, k) => {
      counts[k].robust += Number(one.robust)
      counts[k].sharp += Number(one.sharp)
      counts[k].named += Number(one.named)
    })
  }
  return {
    graph: world.graph.name,
    favoured,
    runs,
    robust: counts.map((c) => c.robust),
    sharp: counts.map((c) => c.sharp),
    named: counts.map((c) => c.named),
  }
}

function nullRun(plot: Plot, favoured: boolean, seed: number, stream: string) {
  const draw = random(seed, stream)
  const noise = { share: 1, favoured }
  const loosest = startAttribution(plot.world.arrays.agents, {
    ...DEFAULT_RULE,
    alpha: Math.max(...ALPHAS),
  })
  const levels = ALPHAS.map((alpha) => {
    const attribution: Attribution = { ...loosest, rule: { ...DEFAULT_RULE, alpha } }
    return { attribution, robust: false, sharp: false, named: false }
  })
  const reported = new Set<number>()
  for (const seenByS of arrivalTimes(plot, draw, REPORTS)) {
    const arrival = nextArrival(plot, noise, draw, seenByS, reported)
    addReport(loosest, evidenceOf(plot, arrival, reported))
    reported.add(arrival.customer)
    const sharp = Math.max(0, ...leaders(loosest).map((leader) => leader.logSharp))
    const robust = Math.max(0, ...namings(loosest, false).map((naming) => naming.robust.logR))
    for (const level of levels) {
      const needed = threshold(level.attribution)
      if (sharp >= needed) level.sharp = true
      if (robust < needed) continue
      level.robust = true
      if (namings(level.attribution, false).some((naming) => naming.named)) level.named = true
    }
  }
  return levels
}
