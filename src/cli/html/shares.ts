/** Hits against comparison share: how much more often reported customers were shown to an agent. */
import type { AgentSummary, VerdictDocument } from '../../cases/document.ts'
import { accusedOf } from '../facts.ts'
import { count, share, shorten, visible } from '../words.ts'
import type { Figure } from './figure.ts'
import { circle, dot, legend } from './legend.ts'
import type { Markup } from './markup.ts'
import { FRAMES, type Frame, fits, line, linear, picture, type Scale, text } from './svg.ts'

const AGENTS_MAX = 12
const TABLE_MAX = 50
/** Shares below one in a hundred thousand are drawn at the left end. */
const LOWEST_LOG10 = -5
const COMPARED_WIDTH = 88

export function shares(document: VerdictDocument): Figure {
  const n = document.reports.length
  const drawn = n > 0 ? document.agents.slice(0, AGENTS_MAX) : []
  return {
    id: 'shares',
    title: 'Reported customers against comparable ones',
    reading:
      'The filled dot is the share of the reported customers that an agent had been shown before the call; the ring is the share of comparable customers who did not report. Chance brings the two together; the distance between them is what speaks against an agent.',
    pictures: drawn.length > 0 ? FRAMES.map((frame) => draw(document, frame, drawn)) : [],
    table: {
      caption: 'Agents, by evidence',
      columns: [
        { name: 'Agent', kind: 'key' },
        { name: 'Reported customers shown', kind: 'figure' },
        { name: 'Comparable customers shown', kind: 'figure' },
        { name: 'Without a grounded purpose', kind: 'figure' },
        { name: 'Customers shown in all', kind: 'figure' },
        { name: 'Robust evidence (power of ten)', kind: 'figure' },
        { name: 'Sharp evidence (power of ten)', kind: 'figure' },
        { name: 'Explained best by', kind: 'key' },
        { name: 'In words' },
      ],
      rows: document.agents
        .slice(0, TABLE_MAX)
        .map((agent) => [
          agent.agent,
          `${count(agent.hits)} of ${count(n)}`,
          share(agent.comparisonShare),
          agent.ungroundedHits === null ? 'not known' : count(agent.ungroundedHits),
          agent.distinctCustomers,
          agent.log10Robust.toFixed(2),
          agent.log10Sharp.toFixed(2),
          agent.worstRivals.slice(0, 4).join(', '),
          agent.explanation,
        ]),
      total: document.agents.length,
    },
  }
}

interface Grid {
  readonly document: VerdictDocument
  readonly frame: Frame
  readonly x: Scale
  readonly zero: number
  readonly row: number
}

function draw(document: VerdictDocument, frame: Frame, agents: readonly AgentSummary[]): Markup {
  const wide = frame.kind === 'wide'
  const keys = legend(frame, [
    { sample: dot('f acc', 4), words: 'share of the reported customers' },
    { sample: dot('ring', 6), words: 'share of comparable customers' },
  ])
  const low = lowest(document, agents)
  const zero = wide ? 170 : 14
  const grid: Grid = {
    document,
    frame,
    x: linear([low, 0], [zero + 26, frame.width - (wide ? 190 : 20)]),
    zero,
    row: wide ? 30 : 46,
  }
  const top = keys.height + (wide ? 22 : 8)
  const bottom = top + agents.length * grid.row
  const accused = new Set(accusedOf(document).map((entry) => entry.agent))
  const shapes = [...keys.shapes, ...axis(grid, low, top, bottom)]
  if (wide) {
    const head = { anchor: 'end', kind: 't mute' } as const
    shapes.push(text(frame.width - COMPARED_WIDTH, top - 8, 'reported', head))
    shapes.push(text(frame.width, top - 8, 'comparable', head))
  }
  for (const [i, agent] of agents.entries()) {
    shapes.push(...row(grid, agent, top + i * grid.row, accused.has(agent.agent)))
  }
  return picture(frame, bottom + 24, describe(document, agents), shapes)
}

function lowest(document: VerdictDocument, agents: readonly AgentSummary[]): number {
  const all = agents.flatMap((agent) => [
    agent.comparisonShare,
    agent.hits / document.reports.length,
  ])
  const logs = all.filter((value) => value > 0).map((value) => Math.floor(Math.log10(value) + 1e-9))
  return Math.max(LOWEST_LOG10, Math.min(-1, ...logs))
}

function axis(grid: Grid, low: number, top: number, bottom: number): Markup[] {
  const label = (x: number, words: string) =>
    text(x, bottom + 18, words, { anchor: 'middle', kind: 't mute' })
  const shapes = [line(grid.zero, top, grid.zero, bottom, 's grid'), label(grid.zero, '0%')]
  for (let power = low; power <= 0; power++) {
    const x = grid.x(power)
    shapes.push(
      line(x, top, x, bottom, 's grid'),
      label(x, `${Number((100 * 10 ** power).toPrecision(3))}%`),
    )
  }
  return shapes
}

function at(grid: Grid, value: number): number {
  return value <= 0 ? grid.zero : grid.x(Math.log10(value))
}

function row(grid: Grid, agent: AgentSummary, top: number, accused: boolean): Markup[] {
  const wide = grid.frame.kind === 'wide'
  const n = grid.document.reports.length
  const y = top + (wide ? grid.row / 2 : 31)
  const words = wide ? y + 4 : top + 14
  const ring = at(grid, agent.comparisonShare)
  const hit = at(grid, agent.hits / n)
  const kind = accused ? 'acc' : 'oth'
  const name = shorten(visible(agent.agent), wide ? 22 : fits(grid.frame.width) - 22)
  const hits = `${count(agent.hits)} of ${count(n)}`
  const compared = share(agent.comparisonShare)
  const end = { anchor: 'end', kind: 't mute halo' } as const
  const figures = wide
    ? [
        text(grid.frame.width - COMPARED_WIDTH, words, hits, end),
        text(grid.frame.width, words, compared, end),
      ]
    : [text(grid.frame.width, words, `${hits}, ${compared}`, end)]
  return [
    text(0, words, name, { kind: accused ? 't acc-t bold halo' : 't halo' }),
    ...figures,
    line(ring, y, hit, y, `s ${kind} link`),
    circle(ring, y, 6, 'ring'),
    circle(hit, y, 4, `f ${kind}`),
  ]
}

function describe(document: VerdictDocument, agents: readonly AgentSummary[]): string {
  const n = document.reports.length
  const each = agents
    .slice(0, 5)
    .map(
      (agent) =>
        `${shorten(agent.agent, 40)}: ${agent.hits} of ${n} reported, ${share(agent.comparisonShare)} of comparable customers`,
    )
  return `Dot chart of shares on a log scale. ${each.join('; ')}.`
}
