/** The suite's results as markdown tables, which read well in a terminal too. */

import type { Cell, Figures } from './cells.ts'
import { answersTable, framesTable, lossesTable, nullsTable } from './checks.ts'
import { GRAPHS } from './graphs.ts'
import { markdown, sum } from './markdown.ts'
import { SCENARIOS } from './scenarios.ts'
import type { Results } from './store.ts'

/** Lines of markdown: the summary, a table for each graph, and the checks. */
export function tables(results: Results): string[] {
  const outcomes = Object.values(results.units).filter((outcome) => outcome !== null)
  const cells = outcomes.flatMap((outcome) => outcome.cells ?? [])
  return [
    ...summary(cells),
    ...GRAPHS.flatMap((graph) => graphTable(graph, cells)),
    ...lossesTable(outcomes.flatMap((outcome) => outcome.losses ?? [])),
    ...nullsTable(outcomes.flatMap((outcome) => outcome.nulls ?? [])),
    ...framesTable(outcomes.flatMap((outcome) => outcome.frames ?? [])),
    ...answersTable(outcomes.flatMap((outcome) => outcome.answers ?? [])),
  ]
}

function summary(cells: readonly Cell[]): string[] {
  if (cells.length === 0) return []
  const runs = sum(cells, (cell) => cell.runs)
  const wrong = (of: keyof Cell['measures'], among = cells) =>
    sum(among, (c) => c.measures[of].wrong)
  const inNull = cells.filter((cell) => cell.scenario !== 'browser')
  return [
    `${cells.length} cells, ${runs} runs. Runs that named an innocent: ${wrong('named')} by Telltale` +
      ` (alpha allows ${(runs * 0.001).toFixed(0)}), ${wrong('guilt')} by the 2011 model,` +
      ` ${wrong('bayes')} by the plain posterior. Runs in which an innocent ever led:` +
      ` ${wrong('leading')}, of which ${wrong('leading') - wrong('leading', inNull)} where the leaker` +
      " sells only a narrow colleague's customers.",
    '',
  ]
}

const HEAD = [
  'scenario',
  'unrelated',
  'leading',
  'robust',
  'named',
  'verdicts N/L/O/U',
  'innocent led / named',
  '2011 model',
  'posterior 0.999',
]

function graphTable(graph: string, cells: readonly Cell[]): string[] {
  const rows = SCENARIOS.flatMap(({ name, title }) =>
    cells
      .filter((cell) => cell.graph === graph && cell.scenario === name)
      .map((cell) => cellRow(title, cell)),
  )
  return rows.length === 0 ? [] : [`### ${graph}`, '', ...markdown(HEAD, rows), '']
}

function cellRow(title: string, cell: Cell): string[] {
  const { measures, bounds, culprits } = cell
  const noise = `${Math.round(cell.noise * 100)}%${cell.favoured ? ' favoured' : ''}`
  const reach = (of: 'leading' | 'robust' | 'named') =>
    culprits === 0 ? '' : reached(measures[of], culprits, ratio(measures[of], bounds?.[of]))
  const named =
    culprits === 0 ? '' : `${reach('named')}${ratio(measures.named, bounds?.robust, ' of robust')}`
  const { named: n = 0, leading: l = 0, outside: o = 0, undecided: u = 0 } = cell.verdicts
  const baseline = (figures: Figures) =>
    `${culprits === 0 ? '' : `${reached(figures, culprits)}; `}wrong ${figures.wrong}`
  return [
    title,
    noise,
    reach('leading'),
    reach('robust'),
    named,
    `${n}/${l}/${o}/${u}`,
    `${measures.leading.wrong} / ${measures.named.wrong}`,
    baseline(measures.guilt),
    baseline(measures.bayes),
  ]
}

/** "98% 7 / 12": share of runs, median and p90 of reports. */
function reached(figures: Figures, culprits: number, after = ''): string {
  const share = `${Math.round(figures.all * 100)}%`
  const any = culprits > 1 ? ` (${Math.round(figures.any * 100)}% one)` : ''
  if (figures.any === 0) return '0%'
  return `${share}${any} ${figures.median ?? '-'} / ${figures.p90 ?? '-'}${after}`
}

function ratio({ median }: Figures, bound: number | null | undefined, of = ''): string {
  return median === null || !bound ? '' : `, x${(median / bound).toFixed(2)}${of}`
}
