/** Two other ways to accuse, followed report by report beside Telltale's: the guilt model of 2011 and a
 * plain Bayesian posterior. */
import type { Evidence } from '../../src/attribution/evidence.ts'
import { LOG_MISS, ODDS, SHARES } from '../../src/attribution/grid.ts'
import type { ReportRecord } from '../../src/attribution/record.ts'

/** Both name an agent at this probability. */
const BELIEF = 0.999
/** The guilt model's chance that a leaked record was guessed. */
const GUESS = 0.2
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
  return {
    add(record, { hits }) {
      for (const agent of hits) {
        const lift = record.hits[agent]!.lift.at(-1)!
        for (let p = 0; p < P; p++) gains[agent * P + p] += Math.log1p(ODDS[p] * lift)
      }
      const misses = LOG_MISS.map((miss) => record.count * miss)
      const likelihood = (agent: number) => {
        let sum = 0
        for (let p = 0; p < P; p++) sum += Math.exp(misses[p] + gains[agent * P + p])
        return sum / P
      }
      const idle = misses.reduce((sum, miss) => sum + Math.exp(miss), 0) / P
      let total = 1 + (agents - record.hitAgents.length) * idle
      const each = record.hitAgents.map((agent) => ({ agent, value: likelihood(agent) }))
      for (const { value } of each) total += value
      return each.filter(({ value }) => value >= BELIEF * total).map(({ agent }) => agent)
    },
  }
}
