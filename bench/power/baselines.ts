/** Two other ways to accuse, followed report by report beside Telltale's: the guilt model of 2011 and a
 * plain Bayesian posterior. */
import type { Evidence } from '../../src/attribution/evidence.ts'
import { LOG_MISS, ODDS, SHARES } from '../../src/attribution/grid.ts'
import { logSumExp } from '../../src/attribution/logs.ts'
import type { ReportRecord } from '../../src/attribution/record.ts'

/** Both name an agent at this probability. */
export const BELIEF = 0.999
/** The guilt model's chance that a leaked record was guessed. */
export const GUESS = 0.2
const P = SHARES.length

export interface Baseline {
  /** Takes in the record's last report; the agents accused after it. */
  add(record: ReportRecord, evidence: Evidence): number[]
}

/** `src/attribution/guilt.ts`, kept up to date. */
export function guilt2011(agents: number): Baseline {
  const innocent = new Float64Array(agents).fill(1)
  const accused = new Set<number>()
  return {
    add(_record, { hits }) {
      for (const agent of hits) {
        innocent[agent] *= 1 - (1 - GUESS) / hits.length
        if (1 - innocent[agent] >= BELIEF) accused.add(agent)
      }
      return [...accused]
    },
  }
}

/** Coincidence and every agent alone, alike beforehand; an agent's share is any of the grid's. */
export function plainPosterior(agents: number): Baseline {
  const gains = new Float64Array(agents * P)
  const scores = new Float64Array(agents + 1)
  return {
    add(record, { hits }) {
      for (const agent of hits) {
        const lift = record.hits[agent]!.lift.at(-1)!
        for (let p = 0; p < P; p++) gains[agent * P + p] += Math.log1p(ODDS[p] * lift)
      }
      const terms = new Float64Array(P)
      for (let agent = 0; agent < agents; agent++) {
        for (let p = 0; p < P; p++) terms[p] = record.count * LOG_MISS[p] + gains[agent * P + p]
        scores[agent] = logSumExp(terms) - Math.log(P)
      }
      scores[agents] = 0
      const total = logSumExp(scores)
      const accused: number[] = []
      for (let agent = 0; agent < agents; agent++) {
        if (scores[agent] - total >= Math.log(BELIEF)) accused.push(agent)
      }
      return accused
    },
  }
}
