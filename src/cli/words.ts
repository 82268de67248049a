/** Numbers, times and names as people read them: the same words on the terminal and in the report. */
import type { AffectedTier, VerdictKind } from '../cases/document.ts'

/** `68120` -> `68,120`. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

/** "1 report", "2 reports". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

/** A share (0..1) in percent, never rounded to "0%" or "100%" when it is neither. */
export function share(value: number): string {
  if (!Number.isFinite(value)) return 'unknown'
  const percent = value * 100
  if (value <= 0) return '0%'
  if (value >= 1) return '100%'
  if (percent < 0.01) return '<0.01%'
  if (percent > 99.9) return '>99.9%'
  return `${trimZeros(percent.toFixed(percent < 1 ? 2 : 1))}%`
}

const SCALES: readonly [log10: number, word: string][] = [
  [12, ' trillion'],
  [9, ' billion'],
  [6, ' million'],
]

/** Evidence as a bet against chance: log10 6.5 -> `3.2 million to 1`; below even, `40 to 1 against`. */
export function odds(log10: number): string {
  if (!Number.isFinite(log10)) return 'none'
  if (log10 < -6) return 'over a million to 1 against'
  if (log10 < -0.04) return `${magnitude(-log10)} to 1 against`
  return `${magnitude(log10)} to 1`
}

function magnitude(log10: number): string {
  if (log10 >= 15) return `10^${Math.floor(log10)}`
  for (const [floor, word] of SCALES) {
    if (log10 >= floor) return `${digits(10 ** (log10 - floor))}${word}`
  }
  return digits(10 ** log10)
}

function digits(value: number): string {
  return value < 9.95 ? trimZeros(value.toFixed(1)) : count(Number(value.toPrecision(2)))
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

/** `2026-03-05T14:02:11Z` -> `2026-03-05`; what is no time is shown as it is. */
export function day(iso: string): string {
  return /^\d{4}-\d\d-\d\dT/.test(iso) ? iso.slice(0, 10) : visible(iso)
}

/** `2026-03-05T14:02:11Z` -> `2026-03-05 14:02`; the page says once that times are UTC. */
export function minute(iso: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(iso)
    ? `${iso.slice(0, 10)} ${iso.slice(11, 16)}`
    : visible(iso)
}

// Control characters steer a terminal; bidirectional overrides and isolates make text read as
// something it is not. Both are shown as what they are.
const UNSEEN =
  /[\p{Cc}\u00ad\u200b-\u200d\u2060-\u2064\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]|\p{Cs}/gu

/** Text from a log or a report, with characters that act instead of being read made visible. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`)
}

/** Shortened in the middle, where keys and addresses differ least. */
export function shorten(text: string, max: number): string {
  const chars = [...text]
  if (chars.length <= max) return text
  const head = Math.ceil((max - 1) / 2)
  return `${chars.slice(0, head).join('')}…${chars.slice(chars.length - (max - 1 - head)).join('')}`
}

/** `a, b and 3 others`. */
export function listed(items: readonly string[], max = 4): string {
  if (items.length === 0) return 'nobody'
  const rest = items.length - max
  if (rest > 0) return `${items.slice(0, max).join(', ')} and ${plural(rest, 'other')}`
  if (items.length === 1) return items[0]
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}

/** The verdict as a heading. */
export const VERDICT_WORD: Record<VerdictKind, string> = {
  named: 'Named',
  leading: 'Leading, not yet named',
  outside: 'Outside the log',
  undecided: 'Undecided: not enough yet',
}

/** What is true of the customers of a tier. */
export const TIER_WORD: Record<AffectedTier, string> = {
  reported: 'reported a call',
  unexplained: 'shown with no ticket to explain it',
  explained: 'shown for a ticket',
}
