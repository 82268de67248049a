/**
 * How a column of times is read: what the formats are, and what a sample of values says. Whether a
 * date is day/month or month/day is never guessed: a value above 12 must decide, and none contradict.
 */

export const EPOCH_UNITS = {
  'epoch-s': 1,
  'epoch-ms': 1e3,
  'epoch-us': 1e6,
  'epoch-ns': 1e9,
} as const
export type EpochFormat = keyof typeof EPOCH_UNITS

/** strptime patterns by what they say of the zone: nothing, an offset (%z, %Z), or UTC in words. */
export interface PatternReading {
  readonly kind: 'pattern'
  readonly local: readonly string[]
  readonly offset: readonly string[]
  readonly utc: readonly string[]
  /** Fractions of a second are cut off before the patterns are tried. */
  readonly cutFraction: boolean
  /** The pattern holds no time of day. */
  readonly dateOnly: boolean
}

/** An offset after a time that no clock has: beyond 18 hours, or of 60 minutes and more. A regular
 * expression that the engine and the runtime read alike. */
export const OFFSET_WRONG =
  '(?::\\d\\d|\\d{4})(?:[.,]\\d+)?(?: ?[AaPp][Mm])? ?[+-]' +
  '(?:(?:[2-9]\\d|19)(?::?\\d\\d)?|18:?(?:0[1-9]|[1-9]\\d)|\\d\\d:?[6-9]\\d)(?:\\s|$)'

/** How the times of one column are to be read. */
export type TimeReading =
  | { readonly kind: 'iso' }
  | { readonly kind: 'epoch'; readonly format: EpochFormat }
  | PatternReading

/** Fractions of a second, after `:SS` or a run of at least six digits. */
export const FRACTION = '(:\\d\\d|\\d{6})[.,]\\d+'

/** The reading that a `--time-format` asks for. Offsets in the values are understood in any case. */
export function readingOf(format: string): TimeReading {
  if (format === 'iso') return { kind: 'iso' }
  if (format in EPOCH_UNITS) return { kind: 'epoch', format: format as EpochFormat }
  return patternReading([format], false)
}

function patternReading(patterns: readonly string[], cutFraction: boolean): PatternReading {
  const saysOffset = (pattern: string) => /%z/i.test(pattern)
  const saysUtc = (pattern: string) => /[^%](?:Z|UTC|GMT)$/.test(pattern)
  const local = patterns.filter((pattern) => !saysOffset(pattern) && !saysUtc(pattern))
  const timed = local.filter(hasTimeOfDay)
  return {
    kind: 'pattern',
    local,
    offset: [
      ...patterns.filter(saysOffset),
      ...timed.flatMap((pattern) => [`${pattern}%z`, `${pattern} %z`]),
    ],
    utc: [
      ...patterns.filter(saysUtc),
      ...patterns.filter(saysOffset).map((pattern) => pattern.replace(/%z/i, 'Z')),
      ...timed.flatMap((pattern) => [`${pattern}Z`, `${pattern} UTC`]),
    ],
    cutFraction,
    dateOnly: !patterns.some(hasTimeOfDay),
  }
}

function hasTimeOfDay(pattern: string): boolean {
  return /%-?[HIMScXT]/.test(pattern)
}

/** What a sample says. `ambiguous`: both orders of day and month fit; `contradictory`: neither fits
 * all; `unknown`: no format known here. `example` is a value that shows it. */
export type TimeGuess =
  | { readonly kind: 'reading'; readonly reading: TimeReading; readonly shown: string }
  | { readonly kind: 'ambiguous' | 'contradictory' | 'unknown'; readonly example: string }

/** Values of no known kind become rejects, as long as they are the smaller part. */
const UNKNOWN_SHARE_MAX = 0.5

/** Values of other known kinds would be rejects too; more than a few mean that no one format fits. */
const OTHER_KINDS_SHARE_MAX = 0.1

/** Guesses from non-empty values; `dates` are further values that may decide the order of day and
 * month. */
export function guessReading(
  values: readonly string[],
  dates: readonly string[] = values,
): TimeGuess {
  const shapes = values.map((value) => shapeOf(value.trim()))
  const kinds = new Map<string, number>()
  for (const shape of shapes) if (shape) kinds.set(shape.kind, (kinds.get(shape.kind) ?? 0) + 1)
  const [kind, count] = [...kinds].sort((a, b) => b[1] - a[1])[0] ?? ['', 0]
  const known = shapes.filter((shape) => shape !== null).length
  const unknown = values.length - known
  const others = known - count
  if (
    count === 0 ||
    unknown > UNKNOWN_SHARE_MAX * values.length ||
    others > OTHER_KINDS_SHARE_MAX * values.length
  ) {
    const odd = shapes.findIndex((shape) => shape?.kind !== kind)
    return { kind: 'unknown', example: values[Math.max(0, odd)] ?? '' }
  }
  if (kind === 'iso') return { kind: 'reading', reading: { kind: 'iso' }, shown: 'ISO 8601' }
  if (kind in EPOCH_UNITS) {
    const format = kind as EpochFormat
    return { kind: 'reading', reading: { kind: 'epoch', format }, shown: format }
  }
  const found = shapes.filter((shape) => shape?.kind === kind) as Shape[]
  const patterns = [...new Set(found.map((shape) => shape.pattern))]
  if (kind !== 'numeric') return patternGuess(patterns)
  const order = orderOf(dates)
  if (order.kind !== 'order') return order
  return patternGuess(
    patterns.map((pattern) => pattern.replace('%1', order.first).replace('%2', order.second)),
  )
}

function patternGuess(patterns: string[]): TimeGuess {
  return {
    kind: 'reading',
    reading: patternReading(patterns, true),
    shown: patterns.join(' or '),
  }
}

/** Whether the order of day and month matters in this value. */
export function isNumericDate(value: string): boolean {
  return NUMERIC.test(value.trim().replace(WEEKDAY, ''))
}

type Order =
  | { readonly kind: 'order'; readonly first: string; readonly second: string }
  | { readonly kind: 'ambiguous' | 'contradictory'; readonly example: string }

function orderOf(dates: readonly string[]): Order {
  let dayFirst: string | undefined
  let monthFirst: string | undefined
  for (const date of dates) {
    const match = NUMERIC.exec(date.trim().replace(WEEKDAY, ''))
    if (!match) continue
    if (Number(match[1]) > 12) dayFirst ??= date
    if (Number(match[3]) > 12) monthFirst ??= date
  }
  if (dayFirst !== undefined && monthFirst !== undefined) {
    return { kind: 'contradictory', example: `${dayFirst} and ${monthFirst}` }
  }
  if (dayFirst !== undefined) return { kind: 'order', first: '%d', second: '%m' }
  if (monthFirst !== undefined) return { kind: 'order', first: '%m', second: '%d' }
  return { kind: 'ambiguous', example: dates[0] ?? '' }
}

interface Shape {
  readonly kind: string
  readonly pattern: string
}

const ISO =
  /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s?(?:Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?$/
const WEEKDAY = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? /i
const NUMERIC = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)/
const TIME =
  /^(T|, ?| |:)(\d{1,2}):\d{2}(:\d{2}(?:[.,]\d+)?)?(?:( ?)([AaPp][Mm]))?(?:( ?)(Z|UTC|GMT|[+-]\d{2}:?\d{2}))?$/
const COMPACT = /^\d{8}(?:(T?)\d{6}(?:[.,]\d+)?(?:( ?)(Z|[+-]\d{2}:?\d{2}))?)?$/

/** The kind of one value, and its pattern; `%1` and `%2` stand for day and month in either order. */
function shapeOf(value: string): Shape | null {
  if (ISO.test(value)) return { kind: 'iso', pattern: '' }
  const epoch = epochOf(value)
  if (epoch) return { kind: epoch, pattern: '' }
  const compact = COMPACT.exec(value)
  if (compact) return compactShape(value, compact)
  const weekday = WEEKDAY.exec(value)?.[0] ?? ''
  const date = datePart(value.slice(weekday.length))
  if (!date) return null
  const time = timePattern(value.slice(weekday.length + date.length))
  if (time === null) return null
  return { kind: date.kind, pattern: weekdayPattern(weekday) + date.pattern + time }
}

function epochOf(value: string): EpochFormat | null {
  const digits = /^(\d+)(?:\.\d*)?$/.exec(value)?.[1].length
  if (digits === 9 || digits === 10) return 'epoch-s'
  if (digits === 12 || digits === 13) return 'epoch-ms'
  if (digits === 15 || digits === 16) return 'epoch-us'
  return digits === 18 || digits === 19 ? 'epoch-ns' : null
}

function compactShape(value: string, match: RegExpExecArray): Shape {
  const time = value.length > 8 ? `${match[1]}%H%M%S` : ''
  const zone = match[3] ? `${match[2]}${match[3] === 'Z' ? 'Z' : '%z'}` : ''
  return { kind: 'compact', pattern: `%Y%m%d${time}${zone}` }
}

function weekdayPattern(weekday: string): string {
  if (weekday === '') return ''
  const name = weekday.replace(/[, ]+$/, '')
  return (name.length > 3 ? '%A' : '%a') + weekday.slice(name.length)
}

function datePart(value: string): (Shape & { length: number }) | null {
  const year = /^\d{4}([-/.])\d{1,2}\1\d{1,2}/.exec(value)
  if (year) {
    const [all, mark] = year
    return { kind: 'year-first', pattern: `%Y${mark}%m${mark}%d`, length: all.length }
  }
  const numeric = NUMERIC.exec(value)
  if (numeric) {
    const [all, , mark, , y] = numeric
    return { kind: 'numeric', pattern: `%1${mark}%2${mark}${yearOf(y)}`, length: all.length }
  }
  const dayName = /^\d{1,2}([-/ .])([A-Za-z]{3,9})\1(\d{4}|\d{2})(?!\d)/.exec(value)
  if (dayName) {
    const [all, mark, name, y] = dayName
    return {
      kind: 'day-name',
      pattern: `%d${mark}${monthOf(name)}${mark}${yearOf(y)}`,
      length: all.length,
    }
  }
  const nameDay = /^([A-Za-z]{3,9}) \d{1,2}(,?) (\d{4})/.exec(value)
  if (!nameDay) return null
  const [all, name, comma] = nameDay
  return { kind: 'name-day', pattern: `${monthOf(name)} %d${comma} %Y`, length: all.length }
}

function yearOf(digits: string): string {
  return digits.length === 4 ? '%Y' : '%y'
}

function monthOf(name: string): string {
  return name.length === 3 ? '%b' : '%B'
}

/** Pattern of what follows the date, without fractions of a second; null where it is no time. */
function timePattern(text: string): string | null {
  if (text === '') return ''
  const match = TIME.exec(text)
  if (!match) return null
  const [, mark, , seconds, halfMark = '', half, zoneMark = '', zone] = match
  const zonePattern = zone === undefined ? '' : /^[A-Z]/.test(zone) ? zone : '%z'
  const clock = `${half ? '%I' : '%H'}:%M${seconds ? ':%S' : ''}`
  return `${mark}${clock}${half ? `${halfMark}%p` : ''}${zone ? zoneMark : ''}${zonePattern}`
}
