/** How the probability is shared among the explanations: coincidence, outside, one agent, two. */
import { PRIOR } from '../../attribution/posterior.ts'
import type { VerdictDocument } from '../../cases/document.ts'
import { accusedOf } from '../facts.ts'
import { share, shorten, visible } from '../words.ts'
import type { Figure } from './figure.ts'
import { type Markup, markup } from './markup.ts'
import { FRAMES, type Frame, fits, linear, picture, text } from './svg.ts'

const BARS_MAX = 8
const TABLE_MAX = 50

interface Possibility {
  readonly words: string
  readonly share: number
  readonly accused: boolean
}

export function possibilities(document: VerdictDocument): Figure {
  const all = listOf(document)
  const bars = all.slice(0, BARS_MAX)
  return {
    id: 'possibilities',
    title: 'What could explain the reports',
    reading: `How likely each explanation is now, if before the reports coincidence had a share of ${share(PRIOR.coincidence)}, a copy outside ${share(PRIOR.outside)}, one agent ${share(PRIOR.oneAgent)} and two agents ${share(PRIOR.twoAgents)}. This orders the work; it never names anyone.`,
    pictures: document.reports.length > 0 ? FRAMES.map((frame) => draw(frame, bars)) : [],
    table: {
      caption: 'Explanations and their probability',
      columns: [
        { name: 'Explanation', kind: 'key' },
        { name: 'Probability', kind: 'figure' },
      ],
      rows: all.slice(0, TABLE_MAX).map((one) => [one.words, share(one.share)]),
      total: all.length,
    },
  }
}

function listOf(document: VerdictDocument): Possibility[] {
  const { posterior } = document
  const accused = new Set(accusedOf(document).map((entry) => entry.agent))
  const all: Possibility[] = [
    { words: 'coincidence', share: posterior.coincidence, accused: false },
    {
      words: 'a copy outside the log',
      share: posterior.outside,
      accused: document.verdict === 'outside',
    },
    ...posterior.oneAgent.map((one) => ({
      words: `one agent: ${one.agent}`,
      share: one.share,
      accused: accused.has(one.agent),
    })),
    ...posterior.twoAgents.map((two) => ({
      words: `two agents: ${two.agents.join(' and ')}`,
      share: two.share,
      accused: two.agents.every((agent) => accused.has(agent)),
    })),
  ]
  return all.sort((a, b) => b.share - a.share)
}

function draw(frame: Frame, bars: readonly Possibility[]): Markup {
  const wide = frame.kind === 'wide'
  const left = wide ? 320 : 0
  const right = frame.width - (wide ? 64 : 0)
  const length = linear([0, 1], [0, right - left])
  const row = wide ? 28 : 42
  const shapes = bars.flatMap((one, i) => {
    const top = i * row
    const bar = top + (wide ? 7 : 22)
    const room = wide ? fits(left - 16) : fits(frame.width - 60)
    return [
      text(0, top + (wide ? 18 : 14), shorten(visible(one.words), room), {
        kind: one.accused ? 't acc-t bold' : 't',
      }),
      text(frame.width, top + (wide ? 18 : 14), share(one.share), { anchor: 'end', kind: 't' }),
      markup`<rect x="${left}" y="${bar}" width="${right - left}" height="12" class="area"/>`,
      markup`<rect x="${left}" y="${bar}" width="${length(one.share)}" height="12" class="${one.accused ? 'f acc' : 'f oth'}"/>`,
    ]
  })
  const said = bars.map((one) => `${shorten(one.words, 60)} ${share(one.share)}`)
  return picture(
    frame,
    bars.length * row + 4,
    `Bar chart of probabilities. ${said.join('; ')}.`,
    shapes,
  )
}
