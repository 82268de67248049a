/** Imports one opened access log: its rows judged, named, published; or nothing of it. */
import {
  type AccessSource,
  type ColumnMap,
  DISCLOSURE_COLUMNS,
  type DisclosureColumn,
  type ImportSummary,
  type ParquetSource,
  type Reject,
  type RowSource,
} from '../disclosure/source.ts'
import { assumptions } from './assumptions.ts'
import { earlierImport, readingName, sha256Of } from './earlier.ts'
import type { Engine } from './engine.ts'
import type { Given } from './given.ts'
import {
  closeIncoming,
  countFound,
  openIncoming,
  rejectsOf,
  type Tally,
  type Work,
  workParquet,
  workSlice,
} from './incoming.ts'
import { openParquet } from './parquet.ts'
import { publish } from './publish.ts'
import { settler } from './reading.ts'
import { stageRows } from './staging.ts'

/** How rows are judged, and who is told of what was given. */
export interface ImportOptions {
  readonly strict: boolean
  readonly nowS: number
  readonly given: Given
}

/** Who is told of an import's first reject of each reason, and how far it has come. */
export interface Listeners {
  readonly onReject: (reject: Reject) => void
  readonly onRows: ((rows: number) => void) | undefined
}

/** Adds a source's rows to the tables. Throws what its reader throws, and ROW_REJECTED in strict
 * mode; nothing is added then. */
export async function importSource(
  engine: Engine,
  options: ImportOptions,
  source: AccessSource,
  listeners: Listeners,
): Promise<ImportSummary> {
  try {
    const sha256 = await sha256Of(source.file)
    const reading = readingName(source)
    const earlier = await earlierImport(engine.connection, source.file, sha256, reading)
    if (earlier === null) await openIncoming(engine.connection)
    const summary =
      earlier ??
      (await summarise(engine, source, await take(engine, options, source, listeners), {
        sha256,
        reading,
      }))
    options.given.source({ file: source.file, sha256, reading })
    return summary
  } finally {
    // What fails here is found again by the next import, and must not hide why this one failed.
    await closeIncoming(engine.connection).catch(() => {})
    await source.dispose()
  }
}

/** What was read, laid up in `scratch.incoming`. */
interface Taken {
  readonly work: Work
  readonly assumed: readonly string[]
}

function take(
  engine: Engine,
  options: ImportOptions,
  source: AccessSource,
  listeners: Listeners,
): Promise<Taken> {
  return source.kind === 'parquet'
    ? takeParquet(engine, options, source, listeners)
    : takeRows(engine, options, source, listeners)
}

/** Lays up a source's rows, judged, in `scratch.incoming`. */
export async function takeRows(
  engine: Engine,
  { strict, nowS }: ImportOptions,
  source: RowSource,
  { onReject, onRows = () => {} }: Listeners,
): Promise<Taken> {
  const db = engine.connection
  const columns = columnsOf(source.map)
  const settle = await settler(db, source, source.map, null)
  const tally: Tally = { rowsRead: 0, rejects: new Map() }
  let working: Promise<void> = Promise.resolve()
  for await (const slice of stageRows(engine, source, columns)) {
    await working
    const reading = { columns: new Set(columns), nowS, ...(await settle(slice.relation)) }
    const work = { db, file: source.file, reading, strict, tally, onReject }
    working = workSlice(slice, work).then(() => onRows(tally.rowsRead))
    // Handled when awaited; until then the next slice is being staged.
    working.catch(() => {})
  }
  await working
  const { assumed, ...settled } = await settle(null)
  const reading = { columns: new Set(columns), nowS, ...settled }
  return { work: { db, file: source.file, reading, strict, tally, onReject }, assumed }
}

async function takeParquet(
  { connection: db }: Engine,
  { strict, nowS }: ImportOptions,
  source: ParquetSource,
  { onReject, onRows = () => {} }: Listeners,
): Promise<Taken> {
  const opened = await openParquet(db, source)
  const settle = await settler(db, source, opened.map, opened.time)
  const { assumed, ...settled } = await settle(opened.sample)
  const reading = { columns: new Set(columnsOf(opened.map)), nowS, ...settled }
  const tally: Tally = { rowsRead: 0, rejects: new Map() }
  const work = { db, file: source.file, reading, strict, tally, onReject }
  await workParquet(opened, work)
  onRows(tally.rowsRead)
  return { work, assumed: [...opened.assumed, ...assumed] }
}

/** The columns that a map names, in the order of all. */
export function columnsOf(map: ColumnMap): DisclosureColumn[] {
  return DISCLOSURE_COLUMNS.filter((column) => map[column] !== undefined)
}

async function summarise(
  { connection: db }: Engine,
  source: AccessSource,
  { work, assumed }: Taken,
  identity: { sha256: string; reading: string },
): Promise<ImportSummary> {
  const { file } = source
  const { rowsRead } = work.tally
  const rejects = rejectsOf(work.tally)
  const rejected = rejects.reduce((sum, { count }) => sum + count, 0)
  const counts = await countFound(work)
  const rowsAdded = await publish(db, { file, ...identity, rowsRead, rejected })
  return {
    file,
    rowsRead,
    rowsAdded,
    rowsDuplicate: rowsRead - rejected - rowsAdded,
    rejects,
    assumed: [
      ...source.assumed,
      ...assumed,
      ...assumptions(counts, source.time),
      ...(rowsRead === 0 ? ['the file holds no rows'] : []),
    ],
  }
}
