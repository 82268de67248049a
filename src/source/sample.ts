/** A few rows of a table, to see what its columns look like. Nothing of them leaves this process. */
import pg from 'pg'
import { MAP_SAMPLE_CHARS, MAP_SAMPLE_ROWS } from '../base/source-limits.ts'
import type { Queryable, Table } from './catalog.ts'
import { tableSql } from './sql.ts'

/** By column; a column that cannot be read has none. */
export type Sample = ReadonlyMap<string, readonly string[]>

export async function sampleOf(db: Queryable, table: Table): Promise<Sample> {
  const columns = await readable(db, table)
  if (columns.length === 0) return new Map()
  const list = columns.map(
    (column, i) => `left(${pg.escapeIdentifier(column)}::text, ${MAP_SAMPLE_CHARS}) as c${i}`,
  )
  const from = `from ${tableSql(table.name)}`
  // Of a large table from everywhere: its first rows are its oldest.
  const isLarge = table.isStored && table.rows > 50 * MAP_SAMPLE_ROWS
  const share = isLarge ? Math.max(0.001, (100 * 20 * MAP_SAMPLE_ROWS) / table.rows) : 100
  const some = isLarge ? ` tablesample system (${share.toFixed(3)})` : ''
  const { rows } = await db.query(
    `select ${list.join(', ')} ${from}${some} limit ${MAP_SAMPLE_ROWS}`,
  )
  return new Map(
    columns.map((column, i) => [
      column,
      rows.map((row) => row[`c${i}`]).filter((value): value is string => typeof value === 'string'),
    ]),
  )
}

/** A user with no more rights than needed may not read them all. */
async function readable(db: Queryable, { name, columns }: Table): Promise<readonly string[]> {
  const { rows } = await db.query(
    `select c as name from unnest($2::text[]) with ordinality x(c, i)
      where has_schema_privilege($3, 'usage') and has_column_privilege($1::text, c, 'select') order by i`,
    [tableSql(name), [...columns.keys()], name.schema],
  )
  return rows.map((row) => row.name as string)
}
