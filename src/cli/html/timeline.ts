/** When each reported customer was first shown to an agent, and when the call came. */
import type { VerdictDocument } from '../../cases/document.ts'
import { count, day, minute, plural, shorten, visible } from '../words.ts'
import type { Figure } from './figure.ts'
import { cross, dot, legend, stroke } from './legend.ts'
import { type Markup, markup, NOTHING } from './markup.ts'
import { FRAMES, type Frame, line, linear, path, picture, round, text, timeTicks } from './svg.ts'
import { key } from './table.ts'

/** One row a report; more than these would not be seen apart, and the table is bounded alike. */
const ROWS_MAX = 1000
const ROW = { most: 20, least: 0.7 }
const HEIGHT_AIM = 560
/** Rows lower than this carry no label. */
const LABEL_ROW = 13

interface Row {
  readonly customer: string
  readonly shownS: number | null
  readonly calledS: number
  readonly ghost: boolean
}

export function timeline(document: VerdictDocument, agent: string, at: number): Figure {
  const rows = rowsOf(document, agent).slice(0, ROWS_MAX)
  const shown = rows.filter((row) => row.shownS !== null).length
  return {
    id: `timeline-${at + 1}`,
    title: markup`From first shown to the call: ${key(shorten(agent, 60))}`,
    reading: `One row a report, by the time of the call. A line runs from the moment this agent was first shown the customer to the call; ${plural(shown, 'reported customer')} of ${count(rows.length)} had been shown.`,
    pictures: rows.length > 0 ? FRAMES.map((frame) => draw(frame, rows, agent)) : [],
    table: {
      caption: `Reports by the time of the call, in UTC: ${shorten(visible(agent), 40)}`,
      columns: [
        { name: 'Customer', kind: 'key' },
        { name: 'First shown to this agent', kind: 'figure' },
        { name: 'Call', kind: 'figure' },
        { name: 'Days between', kind: 'figure' },
        { name: 'Shown to' },
      ],
      rows: rows.map((row) => [
        row.customer,
        row.shownS === null ? 'not before the call' : minute(stamp(row.shownS)),
        minute(stamp(row.calledS)),
        row.shownS === null ? '' : ((row.calledS - row.shownS) / 86_400).toFixed(1),
        row.ghost ? 'nobody' : row.shownS === null ? 'others' : 'this agent',
      ]),
      total: document.reports.length,
    },
  }
}

function stamp(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}

function rowsOf(document: VerdictDocument, agent: string): Row[] {
  const rows = document.reports.map((report) => {
    const first = report.shownTo.find((to) => to.agent === agent)?.firstAt
    const shownS = first === undefined ? Number.NaN : Date.parse(first) / 1000
    return {
      customer: report.customer,
      shownS: Number.isFinite(shownS) ? shownS : null,
      calledS: Date.parse(report.contactedAt) / 1000,
      ghost: report.ghost,
    }
  })
  return rows.filter((row) => Number.isFinite(row.calledS)).sort((a, b) => a.calledS - b.calledS)
}

function draw(frame: Frame, rows: readonly Row[], agent: string): Markup {
  const wide = frame.kind === 'wide'
  const keys = legend(frame, legendOf(rows))
  const pitch = Math.max(ROW.least, Math.min(ROW.most, HEIGHT_AIM / rows.length))
  const labelled = pitch >= LABEL_ROW
  const left = labelled ? (wide ? 150 : 84) : 8
  const top = keys.height + 8
  const bottom = top + rows.length * pitch + 6
  const times = rows.flatMap((row) =>
    row.shownS === null ? [row.calledS] : [row.shownS, row.calledS],
  )
  const from = times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY)
  const to = times.reduce((most, time) => Math.max(most, time), Number.NEGATIVE_INFINITY)
  const x = linear([from, Math.max(to, from + 3600)], [left + 6, frame.width - 10])
  const shapes = [...keys.shapes]
  for (const tick of timeTicks(from, to, wide ? 8 : 3)) {
    const at = x(tick.atS)
    shapes.push(
      line(at, top, at, bottom, 's grid'),
      text(at, bottom + 18, tick.label, { anchor: 'middle', kind: 't mute' }),
    )
  }
  shapes.push(...marks(rows, x, top, pitch))
  if (labelled) {
    const room = wide ? 20 : 11
    for (const [i, row] of rows.entries()) {
      shapes.push(
        text(0, top + (i + 0.5) * pitch + 4, shorten(visible(row.customer), room), { kind: 't' }),
      )
    }
  }
  return picture(frame, bottom + 26, describe(rows, agent, from, to), shapes)
}

function legendOf(rows: readonly Row[]) {
  return [
    { sample: stroke('s acc'), words: 'first shown, until the call' },
    { sample: dot('f harm', 4), words: 'call' },
    ...(rows.some((row) => row.shownS === null && !row.ghost)
      ? [{ sample: dot('harm-ring', 4), words: 'call, not shown to this agent' }]
      : []),
    ...(rows.some((row) => row.ghost)
      ? [
          {
            sample: (x: number, y: number) => cross(x, y, 4, 's harm'),
            words: 'call, shown to nobody',
          },
        ]
      : []),
  ]
}

/** One path a kind of mark, so that a thousand reports stay small. */
function marks(
  rows: readonly Row[],
  x: (seconds: number) => number,
  top: number,
  pitch: number,
): Markup[] {
  const radius = round(Math.max(0.8, Math.min(4, pitch * 0.45)))
  const d = { spans: '', starts: '', calls: '', missed: '', ghosts: '' }
  for (const [i, row] of rows.entries()) {
    const y = round(top + (i + 0.5) * pitch)
    const at = x(row.calledS)
    if (row.shownS !== null) {
      const start = x(row.shownS)
      d.spans += `M${start} ${y}H${at}`
      d.starts += `M${start} ${round(y - radius)}v${round(radius * 2)}`
      d.calls += disc(at, y, radius)
    } else if (row.ghost) {
      const r = radius
      d.ghosts += `M${round(at - r)} ${round(y - r)}l${r * 2} ${r * 2}m${-r * 2} 0l${r * 2} ${-r * 2}`
    } else {
      d.missed += disc(at, y, radius)
    }
  }
  const thin = pitch < 6 ? ' thin' : ''
  return [
    some(d.spans, `s acc${thin}`),
    pitch >= 4 ? some(d.starts, 's acc') : NOTHING,
    some(d.missed, `harm-ring${thin}`),
    some(d.calls, 'f harm'),
    some(d.ghosts, `s harm${thin}`),
  ]
}

function some(d: string, kind: string): Markup {
  return d === '' ? NOTHING : path(d, kind)
}

function disc(x: number, y: number, r: number): string {
  return `M${round(x - r)} ${y}a${r} ${r} 0 1 0 ${r * 2} 0a${r} ${r} 0 1 0 ${-r * 2} 0`
}

function describe(rows: readonly Row[], agent: string, from: number, to: number): string {
  const shown = rows.filter((row) => row.shownS !== null).length
  return `Timeline from ${day(stamp(from))} to ${day(stamp(to))}. ${shown} of ${plural(rows.length, 'reported customer')} had been shown to ${shorten(agent, 40)} before the call.`
}
