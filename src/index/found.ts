/** The distinct names and kinds of time of an import, in `scratch.found`. */
import type { DuckDBConnection } from '@duckdb/node-api'

/** Which grouping a row of `scratch.found` is of: `grouping(agent, customer, fields, time_kind)`. */
export const FOUND = { agent: 0b0111, customer: 0b1011, fields: 0b1101, time: 0b1110 } as const

export async function createFound(db: DuckDBConnection): Promise<void> {
  await db.run(`
    CREATE OR REPLACE TABLE scratch.main.found (
      kind BIGINT, agent VARCHAR, customer VARCHAR, fields VARCHAR, time_kind UTINYINT,
      rows BIGINT, grounds_known BIGINT, low BIGINT, high BIGINT)`)
}

/** Fills it from `scratch.incoming`, all in one pass. */
export async function findNames(db: DuckDBConnection): Promise<void> {
  await createFound(db)
  await db.run(`
    INSERT INTO scratch.main.found
    SELECT grouping(agent, customer, fields, time_kind), agent, customer, fields, time_kind,
      count(*), count(grounded), min(local_s), max(local_s)
    FROM scratch.main.incoming
    GROUP BY GROUPING SETS ((agent), (customer), (fields), (time_kind))`)
}
