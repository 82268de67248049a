/** Reports as they come in: some because of the leak, some not. */

import type { Random } from '../../simulate/random.ts'
import type { Evidence } from '../../src/attribution/evidence.ts'
import { evidence } from '../../src/index/evidence.ts'
import { REPORTS_FROM } from './cast.ts'
import type { Plot } from './scenarios.ts'
import { anyCustomer, availableAt, timeAt } from './world.ts'

/** How often a caller with the leaked record shows that they have it, and how often another seems to. */
const KNOWING = { leak: 0.6, unrelated: 0.02 } as const
/** Between the sight of a record, or the copy, and the call that counts, at the least. */
const LAG_S = 0

export interface Arrival {
  readonly customer: number
  readonly atS: number
  readonly knowing: boolean
  /** Which of the plot's leaks, or -1. */
  readonly leak: number
}

export interface Noise {
  /** Chance that a report has nothing to do with the leak. */
  readonly share: number
  /** Unrelated reports come in proportion to a customer's contacts rather than alike. */
  readonly favoured: boolean
}

/** Ascending times of the reports of one run. */
export function arrivalTimes(plot: Plot, random: Random, count: number): number[] {
  const { earliest, latest, span } = REPORTS_FROM
  const begin = random.between(earliest, latest)
  const shares = Array.from({ length: count }, () => begin + span * random.unit())
  return shares.sort((a, b) => a - b).map((share) => timeAt(plot.world, share))
}

/** The next report at `seenByS`, of a customer not yet in `reported`. */
export function nextArrival(
  plot: Plot,
  noise: Noise,
  random: Random,
  seenByS: number,
  reported: ReadonlySet<number>,
): Arrival {
  const related = plot.leaks.length > 0 && !random.chance(noise.share)
  const leak = related ? random.below(plot.leaks.length) : -1
  const atS = seenByS + plot.delayS
  if (leak >= 0) {
    const { pool } = plot.leaks[leak]
    const available = availableAt(pool, seenByS)
    for (let tries = 0; tries < 50 && available > 0; tries++) {
      const customer = pool.customers[random.below(available)]
      if (reported.has(customer)) continue
      return { customer, atS, knowing: random.chance(KNOWING.leak), leak }
    }
  }
  for (;;) {
    const customer = anyCustomer(plot.world, random, noise.favoured)
    if (reported.has(customer)) continue
    return { customer, atS, knowing: random.chance(KNOWING.unrelated), leak: -1 }
  }
}

/** True when four fifths of what some leaker can sell have been reported: what comes after says
 * nothing new of them. */
export function isUsedUp(plot: Plot, seenByS: number, leaked: readonly number[]): boolean {
  return plot.leaks.some(({ pool }, i) => leaked[i] >= 0.8 * availableAt(pool, seenByS))
}

export function evidenceOf(
  plot: Plot,
  { customer, atS, knowing }: Arrival,
  reported: ReadonlySet<number>,
): Evidence {
  const query = { report: '', customer, contactedAtS: atS, lagS: LAG_S, mask: 0, knowing }
  return evidence(plot.world.arrays, query, reported)
}
