/**
 * Times in SQL. A value that carries an offset is an instant; one that does not is a local time of
 * the zone. Where the zone's clock shows a local time twice or never, the engine takes the later
 * instant, the careful side for an access: it then counts for fewer calls, never for more.
 */
import {
  EPOCH_UNITS,
  FRACTION,
  OFFSET_WRONG,
  type PatternReading,
  type TimeReading,
} from '../disclosure/times.ts'
import { sqlList, sqlText } from './sql.ts'

/** SQL expressions over a text: `zoned` a TIMESTAMPTZ, `local` a TIMESTAMP without offset, at most
 * one of them not NULL; `wholeDay` true where the value says a date and no time of day. */
export interface TimeSql {
  readonly zoned: string
  readonly local: string
  readonly wholeDay: string
}

export type ColumnReading = TimeReading | NativeReading

/** A column whose type is a time already, as Parquet may have it. */
export interface NativeReading {
  readonly kind: 'native'
  readonly type: 'TIMESTAMP' | 'TIMESTAMPTZ' | 'DATE'
}

export function timeSql(column: string, reading: ColumnReading): TimeSql {
  if (reading.kind === 'iso') return isoSql(column)
  if (reading.kind === 'pattern') return patternSql(column, reading)
  if (reading.kind === 'native') return nativeSql(column, reading)
  // The fraction is cut off before the cast, which would round.
  const units = `TRY_CAST(split_part(${column}, '.', 1) AS BIGINT)`
  const seconds = `${units} // ${EPOCH_UNITS[reading.format]}`
  return {
    zoned: `CASE WHEN ${seconds} BETWEEN 0 AND 4294967295 THEN to_timestamp((${seconds})::BIGINT) END`,
    local: 'NULL::TIMESTAMP',
    wholeDay: 'false',
  }
}

function nativeSql(column: string, { type }: NativeReading): TimeSql {
  const isZoned = type === 'TIMESTAMPTZ'
  return {
    zoned: isZoned ? `${column}::TIMESTAMPTZ` : 'NULL::TIMESTAMPTZ',
    local: isZoned ? 'NULL::TIMESTAMP' : `${column}::TIMESTAMP`,
    wholeDay: String(type === 'DATE'),
  }
}

const ISO_OFFSET = '\\d(?:\\.\\d+)? ?(?:[Zz]|UTC|GMT|[+-]\\d\\d(?::?\\d\\d)?)$'

function isoSql(text: string): TimeSql {
  const hasOffset = `(strlen(${text}) > 12 AND regexp_matches(${text}, ${sqlText(ISO_OFFSET)}))`
  const plain = isoPlain(text)
  const cast = (type: string) =>
    `coalesce(TRY_CAST(${text} AS ${type}), TRY_CAST(${plain} AS ${type}))`
  return {
    zoned: `CASE WHEN ${hasOffset} AND ${offsetIsReal(text)} THEN ${cast('TIMESTAMPTZ')} END`,
    local: `CASE WHEN NOT ${hasOffset} THEN ${cast('TIMESTAMP')} END`,
    wholeDay: `strlen(${text}) <= 10`,
  }
}

/** The engine itself takes +99:00. Most offsets are a Z, which needs no look. */
function offsetIsReal(text: string): string {
  return `(ends_with(${text}, 'Z') OR NOT regexp_matches(${text}, ${sqlText(OFFSET_WRONG)}))`
}

/** Forms that the engine's cast does not take: no seconds, decimal comma, a space or a word before
 * the offset, small letters. */
function isoPlain(text: string): string {
  const steps: [string, string][] = [
    [' ?(?:UTC|GMT|Z)$', 'Z'],
    [' ([+-]\\d\\d(?::?\\d\\d)?)$', '\\1'],
    ['^(\\S+)[T ](\\d{1,2}:\\d\\d)(Z|[+-].*)?$', '\\1 \\2:00\\3'],
  ]
  return steps.reduce(
    (sql, [from, to]) => `regexp_replace(${sql}, ${sqlText(from)}, ${sqlText(to)})`,
    `replace(upper(${text}), ',', '.')`,
  )
}

function patternSql(text: string, reading: PatternReading): TimeSql {
  const value = reading.cutFraction ? `regexp_replace(${text}, ${sqlText(FRACTION)}, '\\1')` : text
  const local = parseSql(value, reading.local, 'TIMESTAMP')
  const offset = offsetSql(value, reading.offset)
  const utc = `timezone('UTC', ${parseSql(value, reading.utc, 'TIMESTAMP')})`
  return {
    zoned: `CASE WHEN ${local} IS NULL THEN coalesce(${offset}, ${utc}) END`,
    local,
    wholeDay: String(reading.dateOnly),
  }
}

function parseSql(value: string, patterns: readonly string[], type: string): string {
  if (patterns.length === 0) return `NULL::${type}`
  return `try_strptime(${value}, ${sqlList(patterns)})::${type}`
}

const OFFSET_AT_END = /\s?%z$/

/** With an offset the engine reads 31 June as 1 July; without one it refuses it. So the date and time
 * must also be read without the offset. */
function offsetSql(value: string, patterns: readonly string[]): string {
  const parsed =
    patterns.length === 0
      ? parseSql(value, patterns, 'TIMESTAMPTZ')
      : `CASE WHEN ${offsetIsReal(value)} THEN ${parseSql(value, patterns, 'TIMESTAMPTZ')} END`
  if (!patterns.every((pattern) => OFFSET_AT_END.test(pattern))) return parsed
  const withoutOffset = `regexp_replace(${value}, '\\s?[+-]\\d\\d(?::?\\d\\d)?$', '')`
  const strict = patterns.map((pattern) => pattern.replace(OFFSET_AT_END, ''))
  return `CASE WHEN ${parseSql(withoutOffset, strict, 'TIMESTAMP')} IS NOT NULL THEN ${parsed} END`
}
