/** Builds the index's tables from access logs and a population file. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { DuckDBConnection } from '@duckdb/node-api'
import { TelltaleError } from '../base/errors.ts'
import type { IndexBuilder } from '../disclosure/exposures.ts'
import type { RejectReason } from '../disclosure/rejects.ts'
import {
  type AccessSource,
  type ColumnMap,
  DISCLOSURE_COLUMNS,
  type DisclosureColumn,
  type ImportSummary,
  type Reject,
} from '../disclosure/source.ts'
import { assumptions } from './assumptions.ts'
import { openDictionaries } from './dictionary.ts'
import { type Engine, type EngineOptions, openEngine } from './engine.ts'
import { openExposureIndex } from './exposures.ts'
import { parquetColumns, parquetSlices } from './parquet.ts'
import { addPopulation } from './population.ts'
import { orderAgents, publish } from './publish.ts'
import { guessedReading, toldReading, zoneOf } from './reading.ts'
import { emptyTally, type SliceWork, summaryRejects, workSlice } from './slices.ts'
import { queryNumber, queryRows, sqlText } from './sql.ts'
import { type Slice, stageRows } from './staging.ts'
import { createTables } from './tables.ts'

export interface BuilderOptions extends EngineOptions {
  /** Stop at the first row that is not understood. */
  readonly strict: boolean
  /** The import's clock, epoch seconds: times more than a day beyond it are rejected. */
  readonly nowS: number
}

export interface TableBuilder extends IndexBuilder {
  /** Writes every rejected row, as CSV (file, line, reason, text). Returns how many. */
  writeRejects(file: string): Promise<number>
  /** The connection to the tables, for tests and benchmarks. */
  readonly connection: DuckDBConnection
}

/** Opens an index to build: in memory, or in the folder `dir`. Throws INDEX_UNREADABLE. */
export async function createIndexBuilder(options: BuilderOptions): Promise<TableBuilder> {
  const engine = await openEngine(options)
  const db = engine.connection
  await createTables(db)
  let closed = false
  const close = () => {
    if (!closed) engine.close()
    closed = true
  }
  return {
    connection: db,
    add: (source, onReject, onRows) => addSource(engine, options, source, { onReject, onRows }),
    addPopulation: (file) => addPopulation(db, file),
    async finish(onPhase = () => {}) {
      onPhase('ordering agents')
      await orderAgents(db)
      const { dir } = options
      return openExposureIndex(db, {
        ...(dir === undefined ? {} : { dir }),
        onPhase,
        onClose: close,
      })
    },
    async writeRejects(file) {
      await db.run(`COPY (SELECT file, line, reason, text FROM main.reject ORDER BY source, line)
        TO ${sqlText(file)} (FORMAT csv, HEADER)`)
      return queryNumber(db, 'SELECT count(*) FROM main.reject')
    },
    close,
  }
}

interface Listeners {
  readonly onReject: (reject: Reject) => void
  readonly onRows: ((rows: number) => void) | undefined
}

async function addSource(
  engine: Engine,
  options: BuilderOptions,
  source: AccessSource,
  listeners: Listeners,
): Promise<ImportSummary> {
  try {
    const sha256 = await sha256Of(source.file)
    const reading = readingName(source)
    const earlier = await earlierImport(engine.connection, source.file, sha256, reading)
    return (
      earlier ?? (await importSource(engine, options, source, { sha256, reading, ...listeners }))
    )
  } finally {
    await source.dispose()
  }
}

/** How a source is read, as a name: the same file read in the same way is the same import. */
function readingName({ map, time }: AccessSource): string {
  const sorted = Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1))
  return [...sorted, ['format', time.format ?? 'guessed'], ['zone', time.zone ?? 'UTC']]
    .map(([column, name]) => `${column}=${name}`)
    .join(' ')
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk)
  return hash.digest('hex')
}

async function earlierImport(
  db: DuckDBConnection,
  file: string,
  sha256: string,
  reading: string,
): Promise<ImportSummary | null> {
  const [row] = await queryRows(db, `SELECT * FROM main.source WHERE sha256 = ${sqlText(sha256)}`)
  if (row === undefined) return null
  if (row.reading !== reading) {
    throw new TelltaleError('SOURCE_READ_DIFFERENTLY', { file, before: String(row.reading) })
  }
  const rejects = await queryRows(
    db,
    `SELECT reason, min(line) AS line, arg_min(text, line) AS text, count(*) AS n
     FROM main.reject WHERE source = ${row.id} GROUP BY reason ORDER BY n DESC`,
  )
  return {
    file,
    rowsRead: Number(row.rows_read),
    rowsAdded: 0,
    rowsDuplicate: Number(row.rows_added) + Number(row.rows_duplicate),
    rejects: rejects.map((reject) => {
      const reason = reject.reason as RejectReason
      const text = String(reject.text ?? '')
      const first = { file, line: Number(reject.line), reason, text }
      return { reason, count: Number(reject.n), first }
    }),
    assumed: [`the same file was imported before, as ${row.file}: it adds nothing`],
  }
}

interface Import extends Listeners {
  readonly sha256: string
  readonly reading: string
}

async function importSource(
  engine: Engine,
  { strict, nowS }: BuilderOptions,
  source: AccessSource,
  { sha256, reading: readingText, onReject, onRows = () => {} }: Import,
): Promise<ImportSummary> {
  const db = engine.connection
  await openDictionaries(db)
  const found =
    source.kind === 'parquet' ? await parquetColumns(db, source) : { map: source.map, assumed: [] }
  const columns = DISCLOSURE_COLUMNS.filter((column) => found.map[column] !== undefined)
  const zone = await zoneOf(db, source.time)
  const told = source.time.format === undefined ? null : await toldReading(db, source.time.format)
  const assumed = [...source.assumed, ...found.assumed]
  const tally = emptyTally()
  const fieldNames = await knownFields(db)
  let time = told
  let working = Promise.resolve()
  for await (const slice of slicesOf(engine, source, found.map, columns)) {
    await working
    if (time === null) {
      const settled = await guessedReading(db, source.file, found.map.time, slice.relation)
      time = settled.reading
      assumed.push(...settled.assumed)
    }
    const reading = { columns: new Set(columns), time, zone, nowS }
    const work: SliceWork = { db, file: source.file, reading, strict, fieldNames, tally, onReject }
    working = workSlice(slice, work).then(() => onRows(tally.rowsRead))
    // Handled when awaited; until then the next slice is being staged.
    working.catch(() => {})
  }
  await working
  const rejects = summaryRejects(tally)
  const rejected = rejects.reduce((sum, { count }) => sum + count, 0)
  const id = await queryNumber(db, 'SELECT count(*) FROM main.source')
  const row = { id, file: source.file, sha256, reading: readingText, rowsRead: tally.rowsRead }
  const added = await publish(db, { ...row, rejected }, fieldNames)
  return {
    file: source.file,
    rowsRead: tally.rowsRead,
    rowsAdded: added,
    rowsDuplicate: tally.rowsRead - rejected - added,
    rejects,
    assumed: [...assumed, ...assumptions(tally, source.time, zone)],
  }
}

function slicesOf(
  engine: Engine,
  source: AccessSource,
  map: ColumnMap,
  columns: readonly DisclosureColumn[],
): AsyncIterable<Slice> {
  return source.kind === 'parquet'
    ? parquetSlices(engine.connection, source, map, columns)
    : stageRows(engine, source, columns)
}

async function knownFields(db: DuckDBConnection): Promise<string[]> {
  const rows = await queryRows(db, 'SELECT name FROM main.field ORDER BY bit')
  return rows.map(({ name }) => String(name))
}
