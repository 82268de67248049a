/** The evidence race: each agent's evidence against the number of reports, on a log scale. */
import type { VerdictDocument } from '../../cases/document.ts'
import { accusedOf } from '../facts.ts'
import { count, odds, plural, shorten, visible } from '../words.ts'
import type { Figure } from './figure.ts'
import { circle, dot, legend, stroke } from './legend.ts'
import type { Markup } from './markup.ts'
import {
  FRAMES,
  type Frame,
  fits,
  line,
  linear,
  path,
  picture,
  raised,
  round,
  type Scale,
  spread,
  text,
  ticks,
} from './svg.ts'

/** More lines than this cannot be told apart by eye. */
const LINES_MAX = 6
const ROWS_MAX = 1000
/** Up to this many reports each is marked by a dot. */
const DOTS_MAX = 30
/** Evidence below this (1 to 10,000 against) says no more than "against". */
const FLOOR = -4
const HEIGHT = { wide: 330, narrow: 260 }
const RIGHT = { wide: 236, narrow: 92 }
const LEFT = 50
const LABEL_GAP = 15

export function race(document: VerdictDocument): Figure {
  const lines = document.race.agents.slice(0, LINES_MAX)
  const n = document.reports.length
  const drawn = n > 0 && lines.length > 0
  return {
    id: 'evidence',
    title: 'Evidence after each report',
    reading:
      'Each line is one agent. Crossing the naming line with the solid line is what a name takes; it assumes nothing about who else leaks. The dashed line is quicker and assumes that every shown customer is equally likely to be sold.',
    pictures: drawn ? FRAMES.map((frame) => draw(document, frame, lines)) : [],
    table: {
      caption: 'Evidence after each report, as powers of ten',
      columns: [
        { name: 'Report', kind: 'figure' },
        { name: 'Customer', kind: 'key' },
        ...lines.flatMap((agent) => [
          { name: `${agent} robust`, kind: 'figure' as const },
          { name: `${agent} sharp`, kind: 'figure' as const },
        ]),
      ],
      total: n,
      rows: document.reports
        .slice(0, ROWS_MAX)
        .map((report, r) => [
          String(r + 1),
          report.customer,
          ...lines.flatMap((_, i) => [
            decimal(document.race.log10Robust[i]?.[r]),
            decimal(document.race.log10Sharp[i]?.[r]),
          ]),
        ]),
    },
  }
}

function decimal(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? '' : value.toFixed(2)
}

interface Plot {
  readonly document: VerdictDocument
  readonly frame: Frame
  readonly x: Scale
  readonly y: Scale
  readonly top: number
  readonly bottom: number
  readonly right: number
}

function draw(document: VerdictDocument, frame: Frame, lines: readonly string[]): Markup {
  const keys = legend(frame, [
    { sample: stroke('s acc'), words: 'robust' },
    { sample: stroke('s acc dash'), words: 'sharp' },
    ...(document.reports.length <= DOTS_MAX
      ? [{ sample: dot('f acc', 3), words: 'a report' }]
      : []),
  ])
  const top = keys.height + 26
  const bottom = keys.height + HEIGHT[frame.kind]
  const right = frame.width - RIGHT[frame.kind]
  const values = lines.flatMap((_, i) => [
    ...(document.race.log10Robust[i] ?? []),
    ...(document.race.log10Sharp[i] ?? []),
  ])
  const finite = values.filter(Number.isFinite)
  const low = Math.max(FLOOR, Math.min(-0.5, ...finite.map((value) => value - 0.3)))
  const high = Math.max(document.race.namingLine + 0.7, ...finite.map((value) => value + 0.3))
  const plot: Plot = {
    document,
    frame,
    x: linear([1, Math.max(2, document.reports.length)], [LEFT + 10, right - 6]),
    y: linear([low, high], [bottom, top]),
    top,
    bottom,
    right,
  }
  const accused = new Set(accusedOf(document).map((entry) => entry.agent))
  // The agents that matter are drawn last, above the others.
  const order = lines
    .map((_, i) => i)
    .sort((a, b) => Number(accused.has(lines[a])) - Number(accused.has(lines[b])))
  const shapes = [
    ...keys.shapes,
    ...axes(plot),
    ...order.flatMap((i) => agentLines(plot, i, accused.has(lines[i]))),
    ...labels(plot, lines, accused),
  ]
  return picture(frame, bottom + 42, describe(document, lines), shapes)
}

function axes(plot: Plot): Markup[] {
  const { x, y, top, bottom, right, document } = plot
  const naming = y(document.race.namingLine)
  const shapes = [text(0, top - 14, 'evidence against chance', { kind: 't mute' })]
  for (const tick of ticks(y.domain[0], y.domain[1], 8, 1)) {
    const at = y(tick)
    shapes.push(line(LEFT, at, right, at, tick === 0 ? 's axis' : 's grid'))
    shapes.push(text(LEFT - 8, at + 4, power(tick), { anchor: 'end', kind: 't mute' }))
  }
  for (const tick of reportTicks(document.reports.length, plot.frame.kind === 'wide' ? 12 : 6)) {
    shapes.push(text(x(tick), bottom + 18, count(tick), { anchor: 'middle', kind: 't mute' }))
  }
  shapes.push(
    text((LEFT + right) / 2, bottom + 36, 'reports, in order of arrival', {
      anchor: 'middle',
      kind: 't mute',
    }),
  )
  shapes.push(line(LEFT, naming, right, naming, 's base naming'))
  return shapes
}

function reportTicks(n: number, max: number): number[] {
  if (n <= max) return Array.from({ length: n }, (_, i) => i + 1)
  return ticks(1, n, max, 1).filter((tick) => tick >= 1)
}

function power(log10: number): string {
  if (Math.abs(log10) > 3) return raised(`10^${log10}`)
  return log10 < 0 ? `1/${count(10 ** -log10)}` : count(10 ** log10)
}

function agentLines(plot: Plot, i: number, accused: boolean): Markup[] {
  const kind = accused ? 'acc' : 'oth'
  const robust = plot.document.race.log10Robust[i] ?? []
  const sharp = plot.document.race.log10Sharp[i] ?? []
  const shapes = [
    path(trace(plot, sharp), `s ${kind} dash`),
    path(trace(plot, robust), `s ${kind}`),
  ]
  if (robust.length <= DOTS_MAX && (accused || robust.length === 1)) {
    for (const [r, value] of robust.entries()) {
      if (Number.isFinite(value)) shapes.push(circle(plot.x(r + 1), plot.y(value), 3, `f ${kind}`))
    }
  }
  return shapes
}

/** One point a pixel column at most: the last of those that fall into it. */
function trace(plot: Plot, values: readonly number[]): string {
  let d = ''
  let column = -1
  for (const [r, value] of values.entries()) {
    if (!Number.isFinite(value)) continue
    const x = plot.x(r + 1)
    if (Math.floor(x) === column && r < values.length - 1) continue
    column = Math.floor(x)
    d += `${d === '' ? 'M' : 'L'}${x} ${plot.y(value)}`
  }
  return d === '' ? 'M0 0' : d
}

interface Label {
  readonly words: string
  readonly kind: string
  readonly log10: number
}

/** Names at the ends of their lines; the naming line has a name too. */
function labels(plot: Plot, lines: readonly string[], accused: ReadonlySet<string>): Markup[] {
  const { race: drawn } = plot.document
  const room = Math.min(16, fits(RIGHT[plot.frame.kind] - 14))
  const all: Label[] = lines.map((agent, i) => ({
    words: shorten(visible(agent), room),
    kind: accused.has(agent) ? 't acc-t bold' : 't',
    log10: last(drawn.log10Robust[i]),
  }))
  all.push({ words: 'naming line', kind: 't bold', log10: drawn.namingLine })
  const ends = all.map((label) => plot.y(label.log10))
  const at = spread(ends, LABEL_GAP, plot.top, plot.bottom)
  const x = plot.right + 12
  return all.flatMap((label, i) => {
    const shapes = [text(x, at[i] + 4, label.words, { kind: label.kind })]
    if (Math.abs(at[i] - ends[i]) > 3)
      shapes.push(line(plot.right - 4, ends[i], x - 3, at[i], 's axis'))
    if (plot.frame.kind === 'wide') {
      const bet = label.log10 < -0.04 ? 'below even' : raised(odds(label.log10))
      shapes.push(text(plot.frame.width, at[i] + 4, bet, { anchor: 'end', kind: 't mute' }))
    }
    return shapes
  })
}

function last(values: readonly number[] | undefined): number {
  return values?.at(-1) ?? 0
}

function describe(document: VerdictDocument, lines: readonly string[]): string {
  const n = document.reports.length
  const each = lines.map(
    (agent, i) => `${shorten(agent, 40)}: ${odds(round(last(document.race.log10Robust[i])))}`,
  )
  return `Line chart. Robust evidence after ${plural(n, 'report')}: ${each.join('; ')}. A name needs ${odds(document.race.namingLine)}.`
}
