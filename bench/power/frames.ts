/** Frame-ups: m reports planted against an innocent agent, while nobody or somebody else leaks. */

import { type Random, random } from '../../simulate/random.ts'
import { addReport, namings, startAttribution } from '../../src/attribution/judge.ts'
import { eligible, everythingOf, shuffled } from './cast.ts'
import type { Plot } from './scenarios.ts'
import { type Arrival, arrivalTimes, evidenceOf, nextArrival } from './stream.ts'
import { availableAt, type World } from './world.ts'

const PLANTED: readonly number[] = [1, 2, 3, 4, 5, 6]
const REPORTS = 40
const NOISE = { share: 0.4, favoured: false } as const

export interface Frame {
  readonly graph: string
  /** Whether somebody else leaks meanwhile. */
  readonly leaker: boolean
  /** The forger knows the log, plants customers whom few others were shown, and is the first to
   * report; otherwise the planted reports are any customers of the framed, spread over the rest. */
  readonly clever: boolean
  readonly planted: number
  readonly runs: number
  /** Runs in which the framed agent was ever named. */
  readonly named: number
  /** ... with a margin above the number planted so far: these break the promise. */
  readonly broken: number
  /** Runs in which any other innocent was named. */
  readonly others: number
}

export interface FramePlan {
  readonly runs: number
  readonly seed: number
  readonly leaker: boolean
  readonly clever: boolean
  /** Numbers of planted reports to try. */
  readonly planted?: readonly number[]
}

export function* frames(world: World, plan: FramePlan): Generator<Frame> {
  for (const planted of plan.planted ?? PLANTED) {
    const frame = { graph: world.graph.name, leaker: plan.leaker, clever: plan.clever, planted }
    const counts = { runs: plan.runs, named: 0, broken: 0, others: 0 }
    for (let i = 0; i < plan.runs; i++) {
      const draw = random(plan.seed, `${JSON.stringify(frame)}/${i}`)
      const end = frameRun(world, plan, planted, draw)
      if (end.named) counts.named++
      if (end.broken) counts.broken++
      if (end.other) counts.others++
    }
    yield { ...frame, ...counts }
  }
}

function frameRun(world: World, plan: FramePlan, planted: number, draw: Random) {
  const [target, leaker] = eligible(world, draw)
  const leaks = plan.leaker ? [{ agent: leaker, pool: everythingOf(world, leaker) }] : []
  const plot: Plot = { world, leaks, delayS: 0, rivals: [] }
  const attribution = startAttribution(world.arrays.agents)
  const pool = everythingOf(world, target)
  const order = [...Array(REPORTS).keys()]
  const turns = new Set((plan.clever ? order : shuffled(order, draw)).slice(0, planted))
  const reported = new Set<number>()
  const end = { named: false, broken: false, other: false }
  let soFar = 0
  arrivalTimes(plot, draw, REPORTS).forEach((atS, turn) => {
    const known = pool.customers.subarray(0, availableAt(pool, atS))
    const forged = turns.has(turn) ? forge(world, known, plan.clever, reported, draw) : null
    if (forged !== null) soFar++
    const arrival: Arrival =
      forged === null
        ? nextArrival(plot, NOISE, draw, atS, reported)
        : { customer: forged, atS, knowing: true, leak: -1 }
    addReport(attribution, evidenceOf(plot, arrival, reported))
    reported.add(arrival.customer)
    if (namings(attribution, false).every((n) => !n.named || n.agent === leaks[0]?.agent)) return
    for (const { agent, named, margin } of namings(attribution)) {
      if (!named || agent === leaks[0]?.agent) continue
      if (agent !== target) end.other = true
      else end.named = true
      if (agent === target && margin > soFar) end.broken = true
    }
  })
  return end
}

/** A customer to plant: any that the target was shown, or the one whom fewest others were. */
function forge(
  { arrays }: World,
  known: Uint32Array,
  clever: boolean,
  reported: ReadonlySet<number>,
  draw: Random,
): number | null {
  const free = [...known].filter((customer) => !reported.has(customer))
  if (free.length === 0) return null
  if (!clever) return draw.pick(free)
  const holders = (c: number) => arrays.pairStarts[c + 1] - arrays.pairStarts[c]
  const fewest = Math.min(...free.map(holders))
  return draw.pick(free.filter((customer) => holders(customer) === fewest))
}
