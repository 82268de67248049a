/** Small helpers to write SQL and to read what comes back. */
import type { DuckDBConnection } from '@duckdb/node-api'

/** A text as a literal. */
export function sqlText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function sqlList(values: readonly string[]): string {
  return `[${values.map(sqlText).join(', ')}]`
}

export type SqlRow = Record<string, string | number | boolean | bigint | null>

/** All rows, by column. */
export async function queryRows(db: DuckDBConnection, sql: string): Promise<SqlRow[]> {
  const reader = await db.runAndReadAll(sql)
  return reader.getRowObjects() as SqlRow[]
}

/** The first row. */
export async function queryRow(db: DuckDBConnection, sql: string): Promise<SqlRow> {
  const [row] = await queryRows(db, sql)
  return row
}

/** All of the work or, should anything fail, none of it; what failed is what is thrown. */
export async function transaction<T>(db: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  await db.run('BEGIN TRANSACTION')
  try {
    const done = await work()
    await db.run('COMMIT')
    return done
  } catch (error) {
    // After a failed commit there is no transaction left: that must not hide why it failed.
    await db.run('ROLLBACK').catch(() => {})
    throw error
  }
}

export async function queryNumber(db: DuckDBConnection, sql: string): Promise<number> {
  const reader = await db.runAndReadAll(sql)
  return Number(reader.getRows()[0][0])
}
