/** Who leaks: agents drawn among those with enough customers, and what each of them could sell. */
import type { Random } from '../../simulate/random.ts'
import { availableAt, type Pool, poolOf, timeAt, type World } from './world.ts'

/** Reports begin somewhere between these shares of the log's disclosures and come in at the pace of
 * the log over the next fifth of it. */
export const REPORTS_FROM = { earliest: 0.4, latest: 0.8, span: 0.2 } as const

/** Agents shown enough customers before any report, and not more than half of all: such an account
 * is no person, and a leak by it is as good as a copy of everything. Shuffled. */
export function eligible(world: World, random: Random): number[] {
  const { arrays, graph } = world
  const startS = timeAt(world, REPORTS_FROM.earliest)
  const early = new Uint32Array(arrays.agents)
  for (let pair = 0; pair < arrays.pairAt.length; pair++) {
    if (arrays.pairAt[pair] < startS) early[arrays.pairAgent[pair]]++
  }
  const small = arrays.customers < 1000
  const able = [...early.keys()].filter(
    (agent) =>
      early[agent] >= graph.leakerMin &&
      (graph.isPerson?.[agent] ?? 1) === 1 &&
      (small || arrays.distinctCustomers[agent] <= arrays.customers / 2),
  )
  return shuffled(able, random)
}

export function shuffled<T>(list: readonly T[], random: Random): T[] {
  const out = [...list]
  for (let i = out.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    ;[out[i], out[j]] = [out[j], out[i]]
  }
  return out
}

/** The queue in which the agent was shown most customers. */
export function mainQueue({ graph }: World, agent: number): number {
  const { rows } = graph
  const counts = new Map<number, number>()
  rows.agent.forEach((of, i) => {
    if (of !== agent || !rows.queue || rows.queue[i] === 0) return
    counts.set(rows.queue[i], (counts.get(rows.queue[i]) ?? 0) + 1)
  })
  return mostOf(counts)
}

/** The segment of which the agent was shown most customers. */
export function mainSegment({ graph }: World, pool: Pool): number {
  const counts = new Map<number, number>()
  for (const customer of pool.customers) {
    const segment = graph.shape.cell?.[customer] ?? 0
    counts.set(segment, (counts.get(segment) ?? 0) + 1)
  }
  return mostOf(counts)
}

function mostOf(counts: ReadonlyMap<number, number>): number {
  return [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most), [0, 0])[0]
}

export function everythingOf(world: World, agent: number): Pool {
  return poolOf(world.graph, agent, () => true)
}

export function narrowed(pool: Pool, keep: (customer: number) => boolean): Pool {
  const kept = [...pool.customers.keys()].filter((i) => keep(pool.customers[i]))
  return {
    customers: Uint32Array.from(kept, (i) => pool.customers[i]),
    fromS: Uint32Array.from(kept, (i) => pool.fromS[i]),
  }
}

/** Enough to sell from at the first report. */
export function isEnough(world: World, pool: Pool): boolean {
  return availableAt(pool, timeAt(world, REPORTS_FROM.earliest)) >= 10
}
