/**
 * Shows of a Parquet file, without judging each of its rows, that all of them are understood: a row
 * is refused for its agent, customer, time, or a text that is too long, so the distinct agents and
 * customers and the extremes of the rest tell. The engine finds those in a fraction of the time.
 */
import type { DuckDBConnection } from '@duckdb/node-api'
import { KEY_BYTES_MAX, TIME_MIN_S } from '../base/limits.ts'
import { createFound, FOUND } from './found.ts'
import { presentText, type Reading } from './normalise.ts'
import { queryNumber, queryRow } from './sql.ts'
import type { Slice } from './staging.ts'

const TIME_KINDS = { TIMESTAMPTZ: 0, TIMESTAMP: 1, DATE: 2 } as const

/** A zone may be this far from UTC, and a date may end a day later than it begins. */
const LEEWAY_S = 2 * 86_400

/** True where every row is understood; `scratch.found` then holds the file's names. False where some
 * row may not be, or where this cannot be shown this way. */
export async function isProvenClean(
  db: DuckDBConnection,
  { relation, rows }: Slice,
  reading: Reading,
): Promise<boolean> {
  const { columns, time, nowS } = reading
  const asksGrounds = columns.has('grade') || columns.has('purpose')
  if (time.kind !== 'native' || asksGrounds || columns.has('masked') || rows === 0) return false
  const longest = (['ticket', 'queue'] as const)
    .filter((column) => columns.has(column))
    .map((column) => `coalesce(max(strlen(${column})), 0)`)
  const extremes = await queryRow(
    db,
    `SELECT count(epoch_us(time)) AS times, min(epoch_us(time)) // 1000000 AS low,
      max(epoch_us(time)) // 1000000 AS high, greatest(0, ${longest.join(', ') || 0}) AS longest
     FROM ${relation}`,
  )
  const low = Number(extremes.low)
  const high = Number(extremes.high)
  const areTimesFine =
    Number(extremes.times) === rows && low > TIME_MIN_S + LEEWAY_S && high < nowS - LEEWAY_S
  if (!areTimesFine || Number(extremes.longest) > KEY_BYTES_MAX) return false
  await createFound(db)
  for (const column of ['agent', 'customer', 'fields'] as const) {
    if (!columns.has(column)) continue
    const name = column === 'fields' ? 'lower(fields)' : column
    await db.run(`
      INSERT INTO scratch.main.found BY NAME
      SELECT DISTINCT ${FOUND[column]} AS kind, ${name} AS ${column} FROM (
        SELECT ${presentText(column)} AS ${column} FROM (SELECT DISTINCT ${column} FROM ${relation}))`)
  }
  await db.run(`
    INSERT INTO scratch.main.found BY NAME
    SELECT ${FOUND.time} AS kind, ${TIME_KINDS[time.type]} AS time_kind, ${rows} AS rows,
      ${low} AS low, ${high} AS high`)
  const refused = await queryNumber(
    db,
    `SELECT count(*) FROM scratch.main.found
     WHERE kind = ${FOUND.agent} AND (agent IS NULL OR strlen(agent) > ${KEY_BYTES_MAX})
       OR kind = ${FOUND.customer} AND (customer IS NULL OR strlen(customer) > ${KEY_BYTES_MAX})`,
  )
  return refused === 0
}
