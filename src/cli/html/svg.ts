/** Scales, ticks and small shapes of the pictures. Lengths are SVG user units, one a CSS pixel. */
import { type Markup, markup } from './markup.ts'

/** Each picture is drawn twice, for a page and for a phone, so that its text keeps its size. */
export interface Frame {
  readonly kind: 'wide' | 'narrow'
  readonly width: number
}

export const FRAMES: readonly Frame[] = [
  { kind: 'wide', width: 880 },
  { kind: 'narrow', width: 320 },
]

export interface Scale {
  (value: number): number
  readonly domain: readonly [number, number]
}

/** A linear scale that keeps what lies outside its domain at its ends. */
export function linear(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [low, high] = domain
  const span = high - low || 1
  const scale = (value: number) => {
    const at = Math.min(1, Math.max(0, (value - low) / span))
    return round(range[0] + at * (range[1] - range[0]))
  }
  return Object.assign(scale, { domain })
}

/** One decimal: a tenth of a pixel is not seen, and thousands of points stay small. */
export function round(value: number): number {
  return Math.round(value * 10) / 10
}

/** At most `max` round values (1, 2 or 5 times a power of ten) that cover the domain. */
export function ticks(low: number, high: number, max: number, least = 0): number[] {
  const span = high - low || 1
  let step = 10 ** Math.floor(Math.log10(span / max))
  for (const factor of [1, 2, 5, 10]) {
    if (span / (step * factor) <= max) {
      step *= factor
      break
    }
  }
  step = Math.max(step, least)
  const out: number[] = []
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++)
    out.push(Number((i * step).toPrecision(12)))
  return out
}

const DAY_S = 86_400
const STEPS_DAYS = [1, 2, 7, 14]
const STEPS_MONTHS = [1, 2, 3, 6, 12, 24, 60, 120]

/** At most `max` starts of days, weeks, months or years (epoch seconds) with labels. */
export function timeTicks(
  fromS: number,
  toS: number,
  max: number,
): { atS: number; label: string }[] {
  const days = (toS - fromS) / DAY_S
  const step = STEPS_DAYS.find((one) => days / one <= max)
  const out: { atS: number; label: string }[] = []
  if (step !== undefined) {
    const first = Math.ceil(fromS / DAY_S)
    for (let at = first; at * DAY_S <= toS; at += step)
      out.push({ atS: at * DAY_S, label: iso(at * DAY_S).slice(5, 10) })
    return out
  }
  const months = STEPS_MONTHS.find((one) => days / 30.4 / one <= max) ?? 240
  const start = new Date(fromS * 1000)
  let month = start.getUTCFullYear() * 12 + start.getUTCMonth() + 1
  month = Math.ceil(month / months) * months
  for (let atS = monthS(month); atS <= toS; month += months, atS = monthS(month)) {
    out.push({ atS, label: iso(atS).slice(0, months >= 12 ? 4 : 7) })
  }
  return out
}

function monthS(month: number): number {
  return Date.UTC(Math.floor(month / 12), month % 12, 1) / 1000
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** `10^22 to 1` as it is set in print: `10²² to 1`. */
export function raised(words: string): string {
  return words.replace(/10\^(-?)(\d+)/g, (_, sign: string, digits: string) => {
    const up = [...digits].map((digit) => SUPERSCRIPTS[Number(digit)]).join('')
    return `10${sign === '' ? '' : '⁻'}${up}`
  })
}

/** Moves labels apart, keeping their order, so that none overlaps within [top, bottom]. */
export function spread(
  wanted: readonly number[],
  gap: number,
  top: number,
  bottom: number,
): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b])
  const placed = [...wanted]
  let floor = top
  for (const i of order) {
    placed[i] = Math.max(floor, wanted[i])
    floor = placed[i] + gap
  }
  let ceiling = bottom
  for (const i of order.toReversed()) {
    placed[i] = Math.min(ceiling, placed[i])
    ceiling = placed[i] - gap
  }
  return placed.map(round)
}

/** Characters that fit into a width, at the mean advance of a 12-pixel system font. */
export function fits(width: number): number {
  return Math.max(4, Math.floor(width / 7))
}

export interface TextOptions {
  readonly anchor?: 'start' | 'middle' | 'end'
  readonly kind?: string
}

export function text(x: number, y: number, words: string, options: TextOptions = {}): Markup {
  return markup`<text x="${round(x)}" y="${round(y)}" class="${options.kind ?? 't'}" text-anchor="${options.anchor ?? 'start'}">${words}</text>`
}

export function line(x1: number, y1: number, x2: number, y2: number, kind: string): Markup {
  return markup`<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" class="${kind}"/>`
}

export function path(d: string, kind: string): Markup {
  return markup`<path d="${d}" class="${kind}"/>`
}

/** The picture itself: an image to those who cannot see it, with a label that says what it shows. */
export function picture(
  frame: Frame,
  height: number,
  label: string,
  shapes: readonly Markup[],
): Markup {
  const h = Math.ceil(height)
  return markup`<svg class="pic ${frame.kind}" viewBox="0 0 ${frame.width} ${h}" width="${frame.width}" height="${h}" role="img" aria-label="${label}" xmlns="http://www.w3.org/2000/svg">${shapes}</svg>`
}
