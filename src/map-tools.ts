/** The wiring of `telltale map`. */
import type pg from 'pg'
import { TelltaleError } from './base/errors.ts'
import { MAP_STATEMENT_TIMEOUT_MS } from './base/source-limits.ts'
import { MAP_FILE, type MapOptions, type MapTools } from './cli/map.ts'
import type { Queryable } from './source/catalog.ts'
import { checkMap } from './source/check.ts'
import { sourceError } from './source/faults.ts'
import { beginMap } from './source/init.ts'
import { presetMap, readSourceMap } from './source/mapping.ts'
import { sourcePool } from './source/postgres.ts'

/** Checks the mapping of a file or preset against its database. */
export const checkMapping: MapTools['check'] = async (options) => {
  const mapping = await mappingOf(options)
  return withDatabase(options, (db) => checkMap(db, mapping))
}

/** Begins a mapping of a database. */
export const beginMapping: MapTools['begin'] = (options) =>
  withDatabase(options, (db) => beginMap(db, options.preset))

async function mappingOf({ config, preset }: MapOptions) {
  if (preset !== undefined && config === undefined) return presetMap(preset)
  if (preset !== undefined)
    throw new TelltaleError('USAGE', {
      problem: 'A file names its preset itself: give --config or --preset.',
    })
  return readSourceMap(config ?? MAP_FILE)
}

/** One transaction that only reads. */
async function withDatabase<T>(
  { database }: MapOptions,
  act: (db: Queryable) => Promise<T>,
): Promise<T> {
  if (database === undefined && !process.env.PGHOST && !process.env.PGDATABASE)
    throw new TelltaleError('USAGE', {
      problem: 'Say which database: --database, or PGHOST and PGDATABASE.',
    })
  const pool = sourcePool(database, MAP_STATEMENT_TIMEOUT_MS)
  let client: pg.PoolClient | undefined
  try {
    client = await pool.connect()
    // A connection that is lost between two statements is told by the next one.
    client.on('error', () => {})
    await client.query('begin transaction isolation level repeatable read read only')
    return await act(client)
  } catch (error) {
    throw sourceError(error)
  } finally {
    client?.release(true)
    await pool.end()
  }
}
