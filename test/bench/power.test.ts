// A short slice of the power benchmark: every scenario, on the simulated graph.
import { describe, expect, it } from 'vitest'
import { type Cell, cellsOf } from '../../bench/power/cells.ts'
import { framesTable, nullsTable } from '../../bench/power/checks.ts'
import { frames } from '../../bench/power/frames.ts'
import { loadGraph } from '../../bench/power/graphs.ts'
import { nullRuns } from '../../bench/power/nulls.ts'
import { answersNeeded } from '../../bench/power/questions.ts'
import { SCENARIOS } from '../../bench/power/scenarios.ts'
import { type World, worldOf } from '../../bench/power/world.ts'

const SEED = 11
const PLAN = { seed: SEED, runs: 4, cases: 2 }
const world = worldOf((await loadGraph('simulated')) as NonNullable<World['graph']>)

function cellAt(name: string, share: number, favoured = false): Cell {
  const scenario = SCENARIOS.find((one) => one.name === name)!
  const [cell] = cellsOf(world, scenario, [{ share, favoured }], PLAN)
  return cell
}

describe('the power benchmark', () => {
  it.each(SCENARIOS.map(({ name }) => name))('names no innocent: %s', (name) => {
    const { measures, runs, verdicts } = cellAt(name, 0.4, true)
    expect(measures.named.wrong).toBe(0)
    expect(Object.values(verdicts).reduce((a, b) => a + b)).toBe(runs)
  })

  it('names one leaker, within reach of the bound, and says the same each time', () => {
    const cell = cellAt('one', 0.1)
    expect(cell.measures.named.all).toBe(1)
    expect(cell.measures.leading.median).toBeLessThan(4 * (cell.bounds?.leading ?? 0))
    expect(cellAt('one', 0.1)).toEqual(cell)
  })

  it('accuses nobody where nobody leaked, though the guilt model does', () => {
    const { measures, verdicts } = cellAt('nobody', 1)
    expect(verdicts).toEqual({ undecided: PLAN.runs })
    expect(measures.guilt.wrong).toBeGreaterThan(PLAN.runs / 2)
    const counts = nullRuns(world, 3, false, SEED)
    expect([counts.robust[0], counts.sharp[0], counts.named[0]]).toEqual([0, 0, 0])
    expect(nullsTable([counts]).join()).not.toMatch(/NaN|undefined/)
  })

  it('a supervisor who saw everything keeps the leaker from being named, and questions tell', () => {
    const { measures } = cellAt('supervisor', 0.1)
    expect(measures.robust.any).toBe(0)
    const { runs, best, atRandom } = answersNeeded(world, 'supervisor', SEED, 4, 2)
    expect(runs).toBe(4)
    expect(best.median).toBeLessThan(atRandom.median ?? Number.POSITIVE_INFINITY)
  })

  it('no frame-up below the margin names anybody, and one above it can', () => {
    const plan = { runs: 3, seed: SEED, leaker: false, clever: true, planted: [1, 2, 16] }
    const found = [...frames(world, plan)]
    expect(found.every(({ broken, others }) => broken === 0 && others === 0)).toBe(true)
    expect(found[0].named).toBe(0)
    expect(found.at(-1)!.named).toBeGreaterThan(0)
    expect(framesTable(found).join()).toContain('simulated')
  })
})
