/** The verdict in words: headline, advice and assumptions. Plain, and never "guilty". */
import type { Rule } from '../attribution/judge.ts'
import type { LogOverview } from '../disclosure/exposures.ts'
import type { AgentSummary, VerdictDocument, VerdictKind } from './document.ts'
import { listOf, percent, plural } from './names.ts'

export interface HeadlineFacts {
  readonly verdict: VerdictKind
  readonly reports: number
  readonly accused: readonly AgentSummary[]
  readonly rivals: readonly string[]
}

export function headline({ verdict, reports, accused, rivals }: HeadlineFacts): string {
  const who = listOf(accused.map((agent) => withFigures(agent, reports)))
  switch (verdict) {
    case 'named':
      return `The evidence points to ${who}.`
    case 'leading':
      return `The evidence leans towards ${who}, but not enough yet to name ${accused.length === 1 ? 'them' : 'any of them'}.${alsoPossible(rivals)}`
    case 'outside':
      return 'The evidence points outside: a copy of the records that left by no logged path.'
    case 'undecided':
      return undecidedHeadline(reports, rivals)
  }
}

function withFigures({ agent, hits, comparisonShare }: AgentSummary, reports: number): string {
  return `${agent} (shown ${hits} of ${plural(reports, 'reported customer')}, comparable customers ${percent(comparisonShare)})`
}

function alsoPossible(rivals: readonly string[]): string {
  if (rivals.length === 0) return ''
  return ` ${firstOf(rivals)} cannot be excluded.`
}

/** "a, b and c", or "a, b, c and 4 more". */
function firstOf(names: readonly string[]): string {
  const more = names.length - 3
  return listOf(more > 0 ? [...names.slice(0, 3), `${more} more`] : names)
}

function undecidedHeadline(reports: number, rivals: readonly string[]): string {
  if (reports === 0) return 'Undecided: there is no usable report yet.'
  if (rivals.length === 0) {
    return `Undecided: after ${plural(reports, 'report')} nobody stands out from what chance would give.`
  }
  return `Undecided: after ${plural(reports, 'report')} ${firstOf(rivals)} cannot be excluded, and nobody can be named.`
}

export function adviceOf(document: Omit<VerdictDocument, 'advice'>): string[] {
  const advice: string[] = []
  const first = document.named[0] ?? document.leading[0]
  const affected = document.affected.reduce(
    (sum, scope) => sum + scope.tiers.reduce((all, tier) => all + tier.customers, 0),
    0,
  )
  if (document.verdict === 'named' && first) {
    advice.push(
      `Stop ${listOf(document.named.map((one) => one.agent))}'s access and keep the account as it is; a verdict from a log is a reason to look, and people decide.`,
      `Prepare notices: ${plural(affected, 'customer')} in the affected list, the unexplained first.`,
    )
  }
  if (document.nextQuestions.length > 0) {
    advice.push(
      `Ask the ${plural(document.nextQuestions.length, 'customer')} listed for it whether they were called, and add every answer to the reports file, with yes or no in a column "asked".`,
    )
  }
  if (document.reportsNeeded !== null && document.verdict !== 'named') {
    advice.push(
      `At the present rate about ${plural(document.reportsNeeded, 'more report')} would name ${first?.agent ?? 'the strongest candidate'}. Collect them by asking what the caller knew.`,
    )
  }
  if (document.verdict === 'outside') {
    advice.push(
      `Look for copies outside the log: backups, exports, replicas, suppliers, the website itself, and accesses before the log begins (${document.log.firstAt.slice(0, 10)}).`,
    )
  }
  if (document.verdict === 'undecided' && document.reports.length < 10) {
    advice.push(
      'Collect more reports; a handful rarely suffices. Nothing is lost by asking again after each one.',
    )
  }
  return advice
}

export function assumptionsOf(
  overview: LogOverview,
  rule: Rule,
  lagS: number,
  assumed: readonly string[],
): string[] {
  const others = rule.k === 1 ? 'one other agent leaks' : 'up to two other agents leak'
  return [
    `Unless an agent leaks, which of alike customers is called does not depend on whom that agent was shown. Alike: same ${listOf(overview.matchedOn)}.`,
    `A naming holds even if ${others}, in whatever order and for whatever motive; it withstands a hidden bias of the odds of ${rule.gammaMin} and ${rule.marginMin} false reports, or ${percent(rule.marginShare)} of all.`,
    lagS === 0
      ? 'An access counts when it came before the contact.'
      : `An access counts when it came at least ${lagS} seconds before the contact.`,
    'Outside means that no one or two agents explain the reports; three or more leaking at once would look the same.',
    'The log is complete: an access that is not in it can clear nobody and accuse nobody.',
    ...(overview.knowsFields
      ? []
      : ['The log records no fields: every access counts as having shown everything.']),
    ...(overview.population === null
      ? ['No population file: customers whom the log does not know cannot serve for comparison.']
      : []),
    'Reports came by themselves, unless marked as asked.',
    ...assumed,
  ]
}
