/** Builds the index's tables from access logs and a population file. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { TelltaleError } from '../base/errors.ts'
import type { IndexBuilder } from '../disclosure/exposures.ts'
import { type EngineOptions, openEngine } from './engine.ts'
import { openExposureIndex } from './exposures.ts'
import { importSource } from './import.ts'
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
    add: (source, onReject, onRows) => importSource(engine, options, source, { onReject, onRows }),
    addPopulation: (file) => addPopulation(db, file, engine.spill),
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
      try {
        await db.run(`COPY (SELECT file, line, reason, text FROM main.reject ORDER BY source, line)
          TO ${sqlText(file)} (FORMAT csv, HEADER)`)
      } catch (error) {
        const reason = (error as Error).message.split('\n')[0].replace(/^.*?Error: /, '')
        throw new TelltaleError('FILE_UNWRITABLE', { file, reason }, { cause: error })
      }
      return queryNumber(db, 'SELECT count(*) FROM main.reject')
    },
    close,
  }
}
