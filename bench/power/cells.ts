/** Cells: all runs of one scenario at one noise on one graph, and their figures. */
import type { Verdict } from '../../src/attribution/judge.ts'
import { type Bounds, boundsOf } from './bounds.ts'
import { MEASURES, type Measure, type Run, runOnce } from './run.ts'
import { castOf, type Plot, type Scenario } from './scenarios.ts'
import type { Noise } from './stream.ts'
import type { World } from './world.ts'

/** JSON knows no infinity: null is "never". */
export interface Figures {
  /** Share of runs in which every leaker reached it, and in which at least one did. */
  readonly all: number
  readonly any: number
  /** Reports until every leaker reached it, counting the runs that did not as never. */
  readonly median: number | null
  readonly p90: number | null
  /** Runs in which an innocent ever reached it. */
  readonly wrong: number
}

export interface Cell {
  readonly graph: string
  readonly scenario: string
  readonly noise: number
  readonly favoured: boolean
  readonly runs: number
  readonly cases: number
  readonly culprits: number
  readonly measures: Record<Measure, Figures>
  /** Median over the cases. */
  readonly bounds: { leading: number | null; robust: number | null; named: number | null } | null
  readonly verdicts: Partial<Record<Verdict, number>>
}

export interface CellPlan {
  readonly seed: number
  readonly runs: number
  /** Cases that the runs go round. */
  readonly cases: number
}

/** Cells of the scenario at each noise; none where the graph has no such case. */
export function* cellsOf(
  world: World,
  scenario: Scenario,
  noises: readonly Noise[],
  plan: CellPlan,
): Generator<Cell> {
  const plots = castOf(scenario, world, plan.seed, plan.cases)
  if (plots.length === 0) return
  for (const noise of noises) yield cellOf(world, scenario, plots, noise, plan)
}

function cellOf(
  world: World,
  scenario: Scenario,
  plots: readonly Plot[],
  noise: Noise,
  { seed, runs }: CellPlan,
): Cell {
  const name = `${world.graph.name}/${scenario.name}/${noise.share}/${noise.favoured}`
  const done = Array.from({ length: runs }, (_, i) => {
    const plot = plots[i % plots.length]
    return { plot, run: runOnce({ plot, noise, cap: scenario.cap, seed, stream: `${name}/${i}` }) }
  })
  const bounds = plots.map((plot, i) => boundsOf(plot, noise, seed, `${name}/${i}`))
  const verdicts: Partial<Record<Verdict, number>> = {}
  for (const { run } of done) verdicts[run.verdict] = (verdicts[run.verdict] ?? 0) + 1
  return {
    graph: world.graph.name,
    scenario: scenario.name,
    noise: noise.share,
    favoured: noise.favoured,
    runs,
    cases: plots.length,
    culprits: culpritsOf(plots[0]).length,
    measures: figures(done),
    bounds: medianBounds(bounds),
    verdicts,
  }
}

export function culpritsOf(plot: Plot): number[] {
  return plot.leaks.flatMap(({ agent }) => agent ?? [])
}

function figures(done: readonly { plot: Plot; run: Run }[]): Record<Measure, Figures> {
  const entries = MEASURES.map((measure) => {
    const times = done.map(({ plot, run }) =>
      culpritsOf(plot).map((agent) => run.reached[measure].get(agent) ?? Infinity),
    )
    const last = times.map((each) => (each.length === 0 ? Infinity : Math.max(...each)))
    const wrong = done.filter(({ plot, run }) => {
      const culprits = culpritsOf(plot)
      return [...run.reached[measure].keys()].some((agent) => !culprits.includes(agent))
    }).length
    return [
      measure,
      {
        all: last.filter(Number.isFinite).length / done.length,
        any: times.filter((each) => each.some(Number.isFinite)).length / done.length,
        median: quantile(last, 0.5),
        p90: quantile(last, 0.9),
        wrong,
      },
    ]
  })
  return Object.fromEntries(entries)
}

/** The value at or above this share of the list, null for infinity. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Infinity
  return Number.isFinite(value) ? value : null
}

function medianBounds(bounds: readonly (Bounds | null)[]): Cell['bounds'] {
  const known = bounds.flatMap((b) => b ?? [])
  if (known.length === 0) return null
  const median = (of: keyof Bounds) =>
    quantile(
      known.map((b) => b[of]),
      0.5,
    )
  return { leading: median('leading'), robust: median('robust'), named: median('named') }
}
