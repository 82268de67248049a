/**
 * How fast access logs become tables: the same generated log as CSV, CSV with quotes, JSON lines and
 * Parquet, each imported into a fresh index in memory. Prints a table and writes
 * bench/results/import-speed.json. Figures are rows a second of the wall clock, and, because a busy
 * machine stretches the clock, rows a second of processor time over two processors.
 */
import { once } from 'node:events'
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { openAccessLog } from '../src/importers/open.ts'
import { createIndexBuilder } from '../src/index/builder.ts'

const ROWS = 2_000_000
const AGENTS = 1000
const CUSTOMERS = 400_000
const START_S = 1_700_000_000
const PROCESSORS = 2
const COLUMNS = ['agent', 'customer', 'time', 'fields', 'ticket', 'queue'] as const

interface Result {
  readonly format: string
  readonly rows: number
  readonly mebibytes: number
  readonly seconds: number
  readonly processorSeconds: number
  readonly rowsPerSecond: number
  readonly rowsPerProcessorSecondTimesTwo: number
  readonly peakMiB: number
}

/** Deterministic and good enough to spread rows: no cycle within the log. */
function* generatedRows(): Generator<readonly string[]> {
  let state = 12345
  const below = (n: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * n)
  }
  for (let i = 0; i < ROWS; i++) {
    // Half of the accesses go to a few customers: those whose tickets are open.
    const customer = below(2) === 0 ? below(CUSTOMERS) : below(CUSTOMERS / 20)
    yield [
      `agent-${below(AGENTS)}`,
      `C${String(customer).padStart(9, '0')}`,
      new Date((START_S + (i >> 2)) * 1000).toISOString().replace('.000', ''),
      below(3) === 0 ? 'name;phone' : 'name',
      `T-${1_000_000 + (i >> 3)}`,
      `queue-${below(20)}`,
    ]
  }
}

async function writeLines(file: string, line: (row: readonly string[]) => string, header = '') {
  const out = createWriteStream(file)
  let text = header
  for (const row of generatedRows()) {
    text += line(row)
    if (text.length < 1 << 20) continue
    if (!out.write(text)) await once(out, 'drain')
    text = ''
  }
  out.end(text)
  await finished(out)
}

async function generate(folder: string): Promise<Record<string, string>> {
  const header = `${COLUMNS.join(',')}\n`
  const file = (name: string) => join(folder, name)
  await writeLines(file('log.csv'), (row) => `${row.join(',')}\n`, header)
  await writeLines(file('quoted.csv'), (row) => `"${row.join('","')}"\n`, header)
  await writeLines(
    file('log.jsonl'),
    (row) =>
      `${JSON.stringify(Object.fromEntries(COLUMNS.map((column, i) => [column, row[i]])))}\n`,
  )
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const csv = `read_csv('${file('log.csv')}', all_varchar = true)`
  const copy = (columns: string, to: string) =>
    connection.run(`COPY (SELECT ${columns} FROM ${csv}) TO '${file(to)}' (FORMAT parquet)`)
  await copy('* REPLACE (time::TIMESTAMPTZ AS time)', 'log.parquet')
  await copy('*', 'texts.parquet')
  connection.closeSync()
  instance.closeSync()
  return {
    CSV: file('log.csv'),
    'CSV, all values quoted': file('quoted.csv'),
    'JSON lines': file('log.jsonl'),
    'Parquet, typed times': file('log.parquet'),
    'Parquet, times as text': file('texts.parquet'),
  }
}

async function measure(format: string, file: string): Promise<Result> {
  const builder = await createIndexBuilder({ strict: true, nowS: START_S * 2, threads: PROCESSORS })
  let peak = 0
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 100)
  const started = performance.now()
  const before = process.cpuUsage()
  const summary = await builder.add(await openAccessLog(file), () => {})
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(before)
  clearInterval(watch)
  builder.close()
  if (summary.rowsRead !== ROWS) throw new Error(`${file}: ${summary.rowsRead} rows read`)
  const processorSeconds = (user + system) / 1e6
  return {
    format,
    rows: ROWS,
    mebibytes: Math.round(statSync(file).size / 2 ** 20),
    seconds: Number(seconds.toFixed(2)),
    processorSeconds: Number(processorSeconds.toFixed(2)),
    rowsPerSecond: Math.round(ROWS / seconds),
    rowsPerProcessorSecondTimesTwo: Math.round((PROCESSORS * ROWS) / processorSeconds),
    peakMiB: Math.round(peak / 2 ** 20),
  }
}

const folder = mkdtempSync(join(tmpdir(), 'telltale-bench-'))
try {
  const load = loadavg()[0]
  const files = await generate(folder)
  const results: Result[] = []
  for (const [format, file] of Object.entries(files)) results.push(await measure(format, file))
  console.table(
    results.map((result) => ({
      format: result.format,
      MiB: result.mebibytes,
      seconds: result.seconds,
      'rows/s': result.rowsPerSecond,
      'rows/s, two processors to itself': result.rowsPerProcessorSecondTimesTwo,
      'peak MiB': result.peakMiB,
    })),
  )
  const machine = { model: cpus()[0].model, processors: availableParallelism(), load }
  const report = {
    date: new Date().toISOString(),
    machine,
    node: process.version,
    log: { rows: ROWS, agents: AGENTS, customers: CUSTOMERS, columns: COLUMNS },
    results,
  }
  mkdirSync(new URL('results/', import.meta.url), { recursive: true })
  const target = new URL('results/import-speed.json', import.meta.url)
  writeFileSync(target, `${JSON.stringify(report, null, 2)}\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
