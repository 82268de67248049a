/** Text rows -> clean values or a reject reason, in SQL: one way for CSV, JSON lines and Parquet. */
import { FUTURE_TOLERANCE_S, KEY_BYTES_MAX, REJECT_TEXT_MAX, TIME_MIN_S } from '../base/limits.ts'
import { DISCLOSURE_COLUMNS, type DisclosureColumn } from '../disclosure/source.ts'
import { sqlText } from './sql.ts'
import { type ColumnReading, timeSql } from './times-sql.ts'

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
 * because both may tell two people apart. Only values that may have any go through the pattern:
 * most have none, and the pattern takes five times as long as finding that out. */
export function trimmedText(text: string): string {
  const ends = [' ', '\t', '\n', '\r', '\v', '\f']
    .map((space) => `ends_with(${text}, ${sqlText(space)})`)
    .join(' OR ')
  return `CASE WHEN ${text} < '!' OR ${ends} OR strlen(${text}) <> length(${text})
    THEN regexp_replace(${text}, ${sqlText(`^${SPACE}|${SPACE}$`)}, '', 'g') ELSE ${text} END`
}

/** NULL in place of a text that says there is none. */
export function presentText(column: string): string {
  return `CASE WHEN ${column} NOT IN ('', ${EMPTY_WORDS.map(sqlText).join(', ')}) THEN ${column} END`
}

/** What a list of field names holds that is more than its punctuation. */
const SOME_NAME = `[^\\s\\[\\]"';|,]`

export interface Reading {
  readonly columns: ReadonlySet<DisclosureColumn>
  readonly time: ColumnReading
  readonly zone: string
  /** The import's clock, epoch seconds. */
  readonly nowS: number
}

/** The rows that are understood. `rows` is a relation with `line` and the reading's columns as
 * trimmed text. `time_kind`: 0 with an offset, 1 without, 2 a date; `local_s`: a time without an
 * offset as its clock showed it. */
export function cleanSql(rows: string, reading: Reading): string {
  return `${judgedSql(rows, reading)} ${selected(reading)} FROM judged WHERE reason IS NULL`
}

/** The same of rows that are all known to be understood. */
export function provenSql(rows: string, reading: Reading): string {
  return `${placedSql(rows, reading)} ${selected(reading)} FROM placed`
}

function selected(reading: Reading): string {
  const has = (column: DisclosureColumn, sql: string = column) =>
    `${reading.columns.has(column) ? sql : 'NULL::VARCHAR'} AS ${column}`
  return `
    SELECT agent, customer, at_s::UINTEGER AS "at", ${has('fields', fieldsSql(reading.columns))},
      ${has('ticket')}, ${groundedSql(reading.columns)} AS grounded, ${has('queue')},
      ${has('path', 'lower(path)')},
      CASE WHEN zoned IS NOT NULL THEN 0 WHEN whole_day THEN 2 ELSE 1 END::UTINYINT AS time_kind,
      ${isUtc(reading) ? 'NULL::BIGINT' : 'CASE WHEN zoned IS NULL THEN epoch_us(local) // 1000000 END'} AS local_s`
}

/** The same as a log records them: with milliseconds, and with what an index does not keep. */
export function loggedSql(rows: string, reading: Reading): string {
  const has = (column: DisclosureColumn, sql: string = `lower(${column})`) =>
    `${reading.columns.has(column) ? sql : 'NULL::VARCHAR'} AS ${column}`
  const ms =
    'CASE WHEN zoned IS NOT NULL THEN epoch_us(zoned) ELSE epoch_us(local) END // 1000 % 1000'
  return `${judgedSql(rows, reading)}
    SELECT line::DOUBLE, agent, customer, (at_s * 1000 + ${ms})::DOUBLE, ${has('fields')},
      ${has('masked')}, ${has('ticket', 'ticket')}, ${has('purpose')}, ${has('grade')},
      ${groundedSql(reading.columns)}, ${has('queue', 'queue')}
    FROM judged WHERE reason IS NULL ORDER BY line`
}

/** The other rows: line, reason, and the values as they were read. */
export function rejectedSql(rows: string, reading: Reading): string {
  const parts = [...reading.columns].map(
    (column) => `'${column}=' || coalesce(left(${column}::VARCHAR, 200), '')`,
  )
  const text = `left(concat_ws(' ', ${parts.join(', ')}), ${REJECT_TEXT_MAX}) AS text`
  return `${judgedSql(rows, reading, [text])}
    SELECT line, reason, text FROM judged WHERE reason IS NOT NULL`
}

function isUtc({ zone }: Reading): boolean {
  return zone === 'UTC' || zone === 'Etc/UTC'
}

function placedSql(rows: string, reading: Reading, further: readonly string[] = []): string {
  const present = DISCLOSURE_COLUMNS.filter((column) => reading.columns.has(column)).map(
    (column) =>
      column === 'time' && reading.time.kind === 'native'
        ? 'time'
        : `${presentText(column)} AS ${column}`,
  )
  const time = timeSql('time', reading.time)
  const local = 'CASE WHEN whole_day THEN local + INTERVAL 86399 SECOND ELSE local END'
  // The engine's zone data is for zones that have any: for UTC it costs and changes nothing.
  const instant = isUtc(reading) ? local : `timezone(${sqlText(reading.zone)}, ${local})`
  return `
    WITH cleaned AS (SELECT line, ${[...present, ...further].join(', ')} FROM ${rows}),
    timed AS (SELECT *, ${time.zoned} AS zoned, ${time.local} AS local,
      ${time.wholeDay} AS whole_day FROM cleaned),
    placed AS (SELECT *,
      coalesce(epoch_us(zoned), epoch_us(${instant})) // 1000000 AS at_s FROM timed)`
}

function judgedSql(rows: string, reading: Reading, further: readonly string[] = []): string {
  return `${placedSql(rows, reading, further)},
    judged AS (SELECT *, ${reasonSql(reading)} AS reason FROM placed)`
}

function reasonSql({ columns, nowS }: Reading): string {
  const long = (['agent', 'customer', 'ticket', 'queue'] as const)
    .filter((column) => columns.has(column))
    .map((column) => `coalesce(strlen(${column}), 0) > ${KEY_BYTES_MAX}`)
    .join(' OR ')
  return `CASE WHEN agent IS NULL THEN 'no-agent' WHEN customer IS NULL THEN 'no-customer'
    WHEN ${long} THEN 'key-too-long' WHEN at_s IS NULL THEN 'bad-time'
    WHEN at_s > ${nowS + FUTURE_TOLERANCE_S} THEN 'future-time'
    WHEN at_s < ${TIME_MIN_S} THEN 'old-time' END`
}

/** The fields shown clear, as one text: NULL where none are recorded, empty where all are masked. */
function fieldsSql(columns: ReadonlySet<DisclosureColumn>): string {
  if (!columns.has('masked') || !columns.has('fields')) return 'lower(fields)'
  const names = (column: string) => `regexp_matches(coalesce(${column}, ''), ${sqlText(SOME_NAME)})`
  const isMasked = `${names('masked')} AND lower(masked) NOT IN ('false', 'no', '0')`
  return `CASE WHEN ${names('fields')} THEN lower(fields) WHEN ${isMasked} THEN '' END`
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
