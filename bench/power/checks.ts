/** Tables of the losses, the null runs, the frame-ups and the questions. */
import type { Frame } from './frames.ts'
import type { Losses } from './losses.ts'
import { markdown, sum } from './markdown.ts'
import { ALPHAS, type NullCounts } from './nulls.ts'
import type { Answers } from './questions.ts'

export function nullsTable(nulls: readonly NullCounts[]): string[] {
  if (nulls.length === 0) return []
  const kinds = Map.groupBy(nulls, ({ graph, favoured }) =>
    favoured ? `${graph}, favoured` : graph,
  )
  const rows = [...kinds].flatMap(([kind, chunks]) =>
    ALPHAS.map((alpha, k) => {
      const runs = sum(chunks, (chunk) => chunk.runs)
      const share = (of: 'robust' | 'sharp' | 'named') =>
        shareOf(
          sum(chunks, (chunk) => chunk[of][k]),
          runs,
        )
      return [kind, String(runs), String(alpha), share('sharp'), share('robust'), share('named')]
    }),
  )
  const head = ['graph', 'runs', 'alpha', 'sharp ever', 'robust ever', 'named ever']
  return ['### Nobody leaked: share of runs ever accusing anyone', '', ...markdown(head, rows), '']
}

/** A share with its 95% interval (Wilson). */
function shareOf(count: number, runs: number): string {
  const z = 1.96
  const share = count / runs
  const centre = (share + (z * z) / (2 * runs)) / (1 + (z * z) / runs)
  const half =
    (z * Math.sqrt((share * (1 - share)) / runs + (z * z) / (4 * runs * runs))) /
    (1 + (z * z) / runs)
  const low = count === 0 ? 0 : centre - half
  return `${count} = ${share.toFixed(4)} (${low.toFixed(4)} to ${(centre + half).toFixed(4)})`
}

export function framesTable(all: readonly Frame[]): string[] {
  if (all.length === 0) return []
  const kinds = Map.groupBy(all, ({ graph, leaker, clever }) =>
    [graph, leaker ? 'somebody else' : 'nobody', clever ? 'rare, first' : 'any, spread'].join('|'),
  )
  const rows = [...kinds].map(([kind, frames]) => {
    const first = frames.find((frame) => frame.named > 0)
    return [
      ...kind.split('|'),
      frames.map((frame) => frame.named).join(' / '),
      first ? String(first.planted) : 'none',
      String(sum(frames, (frame) => frame.broken)),
      String(sum(frames, (frame) => frame.others)),
    ]
  })
  const head = [
    'graph',
    'who leaks',
    'planted',
    `runs of ${all[0].runs} that name the framed, m = 1 / ... / 6`,
    'least m that names',
    'named with m below the margin',
    'named another innocent',
  ]
  return ['### Frame-ups: m planted reports among 40', '', ...markdown(head, rows), '']
}

export function answersTable(answers: readonly Answers[]): string[] {
  if (answers.length === 0) return []
  const spread = ({ median, p90, wrong }: Answers['best']) =>
    `${median ?? '-'} / ${p90 ?? '-'}, ${wrong} wrong`
  const rows = answers.map(({ graph, scenario, runs, pointedAt, best, atRandom }) => [
    graph,
    scenario,
    String(runs),
    String(pointedAt),
    spread(best),
    spread(atRandom),
  ])
  const head = [
    'graph',
    'scenario',
    'runs',
    'verdict points at the rival',
    'next best questions',
    'at random',
  ]
  return [
    '### Answers until leaker and rival are 100 to 1 apart (median / p90)',
    '',
    ...markdown(head, rows),
    '',
  ]
}

export function lossesTable(all: readonly Losses[]): string[] {
  if (all.length === 0) return []
  const rows = all.map((one) => [
    one.graph,
    `${Math.round(one.noise * 100)}%`,
    ...[one.sharp, one.rivalKnown, one.allKnown].map((reports) => String(reports ?? '-')),
    ...[one.mixture, one.search].map((nats) => nats?.toFixed(1) ?? '-'),
  ])
  const head = [
    'graph',
    'unrelated',
    'reports until leading',
    'rival known beforehand',
    'and share known',
    'nats lost to the mixture',
    'nats lost to the search',
  ]
  const title = '### One leaker: where the reports beyond the bound go (medians)'
  return [title, '', ...markdown(head, rows), '']
}
