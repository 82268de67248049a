/** Text rows -> clean values with a reject reason, in SQL: one way for CSV, JSON lines, Parquet. */
import { FUTURE_TOLERANCE_S, KEY_BYTES_MAX, REJECT_TEXT_MAX, TIME_MIN_S } from '../base/limits.ts'
import { DISCLOSURE_COLUMNS, type DisclosureColumn } from '../disclosure/source.ts'
import type { TimeReading } from '../disclosure/times.ts'
import { sqlText } from './sql.ts'
import { timeSql } from './times-sql.ts'

/** Words that systems write where they have no value. A key of this name would join strangers. */
const EMPTY_WORDS = [
  '?',
  '-',
  '\\N',
  '(null)',
  'NULL',
  'null',
  'None',
  'none',
  'N/A',
  'n/a',
  'NaN',
  'nan',
  'undefined',
]

/** The white space that String.prototype.trim takes off. */
const SPACE =
  '[\\s\\v\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}]+'

/** The text without surrounding white space. Otherwise exact: no case is folded and no zero dropped,
 * because both may tell two people apart. A pattern, because the engine's own trim takes four times
 * as long when given these characters. */
export function trimmedText(column: string): string {
  return `regexp_replace(${column}, ${sqlText(`^${SPACE}|${SPACE}$`)}, '', 'g')`
}

/** NULL in place of a text that says there is none. */
export function presentText(column: string): string {
  return `CASE WHEN ${column} NOT IN ('', ${EMPTY_WORDS.map(sqlText).join(', ')}) THEN ${column} END`
}

export interface Reading {
  readonly columns: ReadonlySet<DisclosureColumn>
  readonly time: TimeReading
  readonly zone: string
  /** The import's clock, epoch seconds. */
  readonly nowS: number
}

/** `rows` is a relation with `line` and the reading's columns as text, trimmed. */
export function normaliseSql(rows: string, reading: Reading): string {
  const present = DISCLOSURE_COLUMNS.map((column) =>
    reading.columns.has(column)
      ? `${presentText(column)} AS ${column}`
      : `NULL::VARCHAR AS ${column}`,
  )
  const time = timeSql('time', reading.time)
  const zone = sqlText(reading.zone)
  return `
WITH cleaned AS (SELECT line, ${present.join(', ')} FROM ${rows}),
timed AS (
  SELECT *, ${time.zoned} AS zoned, ${time.local} AS local, ${time.wholeDay} AS whole_day FROM cleaned),
placed AS (
  SELECT *, coalesce(
    epoch_us(zoned) // 1000000,
    epoch_us(timezone(${zone}, CASE WHEN whole_day THEN local + INTERVAL 86399 SECOND ELSE local END)) // 1000000
  ) AS at_s FROM timed),
judged AS (SELECT *, ${reasonSql(reading.nowS)} AS reason FROM placed)
SELECT line, agent, customer, CASE WHEN reason IS NULL THEN at_s END::UINTEGER AS at, lower(fields) AS fields,
  ticket, ${groundedSql(reading.columns)} AS grounded, queue, lower(path) AS path,
  CASE WHEN reason IS NULL AND zoned IS NULL THEN epoch_us(local) // 1000000 END AS local_s,
  whole_day, reason,
  CASE WHEN reason IS NOT NULL THEN left(${rejectText(reading.columns)}, ${REJECT_TEXT_MAX}) END AS text
FROM judged`
}

function reasonSql(nowS: number): string {
  const long = ['agent', 'customer', 'ticket', 'queue']
    .map((column) => `coalesce(strlen(${column}), 0) > ${KEY_BYTES_MAX}`)
    .join(' OR ')
  return `CASE WHEN agent IS NULL THEN 'no-agent' WHEN customer IS NULL THEN 'no-customer'
    WHEN ${long} THEN 'key-too-long' WHEN at_s IS NULL THEN 'bad-time'
    WHEN at_s > ${nowS + FUTURE_TOLERANCE_S} THEN 'future-time'
    WHEN at_s < ${TIME_MIN_S} THEN 'old-time' END`
}

/** Whether something other than the agent's own word explains the access; NULL where the file
 * cannot say, or says it in a word that is not known here. */
function groundedSql(columns: ReadonlySet<DisclosureColumn>): string {
  if (columns.has('grade')) {
    return `CASE WHEN lower(grade) IN ('customer', 'routed', 'colleague') THEN true
      WHEN grade IS NULL OR lower(grade) = 'self' THEN false END`
  }
  if (columns.has('purpose')) {
    return `CASE WHEN lower(purpose) IN ('ticket', 'call') THEN true
      WHEN purpose IS NULL OR lower(purpose) = 'grant' THEN false END`
  }
  return columns.has('ticket') ? 'ticket IS NOT NULL' : 'NULL::BOOLEAN'
}

function rejectText(columns: ReadonlySet<DisclosureColumn>): string {
  const parts = [...columns].map((column) => `'${column}=' || coalesce(left(${column}, 200), '')`)
  return `concat_ws(' ', ${parts.join(', ')})`
}
