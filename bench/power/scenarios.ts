/** What may have happened, as data: each scenario turns a graph and a number into one plot. */
import { mix, type Random, random } from '../../simulate/random.ts'
import {
  eligible,
  everythingOf,
  isEnough,
  mainQueue,
  mainSegment,
  narrowed,
  REPORTS_FROM,
  shuffled,
} from './cast.ts'
import { withAgent, withoutRows } from './edits.ts'
import { type Pool, poolFrom, poolOf, timeAt, type World, worldOf } from './world.ts'

/** Where reports that have to do with the leak come from. */
export interface Leak {
  /** Null: a copy that left by no logged path. */
  readonly agent: number | null
  readonly pool: Pool
}

export interface Plot {
  readonly world: World
  /** Alike in their part of the reports; empty: nobody leaked. */
  readonly leaks: readonly Leak[]
  /** Seconds between the leak and its calls, at the least. */
  readonly delayS: number
  /** Agents that no evidence of this world can tell from the leaker. */
  readonly rivals: readonly number[]
}

export interface Scenario {
  readonly name: string
  readonly title: string
  /** Reports of a run at most. */
  readonly cap: number
  /** Nobody leaked: every report is unrelated, whatever the noise. */
  readonly quiet?: boolean
  /** Null: the graph holds no such case for this draw. */
  readonly plot: (world: World, draw: Random) => Plot | null
}

const SIX_MONTHS_S = 182 * 86_400
const CAP = 120

function leakBy(world: World, leaks: readonly Leak[], more: Partial<Plot> = {}): Plot | null {
  if (leaks.some(({ pool }) => !isEnough(world, pool))) return null
  return { world, leaks, delayS: 0, rivals: [], ...more }
}

function one(world: World, draw: Random): number {
  return eligible(world, draw)[0]
}

function whole(world: World, agent: number): Leak {
  return { agent, pool: everythingOf(world, agent) }
}

function part(world: World, draw: Random): Plot | null {
  const salt = draw.uint32()
  const { agent, pool } = whole(world, one(world, draw))
  return leakBy(world, [{ agent, pool: narrowed(pool, (c) => mix(c, salt) % 4 === 0) }])
}

function oneQueue(world: World, draw: Random): Plot | null {
  const agent = one(world, draw)
  const queue = mainQueue(world, agent)
  const pool = poolOf(world.graph, agent, (i) => world.graph.rows.queue?.[i] === queue)
  return leakBy(world, [{ agent, pool }])
}

function oneSegment(world: World, draw: Random): Plot | null {
  const { agent, pool } = whole(world, one(world, draw))
  const segment = mainSegment(world, pool)
  return leakBy(world, [
    { agent, pool: narrowed(pool, (c) => world.graph.shape.cell?.[c] === segment) },
  ])
}

/** The leaker's own log, and a supervisor's who was shown all that the leaker and three others were. */
function supervised(world: World, draw: Random): { world: World; narrow: number; broad: number } {
  const [narrow, ...others] = eligible(world, draw).slice(0, 4)
  const { rows } = world.graph
  const team = new Set([narrow, ...others])
  const graph = withAgent(world.graph, (i) => team.has(rows.agent[i]))
  return { world: worldOf(graph, world.clock), narrow, broad: world.graph.shape.agents }
}

function supervisor(from: World, draw: Random): Plot | null {
  const { world, narrow, broad } = supervised(from, draw)
  return leakBy(world, [whole(world, narrow)], { rivals: [broad] })
}

function browser(from: World, draw: Random): Plot | null {
  const { world, narrow, broad } = supervised(from, draw)
  const { pool } = whole(world, narrow)
  return leakBy(world, [{ agent: broad, pool }], { rivals: [narrow] })
}

function colleague(from: World, draw: Random): Plot | null {
  const [agent, other] = eligible(from, draw)
  const salt = draw.uint32()
  const { rows } = from.graph
  const graph = withAgent(
    from.graph,
    (i) =>
      rows.agent[i] === other || (rows.agent[i] === agent && mix(rows.customer[i], salt) % 5 !== 0),
  )
  const world = worldOf(graph, from.clock)
  return leakBy(world, [whole(world, agent)])
}

function unlogged(from: World, draw: Random): Plot | null {
  const leak = whole(from, one(from, draw))
  const salt = draw.uint32()
  const { rows } = from.graph
  const drop = (i: number) => rows.agent[i] === leak.agent && mix(rows.customer[i], salt) % 5 === 0
  return leakBy(worldOf(withoutRows(from.graph, drop), from.clock), [leak])
}

/** A copy of all customers known when a quarter of the log had been written. */
function copyOf(world: World, keep: (customer: number) => boolean): Pool {
  const copiedS = timeAt(world, REPORTS_FROM.earliest)
  const { firstContact } = world.arrays
  const known = [...firstContact.keys()].filter((c) => firstContact[c] < copiedS && keep(c))
  return poolFrom(known.map((customer) => [customer, 0]))
}

function outside(world: World): Plot | null {
  return leakBy(world, [{ agent: null, pool: copyOf(world, () => true) }])
}

function outsideSegment(world: World, draw: Random): Plot | null {
  const cell = world.graph.shape.cell
  if (!cell) return null
  const segments = shuffled([...new Set(cell)], draw)
  const pools = segments.map((segment) => copyOf(world, (c) => cell[c] === segment))
  const pool = pools.find((p) => p.customers.length >= world.graph.leakerMin)
  return pool ? leakBy(world, [{ agent: null, pool }]) : null
}

function two(world: World, draw: Random): Plot | null {
  return leakBy(
    world,
    eligible(world, draw)
      .slice(0, 2)
      .map((agent) => whole(world, agent)),
  )
}

function late(world: World, draw: Random): Plot | null {
  return leakBy(world, [whole(world, one(world, draw))], { delayS: SIX_MONTHS_S })
}

export const SCENARIOS: readonly Scenario[] = [
  { name: 'one', title: 'one leaker', cap: CAP, plot: (w, d) => leakBy(w, [whole(w, one(w, d))]) },
  { name: 'quarter', title: 'sells a quarter of what they saw', cap: CAP, plot: part },
  { name: 'queue', title: 'sells one queue only', cap: CAP, plot: oneQueue },
  { name: 'two', title: 'two leakers', cap: CAP, plot: two },
  { name: 'supervisor', title: 'a supervisor saw all that and more', cap: 60, plot: supervisor },
  { name: 'colleague', title: 'a colleague saw 80% of it', cap: CAP, plot: colleague },
  { name: 'browser', title: "sells only a narrow colleague's customers", cap: 60, plot: browser },
  { name: 'segment', title: 'the buyer wants one segment', cap: CAP, plot: oneSegment },
  { name: 'missing', title: "20% of the leaker's accesses unlogged", cap: CAP, plot: unlogged },
  { name: 'late', title: 'sells six months later', cap: CAP, plot: late },
  { name: 'outside', title: 'an outside copy', cap: 60, plot: (w) => outside(w) },
  {
    name: 'outside-segment',
    title: 'an outside copy of one segment',
    cap: 60,
    plot: outsideSegment,
  },
  {
    name: 'nobody',
    title: 'nobody leaked',
    cap: CAP,
    quiet: true,
    plot: (world) => ({ world, leaks: [], delayS: 0, rivals: [] }),
  },
]

/** The cases of a scenario on a graph, each used for several runs: most of the cost of a run is in
 * the arrays of an edited log. */
export function castOf(scenario: Scenario, world: World, seed: number, count: number): Plot[] {
  const plots: Plot[] = []
  for (let i = 0; plots.length < count && i < count * 4; i++) {
    const plot = scenario.plot(world, random(seed, `${world.graph.name}/${scenario.name}/${i}`))
    if (plot) plots.push(plot)
  }
  return plots
}
