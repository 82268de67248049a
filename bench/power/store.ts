/** Finished units, kept in a file so that a stopped suite goes on where it stopped. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import type { Outcome, Settings } from './units.ts'

/** The results file. */
export interface Results {
  readonly settings: Settings
  readonly date: string
  readonly machine: string
  /** By `keyOf` a unit; null where its data was absent. */
  readonly units: Record<string, Outcome | null>
}

const RESULTS_FILE = join(dirname(import.meta.dirname), 'results', 'attribution-power.json')

/** What was done before under the same settings, else nothing. */
export function openResults(settings: Settings, file = RESULTS_FILE): Results {
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`
  const fresh = { settings, date: new Date().toISOString().slice(0, 10), machine, units: {} }
  if (!existsSync(file)) return fresh
  const found = JSON.parse(readFileSync(file, 'utf8')) as Results
  return JSON.stringify(found.settings) === JSON.stringify(settings) ? found : fresh
}

/** Replaces the file whole, so that a stop in between loses nothing. */
export function saveResults(results: Results, file = RESULTS_FILE): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.part`, `${JSON.stringify(results, null, 1)}\n`)
  renameSync(`${file}.part`, file)
}
