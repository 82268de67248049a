/** Small random worlds for attribution's tests: who was shown whom, and reports drawn from them. */
import type { Evidence } from '../../src/attribution/evidence.ts'

export type Draw = () => number

/** mulberry32: small, seeded, good enough for drawing tests. */
export function seeded(seed: number): Draw {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export interface World {
  readonly agents: number
  /** By customer: the agents they were shown to, ascending. */
  readonly shown: readonly number[][]
}

/** Each agent is shown a share of the customers between 1% and `widest`. */
export function randomWorld(draw: Draw, agents: number, customers: number, widest = 0.3): World {
  const reach = Array.from({ length: agents }, () => 0.01 + draw() ** 3 * widest)
  const shown = Array.from({ length: customers }, () =>
    reach.flatMap((share, agent) => (draw() < share ? [agent] : [])),
  )
  return { agents, shown }
}

export function seenBy(world: World, agent: number): number[] {
  return world.shown.flatMap((agents, customer) => (agents.includes(agent) ? [customer] : []))
}

/** Evidence of customers who report in this order, each compared with all who have not reported. */
export function evidenceOf(
  world: World,
  customers: readonly number[],
  knowing = false,
): Evidence[] {
  const reported = new Set<number>()
  return customers.map((customer) => {
    reported.add(customer)
    const others = world.shown.filter((_, other) => !reported.has(other))
    const shown = others.filter((agents) => agents.length > 0)
    const starts = new Uint32Array(shown.length + 1)
    shown.forEach((agents, i) => {
      starts[i + 1] = starts[i] + agents.length
    })
    const hits = Uint32Array.from(world.shown[customer])
    return {
      report: `r${customer}`,
      hits,
      ungrounded: new Uint8Array(hits.length),
      knowing,
      ghost: hits.length === 0,
      firstContact: null,
      group: {
        size: others.length,
        starts,
        agents: Uint32Array.from(shown.flat()),
        firstContacts: new Uint32Array(0),
      },
    }
  })
}

/** `count` distinct customers; each from `pool` with chance 1 - noise, else from everybody. */
export function drawReports(
  draw: Draw,
  world: World,
  pool: readonly number[],
  count: number,
  noise: number,
): number[] {
  const drawn = new Set<number>()
  for (let tries = 0; drawn.size < count && tries < count * 100; tries++) {
    const fromPool = draw() >= noise && pool.length > 0
    const customer = fromPool
      ? pool[Math.floor(draw() * pool.length)]
      : Math.floor(draw() * world.shown.length)
    drawn.add(customer)
  }
  return [...drawn]
}
