/** The suite as units of work: each is done by one worker and saved when it is done. */

import { type Cell, cellsOf } from './cells.ts'
import { type Frame, frames } from './frames.ts'
import { GRAPHS, loadGraph } from './graphs.ts'
import { type Losses, lossesOf } from './losses.ts'
import { type NullCounts, nullRuns } from './nulls.ts'
import { type Answers, answersNeeded } from './questions.ts'
import { SCENARIOS } from './scenarios.ts'
import type { Noise } from './stream.ts'
import { type World, worldOf } from './world.ts'

/** What the figures depend on. */
export interface Settings {
  readonly seed: number
  readonly runs: number
  /** Leakers (and edited logs) that the runs of a cell go round. */
  readonly cases: number
  readonly nullRuns: number
}

/** Those of the published tables. */
export const SETTINGS: Settings = { seed: 20_190_401, runs: 200, cases: 20, nullRuns: 10_000 }

/** One piece of the suite. */
export interface Unit {
  readonly kind: 'cells' | 'nulls' | 'frames' | 'questions' | 'losses'
  readonly graph: string
  /** The scenario; of null runs, which chunk. */
  readonly name: string
}

/** What a unit found: one of these, by its kind. */
export interface Outcome {
  readonly cells?: readonly Cell[]
  readonly nulls?: NullCounts
  readonly frames?: readonly Frame[]
  readonly answers?: Answers
  readonly losses?: readonly Losses[]
  /** Of the processor. */
  readonly seconds: number
}

const NOISES: readonly Noise[] = [
  { share: 0.1, favoured: false },
  { share: 0.4, favoured: false },
  { share: 0.7, favoured: false },
  { share: 0.4, favoured: true },
]
const QUIET: readonly Noise[] = [false, true].map((favoured) => ({ share: 1, favoured }))
/** Graphs of the null runs: the first at length, the others a fifth of it, favoured a fifth too. */
const NULL_CHUNK = 1000
/** Where reports cannot tell the leaker from a rival. */
const ALIKE = [
  ['helpdesk', 'one'],
  ['helpdesk', 'supervisor'],
  ['uci-assigned', 'supervisor'],
  ['uci-updated', 'supervisor'],
  ['simulated', 'supervisor'],
] as const

/** The whole suite, in the order in which it is done. */
export function unitsOf(settings: Settings): Unit[] {
  const cells = GRAPHS.flatMap((graph) =>
    SCENARIOS.map(({ name }): Unit => ({ kind: 'cells', graph, name })),
  )
  const framed = GRAPHS.map((graph): Unit => ({ kind: 'frames', graph, name: 'frame-up' }))
  const asked = ALIKE.map(([graph, name]): Unit => ({ kind: 'questions', graph, name }))
  const lost = GRAPHS.map((graph): Unit => ({ kind: 'losses', graph, name: 'one' }))
  const chunks = Math.ceil(settings.nullRuns / NULL_CHUNK)
  const nulls = [...Array(chunks).keys()].flatMap((i): Unit[] => [
    { kind: 'nulls', graph: 'uci-assigned', name: `alike-${i}` },
    ...(i < chunks / 5
      ? [{ kind: 'nulls', graph: 'uci-assigned', name: `favoured-${i}` } as const]
      : []),
    ...(i < chunks / 5 ? [{ kind: 'nulls', graph: 'simulated', name: `alike-${i}` } as const] : []),
  ])
  return [...cells, ...lost, ...framed, ...asked, ...nulls]
}

/** The unit's name in the results file. */
export function keyOf({ kind, graph, name }: Unit): string {
  return `${kind} ${graph} ${name}`
}

const worlds = new Map<string, World | null>()

/** Null where the graph's data is absent. */
async function worldNamed(name: string): Promise<World | null> {
  const known = worlds.get(name)
  if (known !== undefined) return known
  const graph = await loadGraph(name)
  const world = graph ? worldOf(graph) : null
  worlds.clear()
  worlds.set(name, world)
  return world
}

/** Null where the graph's data is absent. */
export async function doUnit(unit: Unit, settings: Settings): Promise<Outcome | null> {
  const world = await worldNamed(unit.graph)
  if (!world) return null
  const before = process.threadCpuUsage()
  const outcome = outcomeOf(unit, world, settings)
  const { user, system } = process.threadCpuUsage(before)
  return { ...outcome, seconds: Math.round((user + system) / 1e6) }
}

function outcomeOf({ kind, name }: Unit, world: World, settings: Settings): Partial<Outcome> {
  const { seed, runs, cases } = settings
  if (kind === 'cells') {
    const scenario = SCENARIOS.find((s) => s.name === name)!
    const noises = scenario.quiet ? QUIET : NOISES
    return { cells: [...cellsOf(world, scenario, noises, { seed, runs, cases })] }
  }
  if (kind === 'frames') {
    const plans = [false, true].flatMap((leaker) =>
      [false, true].map((clever) => ({ runs, seed, leaker, clever })),
    )
    return { frames: plans.flatMap((plan) => [...frames(world, plan)]) }
  }
  if (kind === 'questions') return { answers: answersNeeded(world, name, seed, runs, cases) }
  if (kind === 'losses') return { losses: lossesOf(world, seed, runs, cases) }
  const [how, chunk] = name.split('-')
  const count = Math.min(NULL_CHUNK, settings.nullRuns)
  return { nulls: nullRuns(world, count, how === 'favoured', seed, Number(chunk) * NULL_CHUNK) }
}
