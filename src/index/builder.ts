/** Builds the index's tables from access logs and a population file. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { TelltaleError } from '../base/errors.ts'
import type { ExposureIndex, IndexBuilder } from '../disclosure/exposures.ts'
import { type EngineOptions, openEngine } from './engine.ts'
import { openExposureIndex } from './exposures.ts'
import { guardedIndex } from './faults.ts'
import { createGiven, type Given } from './given.ts'
import { importSource } from './import.ts'
import { importLog } from './log/import.ts'
import { addPopulation } from './population.ts'
import { orderAgents } from './publish.ts'
import { queryNumber, sqlText } from './sql.ts'
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
  /** The connection to the tables, for questions of others. */
  readonly connection: DuckDBConnection
}

/** Opens an index to build: in memory, or in the folder `dir`, whose parent must exist. Throws
 * INDEX_UNREADABLE, FILE_UNWRITABLE. `finish` throws INDEX_HOLDS_MORE, NO_USABLE_ACCESSES. */
export async function createIndexBuilder(options: BuilderOptions): Promise<TableBuilder> {
  const engine = await openEngine(options)
  const db = engine.connection
  const { dir } = options
  const given = createGiven()
  const guard = <T>(work: () => Promise<T>) => guardedIndex(dir, work)
  await guard(() => createTables(db)).catch((error) => {
    engine.close()
    throw error
  })
  let closed = false
  const close = () => {
    if (!closed) engine.close()
    closed = true
  }
  return {
    connection: db,
    add: (source, onReject, onRows) =>
      guard(() => importSource(engine, { ...options, given }, source, { onReject, onRows })),
    addLog: (log, onReject, onRows) =>
      guard(() =>
        importLog(engine, { ...options, given, dir: dir ?? 'memory' }, log, { onReject, onRows }),
      ),
    addPopulation: (file) => guard(() => addPopulation(db, file, engine.spill, given)),
    finish: (onPhase = () => {}) =>
      guard(async () => {
        await given.check(db, dir ?? 'memory')
        onPhase('ordering agents')
        await orderAgents(db)
        return guardedQueries(
          dir,
          await openExposureIndex(db, {
            ...(dir === undefined ? {} : { dir }),
            onPhase,
            onClose: close,
          }),
        )
      }),
    async writeRejects(file) {
      try {
        await db.run(`COPY (${rejectsSql(given)} ORDER BY source, line)
          TO ${sqlText(file)} (FORMAT csv, HEADER)`)
      } catch (error) {
        const reason = (error as Error).message.split('\n')[0].replace(/^.*?Error: /, '')
        throw new TelltaleError('FILE_UNWRITABLE', { file, reason }, { cause: error })
      }
      return queryNumber(db, `SELECT count(*) FROM (${rejectsSql(given)})`)
    },
    close,
  }
}

function rejectsSql(given: Given): string {
  return `SELECT file, line, reason, text FROM main.reject
    WHERE source IN (SELECT id FROM main.source WHERE ${given.sourcesSql()})`
}

/** The index, whose questions may be the first to meet a damaged part of the database. */
function guardedQueries(dir: string | undefined, index: ExposureIndex): ExposureIndex {
  const guard =
    <Args extends unknown[], T>(ask: (...args: Args) => Promise<T>) =>
    (...args: Args) =>
      guardedIndex(dir, () => ask(...args))
  return {
    ...index,
    prepare: guard(index.prepare),
    similarCustomers: guard(index.similarCustomers),
    exposuresOf: guard(index.exposuresOf),
    customersOf: guard(index.customersOf),
    sampleCustomers: guard(index.sampleCustomers),
    segmentsOf: guard(index.segmentsOf),
  }
}
