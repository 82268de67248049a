/** Puts the tables into bench/RESULTS.md, between markers, so that each run replaces the last. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Results } from './store.ts'
import { tables } from './tables.ts'
import { SETTINGS } from './units.ts'

const FILE = join(dirname(import.meta.dirname), 'RESULTS.md')
const BEGIN = '<!-- attribution-power: written by bench/attribution-power.ts -->'
const END = '<!-- attribution-power: end -->'

const LEGEND = `Leaks are planted in real access logs: reports come in one by one until every leaker is
named and leads, at most 120 (60 where nobody can be named), or until four fifths of what a leaker can
sell has been reported. "Favoured": unrelated reports come in proportion to a customer's contacts.
Leading, robust, named: share of the runs that reach it, then median / p90 of the reports it takes
(runs that never do count as never), then x = median over its own bound (for "named" the bound at gamma
2 with the margin's reports, and the robust bound alone). Verdicts at the end: named / leading / outside
/ undecided. The two other models accuse at 0.999, looking at the same reports.`

/** Writes the section; every other part of the file stays. */
export function publish(results: Results): void {
  const { settings, date, machine } = results
  const body = [
    BEGIN,
    '## Power: how many reports name a leaker',
    '',
    `${date}, ${machine}. Seed ${settings.seed}; ${settings.runs} runs a cell over at most` +
      ` ${settings.cases} leakers. ${commandOf(settings)}`,
    '',
    LEGEND,
    '',
    ...tables(results),
    END,
  ].join('\n')
  const before = existsSync(FILE) ? readFileSync(FILE, 'utf8') : '# Benchmark results\n'
  const from = before.indexOf(BEGIN)
  const to = before.indexOf(END)
  const after =
    from < 0 || to < 0
      ? `${before.trimEnd()}\n\n${body}\n`
      : `${before.slice(0, from)}${body}${before.slice(to + END.length)}`
  writeFileSync(FILE, after)
}

function commandOf({ runs, seed }: Results['settings']): string {
  const options = [
    ...(runs === SETTINGS.runs ? [] : [`--runs ${runs}`]),
    ...(seed === SETTINGS.seed ? [] : [`--seed ${seed}`]),
  ]
  return `\`${['node scripts/run.mjs bench/attribution-power.ts', ...options].join(' ')}\``
}
