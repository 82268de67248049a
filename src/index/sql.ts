/** Small helpers to write SQL and to read what comes back. */
import type { DuckDBConnection } from '@duckdb/node-api'

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

export async function queryRows(db: DuckDBConnection, sql: string): Promise<SqlRow[]> {
  const reader = await db.runAndReadAll(sql)
  return reader.getRowObjects() as SqlRow[]
}

export async function queryRow(db: DuckDBConnection, sql: string): Promise<SqlRow> {
  const [row] = await queryRows(db, sql)
  return row
}

export async function queryNumber(db: DuckDBConnection, sql: string): Promise<number> {
  const reader = await db.runAndReadAll(sql)
  return Number(reader.getRows()[0][0])
}
