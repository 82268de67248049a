/**
 * How many reports it takes to name a leaker, and how often an innocent is accused, on real access
 * graphs with planted leaks: `node scripts/run.mjs bench/attribution-power.ts`. Runs for the better
 * part of an hour; a stopped suite goes on where it stopped, so delete its file in bench/results first
 * where the statistics have changed since. The tables go to the terminal and to bench/RESULTS.md.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { publish } from './power/publish.ts'
import { openResults, type Results, saveResults } from './power/store.ts'
import { tables } from './power/tables.ts'
import { keyOf, type Outcome, SETTINGS, type Settings, type Unit, unitsOf } from './power/units.ts'

const { values } = parseArgs({
  options: {
    graph: { type: 'string' },
    scenario: { type: 'string' },
    kind: { type: 'string' },
    runs: { type: 'string' },
    seed: { type: 'string' },
    'null-runs': { type: 'string' },
    workers: { type: 'string', default: '2' },
    /** Only print what is in the results file. */
    tables: { type: 'boolean', default: false },
    /** Put a run of other settings than the suite's into bench/RESULTS.md too. */
    publish: { type: 'boolean', default: false },
  },
})

const settings: Settings = {
  ...SETTINGS,
  ...(values.runs && { runs: Number(values.runs) }),
  ...(values.seed && { seed: Number(values.seed) }),
  ...(values['null-runs'] && { nullRuns: Number(values['null-runs']) }),
}
/** A run under other settings keeps its own file. */
const isWhole = JSON.stringify(settings) === JSON.stringify(SETTINGS)
const file = isWhole
  ? undefined
  : join(import.meta.dirname, 'results', 'attribution-power-part.json')
const results = openResults(settings, file)
if (!values.tables) await runAll(results)
process.stdout.write(`${tables(results).join('\n')}\n`)
if (isWhole || values.publish) publish(results)

async function runAll(results: Results): Promise<void> {
  const matches = (wanted: string | undefined, value: string) =>
    wanted === undefined || wanted.split(',').includes(value)
  const waiting = unitsOf(settings).filter(
    (unit) =>
      results.units[keyOf(unit)] === undefined &&
      matches(values.graph, unit.graph) &&
      matches(values.kind, unit.kind) &&
      matches(values.scenario, unit.name),
  )
  const count = Math.min(Number(values.workers), waiting.length)
  let left = waiting.length
  await Promise.all(
    Array.from({ length: count }, async () => {
      const worker = new Worker(new URL('./power/worker.ts', import.meta.url))
      for (let unit = waiting.shift(); unit; unit = waiting.shift()) {
        const outcome = await ask(worker, unit)
        results.units[keyOf(unit)] = outcome
        saveResults(results, file)
        const took = outcome ? `${outcome.seconds} s` : 'skipped: its data is absent'
        process.stderr.write(`${keyOf(unit)}: ${took}, ${--left} to go\n`)
      }
      await worker.terminate()
    }),
  )
}

function ask(worker: Worker, unit: Unit): Promise<Outcome | null> {
  return new Promise((resolve, reject) => {
    worker.once('message', (outcome: Outcome | null) => {
      worker.off('error', reject)
      resolve(outcome)
    })
    worker.once('error', reject)
    worker.postMessage({ unit, settings })
  })
}
