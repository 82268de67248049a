/** Who is affected: tiers as bars, segments as areas, touched and untouched. */
import type { Affected, AffectedTier } from '../../cases/document.ts'
import { count, day, minute, plural, share, shorten, TIER_WORD, visible } from '../words.ts'
import type { Figure } from './figure.ts'
import { box, legend } from './legend.ts'
import { type Markup, markup } from './markup.ts'
import { FRAMES, type Frame, linear, picture, round, text } from './svg.ts'
import { key, type Table, table } from './table.ts'

const SEGMENTS_MAX = 12
const SAMPLE_MAX = 200
const SIDE_MOST = { wide: 76, narrow: 64 }
/** The least side that is still seen: an area that small is drawn larger than it is, and said so by its figure. */
const SIDE_LEAST = 2

const TIER_KIND: Record<AffectedTier, string> = {
  reported: 'f harm',
  unexplained: 'f harm',
  explained: 'harm-weak',
}

type Segment = Affected['segments'][number]

export function scope(affected: Affected, at: number): Figure {
  const total = affected.tiers.reduce((sum, tier) => sum + tier.customers, 0)
  const largest = [...affected.segments].sort((a, b) => b.customers - a.customers)
  return {
    id: `affected-${at + 1}`,
    title: markup`Affected customers: ${key(shorten(affected.agent, 60))}`,
    reading: `${plural(total, 'customer')} shown to this agent from ${day(affected.window.from)} to ${day(affected.window.to)}. Each square is a segment and its red part those shown; what is not red was not shown to this agent by any logged path.`,
    pictures:
      total > 0 || affected.segments.length > 0
        ? FRAMES.map((frame) => draw(frame, affected, largest))
        : [],
    table: segmentsTable(affected),
  }
}

/** Tells the tables of one agent from those of another. */
function whose(affected: Affected): string {
  return shorten(visible(affected.agent), 40)
}

function segmentsTable(affected: Affected): Table {
  return {
    caption: `Segments: customers shown to ${whose(affected)} and not shown`,
    columns: [
      { name: 'Segment', kind: 'key' },
      { name: 'Customers', kind: 'figure' },
      { name: 'Shown', kind: 'figure' },
      { name: 'Share shown', kind: 'figure' },
      { name: 'Not shown', kind: 'figure' },
    ],
    rows: affected.segments.map((one) => [
      one.segment,
      one.customers,
      one.shown,
      portion(one),
      Math.max(0, one.customers - one.shown),
    ]),
  }
}

/** The first of the affected customers, and what each tier means. */
export function scopeTables(affected: Affected): Markup {
  const sample = affected.sample.slice(0, SAMPLE_MAX)
  const total = affected.tiers.reduce((sum, tier) => sum + tier.customers, 0)
  const tiers = table({
    caption: `What the tiers mean: ${whose(affected)}`,
    columns: [{ name: 'Tier' }, { name: 'Customers', kind: 'figure' }, { name: 'Meaning' }],
    rows: affected.tiers.map((tier) => [TIER_WORD[tier.tier], tier.customers, tier.meaning]),
  })
  const customers = table({
    caption: `The first of the affected customers: ${whose(affected)}`,
    columns: [
      { name: 'Customer', kind: 'key' },
      { name: 'Tier' },
      { name: 'First shown (UTC)', kind: 'figure' },
      { name: 'Fields' },
    ],
    rows: sample.map((one) => [
      one.customer,
      TIER_WORD[one.tier],
      minute(one.firstAt),
      one.fields.join(', '),
    ]),
    none: 'No customer in the sample.',
  })
  return markup`${tiers}<details><summary>${count(sample.length)} of ${count(total)} affected customers</summary>${customers}<p class="note">The whole list is written by --affected.</p></details>`
}

function draw(frame: Frame, affected: Affected, segments: readonly Segment[]): Markup {
  const wide = frame.kind === 'wide'
  const keys = legend(frame, [
    { sample: box('f harm'), words: 'shown' },
    { sample: box('harm-weak'), words: 'shown for a ticket' },
    { sample: box('area'), words: 'not shown' },
  ])
  const top = keys.height + 10
  const left = tiers(affected, 0, top, wide ? frame.width * 0.42 : frame.width)
  const right = wide ? { x: frame.width * 0.5, y: top } : { x: 0, y: left.bottom + 22 }
  const areas = squares(segments, right.x, right.y, frame)
  return picture(frame, Math.max(left.bottom, areas.bottom) + 8, describe(affected), [
    ...keys.shapes,
    ...left.shapes,
    ...areas.shapes,
  ])
}

interface Block {
  readonly shapes: Markup[]
  readonly bottom: number
}

function tiers(affected: Affected, x: number, top: number, width: number): Block {
  const most = Math.max(1, ...affected.tiers.map((tier) => tier.customers))
  const length = linear([0, most], [0, width])
  const shapes: Markup[] = [text(x, top + 10, 'By tier', { kind: 't bold' })]
  let y = top + 24
  for (const tier of affected.tiers) {
    const long = Math.max(tier.customers > 0 ? SIDE_LEAST : 0, length(tier.customers))
    shapes.push(text(x, y + 11, TIER_WORD[tier.tier], { kind: 't' }))
    shapes.push(text(x + width, y + 11, count(tier.customers), { anchor: 'end', kind: 't bold' }))
    shapes.push(rect(x, y + 18, long, 12, TIER_KIND[tier.tier]))
    y += 46
  }
  return { shapes, bottom: y }
}

function squares(segments: readonly Segment[], x: number, top: number, frame: Frame): Block {
  const shapes: Markup[] = [text(x, top + 10, 'By segment', { kind: 't bold' })]
  const most = Math.max(1, ...segments.map((one) => one.customers))
  const side = (customers: number) =>
    customers <= 0
      ? 0
      : Math.max(SIDE_LEAST, round(SIDE_MOST[frame.kind] * Math.sqrt(customers / most)))
  const column = SIDE_MOST[frame.kind] + 16
  let y = top + 24
  for (const one of segments.slice(0, SEGMENTS_MAX)) {
    const outer = side(one.customers)
    const inner = one.shown >= one.customers ? outer : Math.min(outer, side(one.shown))
    const height = Math.max(34, outer)
    const base = y + (height + outer) / 2
    shapes.push(
      rect(x, base - outer, outer, outer, 'area'),
      rect(x, base - inner, inner, inner, 'f harm'),
    )
    const middle = y + height / 2
    const room = Math.floor((frame.width - x - column) / 7)
    shapes.push(
      text(x + column, middle - 4, shorten(visible(one.segment), room), { kind: 't bold' }),
    )
    shapes.push(
      text(x + column, middle + 13, words(one), { kind: one.shown === 0 ? 't' : 't mute' }),
    )
    y += height + 12
  }
  const rest = segments.length - SEGMENTS_MAX
  if (rest > 0) {
    shapes.push(
      text(x, y + 12, `and ${plural(rest, 'smaller segment')}: see the table`, { kind: 't mute' }),
    )
    y += 24
  }
  return { shapes, bottom: y }
}

function words(one: Segment): string {
  if (one.shown === 0) return `none of ${count(one.customers)} shown: untouched`
  return `${count(one.shown)} of ${count(one.customers)} shown (${portion(one)})`
}

function portion(one: Segment): string {
  return one.customers > 0 ? share(one.shown / one.customers) : 'unknown'
}

function rect(x: number, y: number, width: number, height: number, kind: string): Markup {
  return markup`<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" class="${kind}"/>`
}

function describe(affected: Affected): string {
  const tiersSaid = affected.tiers.map((tier) => `${count(tier.customers)} ${TIER_WORD[tier.tier]}`)
  const segments = affected.segments
    .slice(0, SEGMENTS_MAX)
    .map((one) => `${shorten(one.segment, 40)}: ${words(one)}`)
  return `Bars and areas. ${tiersSaid.join('; ')}. ${segments.join('; ')}.`
}
