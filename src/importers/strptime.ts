/** Reads one time as the engine reads a column of them (src/index/times-sql.ts); for the small files
 * that do not go through the engine. */
import { TelltaleError } from '../base/errors.ts'
import {
  EPOCH_UNITS,
  FRACTION,
  OFFSET_WRONG,
  type PatternReading,
  type TimeReading,
} from '../disclosure/times.ts'
import { instantOf, isZone } from '../disclosure/zones.ts'

export interface ReadTime {
  readonly atS: number
  /** It carried no offset and was read in the zone given. */
  readonly local: boolean
  /** It said a date and no time of day, and was taken as the start of that day. */
  readonly wholeDay: boolean
}

/** The time, in whole epoch seconds, or null where the text is none. Local times are read in
 * `zone`, at the earlier instant where its clock shows them twice or never: the careful side for a
 * contact, because fewer accesses then come before it. */
export function readTime(text: string, reading: TimeReading, zone: string): ReadTime | null {
  const value = text.trim()
  if (reading.kind === 'epoch') return readEpoch(value, EPOCH_UNITS[reading.format])
  const parts = reading.kind === 'iso' ? readIso(value) : readPatterns(value, reading)
  if (parts === null) return null
  const localS = localSeconds(parts)
  if (localS === null) return null
  if (parts.offsetS !== undefined) {
    if (WRONG_OFFSET.test(value)) return null
    return { atS: localS - parts.offsetS, local: false, wholeDay: false }
  }
  const own = parts.zone
  const atS = instantOf(own ?? zone, localS, 'earlier').atS
  return { atS, local: own === undefined, wholeDay: parts.hour === undefined }
}

const WRONG_OFFSET = new RegExp(OFFSET_WRONG)

function readEpoch(value: string, scale: number): ReadTime | null {
  if (!/^\d+(?:\.\d*)?$/.test(value)) return null
  const digits = Math.round(Math.log10(scale))
  const [whole] = value.split('.')
  const seconds = Number(whole.slice(0, whole.length - digits) || '0')
  return { atS: seconds, local: false, wholeDay: false }
}

interface Parts {
  year?: number
  month?: number
  day?: number
  hour?: number
  minute?: number
  second?: number
  afternoon?: boolean
  offsetS?: number
  zone?: string
  iso?: boolean
}

const ISO =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s?(Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?$/

function readIso(value: string): Parts | null {
  const match = ISO.exec(value)
  if (!match) return null
  const [year, month, day, hour, minute, second] = match
    .slice(1, 7)
    .map((digits) => (digits === undefined ? undefined : Number(digits)))
  return {
    ...{ year, month, day, hour, minute, second, iso: true },
    ...(match[7] === undefined ? {} : { offsetS: offsetSeconds(match[7]) }),
  } as Parts
}

function offsetSeconds(text: string): number {
  if (!/^[+-]/.test(text)) return 0
  const digits = text.slice(1).replace(':', '').padEnd(4, '0')
  const seconds = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2)) * 60
  return text[0] === '-' ? -seconds : seconds
}

/** Seconds of the local time as if it were UTC; null where there is no such date or time. */
function localSeconds(parts: Parts): number | null {
  const { year = 1900, month = 1, day = 1, minute = 0, second = 0, afternoon } = parts
  const hour = ((parts.hour ?? 0) % (afternoon === undefined ? 24 : 12)) + (afternoon ? 12 : 0)
  const isHour =
    afternoon === undefined
      ? (parts.hour ?? 0) < 24 || isMidnight(parts)
      : (parts.hour ?? 0) > 0 && (parts.hour ?? 0) < 13
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  // The year 24 would be taken for 1924.
  if (year < 100) return null
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  if (!isReal || !isHour || minute > 59 || second > 59) return null
  return date.getTime() / 1000 + (isMidnight(parts) ? 86_400 : 0)
}

/** 24:00 is the end of its day (ISO 8601). */
function isMidnight({ hour, minute = 0, second = 0, iso }: Parts): boolean {
  return iso === true && hour === 24 && minute === 0 && second === 0
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const LONG_MONTHS =
  'january|february|march|april|may|june|july|august|september|october|november|december'
const DAYS = 'mon|tue|wed|thu|fri|sat|sun'
const LONG_DAYS = 'monday|tuesday|wednesday|thursday|friday|saturday|sunday'

type Directive = readonly [pattern: string, take: (text: string, parts: Parts) => void]

const number =
  (key: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second') =>
  (text: string, parts: Parts): void => {
    parts[key] = Number(text)
  }
const ignore = (): void => {}
const takeMonth = (text: string, parts: Parts): void => {
  parts.month = MONTHS.indexOf(text.slice(0, 3).toLowerCase()) + 1
}

const DIRECTIVES: Record<string, Directive> = {
  Y: ['\\d{4}', number('year')],
  y: [
    '\\d{2}',
    (text, parts) => {
      parts.year = Number(text) + (Number(text) < 69 ? 2000 : 1900)
    },
  ],
  m: ['\\d{1,2}', number('month')],
  d: ['\\d{1,2}', number('day')],
  b: [MONTHS.join('|'), takeMonth],
  B: [LONG_MONTHS, takeMonth],
  a: [DAYS, ignore],
  A: [LONG_DAYS, ignore],
  H: ['\\d{1,2}', number('hour')],
  I: ['\\d{1,2}', number('hour')],
  M: ['\\d{1,2}', number('minute')],
  S: ['\\d{1,2}', number('second')],
  f: ['\\d{1,6}', ignore],
  g: ['\\d{1,3}', ignore],
  n: ['\\d{1,9}', ignore],
  p: [
    '[ap]m',
    (text, parts) => {
      parts.afternoon = text.toLowerCase() === 'pm'
    },
  ],
  z: [
    '[+-]\\d{2}(?::?\\d{2})?',
    (text, parts) => {
      parts.offsetS = offsetSeconds(text)
    },
  ],
  Z: [
    '[A-Za-z][A-Za-z0-9_+/-]*',
    (text, parts) => {
      if (isZone(text)) parts.zone = text
    },
  ],
}

function readPatterns(value: string, reading: PatternReading): Parts | null {
  const text = reading.cutFraction ? value.replace(new RegExp(FRACTION), '$1') : value
  for (const pattern of reading.local) {
    const parts = compiled(pattern)(text)
    if (parts) return parts
  }
  for (const pattern of reading.offset) {
    const parts = compiled(pattern)(text)
    if (parts?.offsetS !== undefined || parts?.zone !== undefined) return parts
  }
  for (const pattern of reading.utc) {
    const parts = compiled(pattern)(text)
    if (parts) return { ...parts, offsetS: 0 }
  }
  return null
}

const compiledPatterns = new Map<string, (text: string) => Parts | null>()

/** Throws TIME_FORMAT_INVALID for a directive that is not known here. */
function compiled(pattern: string): (text: string) => Parts | null {
  const known = compiledPatterns.get(pattern)
  if (known) return known
  const takes: Directive[1][] = []
  const source = pattern.replace(/%-?(.)|([^%]+)|%$/g, (whole, letter, plainText) => {
    if (plainText !== undefined) return escapeRegExp(plainText)
    if (letter === '%') return '%'
    const directive = DIRECTIVES[letter]
    if (directive === undefined) {
      const reason = `${whole} is not a directive known here`
      throw new TelltaleError('TIME_FORMAT_INVALID', { format: pattern, reason })
    }
    takes.push(directive[1])
    return `(${directive[0]})`
  })
  const expression = new RegExp(`^${source}$`, 'i')
  const read = (text: string): Parts | null => {
    const match = expression.exec(text)
    if (!match) return null
    const parts: Parts = {}
    for (const [i, take] of takes.entries()) take(match[i + 1], parts)
    return parts
  }
  compiledPatterns.set(pattern, read)
  return read
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
