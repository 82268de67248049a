/** Budgets as people read them on a terminal. */
import { BUDGET_BASIS_DAYS, BUDGET_DEFAULTS } from '../base/desk-limits.ts'
import type {
  Applied,
  DerivedTeams,
  Peaks,
  StoredBudget,
  TeamBudget,
} from '../disclosure/team-budgets.ts'
import type { Counts } from '../guard/facts.ts'
import { columnsOf, padEnd, padStart } from './layout.ts'
import { count, listed, minute, plural, visible } from './words.ts'

const WINDOWS = ['hour', 'day', 'week'] as const satisfies readonly (keyof Counts)[]
const PER = { hour: 'an hour', day: 'a day', week: 'a week' } as const
const TOO_FEW = {
  agents: 'too few agents for a budget of their own',
  days: 'too few agent-days for a budget of their own',
} as const

/** Every team with its windows. */
export function derivedText(
  { fromMs, untilMs }: Peaks,
  { teams, teamless, services }: DerivedTeams,
): string {
  const day = (ms: number) => minute(new Date(ms).toISOString())
  const lines = [
    `Customers shown in the ${BUDGET_BASIS_DAYS} days from ${day(fromMs)} to ${day(untilMs)} (UTC).`,
    'p99: of those who remain when who raises it most is left out. The budget is made from that.',
    '',
    ...teams.flatMap((team) => [...teamLines(team), '']),
  ]
  if (services > 0) {
    lines.push(
      `${plural(services, 'service account')} in the log ${services === 1 ? 'is' : 'are'} nobody's peer: the default holds.`,
    )
  }
  if (teamless > 0)
    lines.push(`${plural(teamless, 'agent')} in the log in no team: the default holds.`)
  if (lines.at(-1) === '') lines.pop()
  return `${lines.join('\n')}\n`
}

function teamLines(team: TeamBudget): string[] {
  const { agents, agentDays, services, tooFew, stopped } = team
  if (agents === 0) {
    const who =
      services > 0 ? `${plural(services, 'service account')} alone` : 'nobody was shown anybody'
    return [`${visible(team.team)}: ${who}: the default`]
  }
  const basis = `${plural(agents, 'agent')}, ${plural(agentDays, 'agent-day')}`
  const how = tooFew === null ? '' : `, ${TOO_FEW[tooFew]}: the default`
  const rows = WINDOWS.map((window) => [
    PER[window],
    cell(team.p50, window),
    cell(team.p99, window),
    cell(team.leftOut, window),
    cell(team.derived, window),
    cell(team.today, window),
    count(stopped[window]),
  ])
  return [
    `${visible(team.team)}: ${basis}${how}`,
    ...table([['', 'p50', 'p99', 'left out', 'budget', 'today', 'stopped last week'], ...rows]),
    `  It would have stopped ${plural(stopped.any, 'agent')} last week.`,
  ]
}

function cell(counts: Counts | null, window: keyof Counts): string {
  return counts === null ? '-' : count(counts[window])
}

/** What became of setting them. */
export function appliedText(applied: Applied | null, record: string | undefined): string {
  if (applied === null) return ''
  const { set, same, tooFew, unknown } = applied
  const names = (some: readonly string[]) => listed(some.map(visible), some.length)
  const told =
    record === undefined
      ? 'no log was told (--record names one)'
      : `told to the log in ${visible(record)}`
  const lines = [set.length === 0 ? 'Set nothing.' : `Set the budget of ${names(set)}; ${told}.`]
  if (same.length > 0) lines.push(`${names(same)}: has that budget already.`)
  if (tooFew.length > 0) lines.push(`${names(tooFew)}: left as it is.`)
  if (unknown.length > 0)
    lines.push(`${names(unknown)}: no such team in the database, nothing set.`)
  return `\n${lines.join('\n')}\n`
}

/** The budgets that are set; teams without one have the default. */
export function shownText(budgets: readonly StoredBudget[], teams: readonly string[]): string {
  const set = new Set(budgets.map(({ scope }) => scope))
  const unset = teams.filter((team) => !set.has(`team:${team}`))
  const rows = [
    ['', ...WINDOWS.map((window) => PER[window]), 'set', 'by', 'from'],
    ...budgets.map((one) => [
      visible(one.scope),
      ...limitsOf(one.limits),
      minute(new Date(one.setAtMs).toISOString()),
      visible(one.setBy),
      basisOf(one.basis),
    ]),
    ...(set.has('default')
      ? []
      : [['default', ...limitsOf(BUDGET_DEFAULTS), '-', '-', 'built in']]),
  ]
  const rest =
    unset.length === 0 ? [] : ['', `The default holds for ${listed(unset.map(visible), 20)}.`]
  return `${[...table(rows, 1), ...rest].join('\n')}\n`
}

function limitsOf(limits: Counts): string[] {
  return WINDOWS.map((window) => count(limits[window]))
}

function basisOf(basis: unknown): string {
  if (typeof basis !== 'object' || basis === null) return 'chosen'
  const { agents, days } = basis as Record<string, unknown>
  return typeof agents === 'number' && typeof days === 'number'
    ? `${plural(agents, 'agent')}, ${plural(days, 'day')}`
    : 'chosen'
}

/** The first column and those after `numbers` are texts, the others numbers; 0: all of them. */
function table(rows: readonly (readonly string[])[], numbers = 0): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => columnsOf(row[column]))))
  const isText = (column: number) => column === 0 || (numbers > 0 && column > WINDOWS.length)
  return rows.map((row) =>
    `  ${row.map((text, i) => (isText(i) ? padEnd : padStart)(text, widths[i])).join('  ')}`.trimEnd(),
  )
}
