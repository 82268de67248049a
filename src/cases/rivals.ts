/** Who else cannot be excluded, and why; and what would settle it. */
import { fitTwo, gainBound } from '../attribution/fit.ts'
import { type Attribution, type Judgement, robustOf, threshold } from '../attribution/judge.ts'
import type { Posterior } from '../attribution/posterior.ts'
import { type Askable, type Hypothesis, nextQuestions } from '../attribution/questions.ts'
import { hitCount, type ReportRecord } from '../attribution/record.ts'
import { bestOf, fitSingles, type Single } from '../attribution/sharp.ts'
import type { ExposureIndex } from '../disclosure/exposures.ts'
import type { NextQuestion, Rival } from './document.ts'
import { listOf, type Names, plural } from './names.ts'

/** More names than this help nobody; the caveats say when there were more. */
export const RIVALS_MAX = 20
const QUESTIONS_MAX = 12
/** An explanation less than twice as likely as coincidence is no explanation. */
const CHANCE = Math.LN2
/** Partners tried for each agent: the strongest; with a weaker one a pair falls further behind. */
const PARTNERS = 3
/** Agents told apart by questions: beyond a few, each question tells too little. */
const AGENTS_TO_SEPARATE = 6

export interface RivalFound {
  readonly agent: number
  /** ln of how much likelier the best explanation is than the best one with this agent in it. */
  readonly behind: number
}

/**
 * Agents who appear in an explanation, without any of the accused, that is within 1/alpha of the best
 * of all: these the reports do not exclude. With nobody accused there are rivals only where the best
 * explanation exceeds a factor of A, which the luckiest of A agents reaches by chance.
 */
export function rivalsOf(attribution: Attribution, accused: readonly number[]): RivalFound[] {
  const { record, rule } = attribution
  const all = fitSingles(record)
  const best = bestOf(all, record.count).value
  if (accused.length === 0 && best <= Math.log(record.agentCount)) return []
  const singles = all.filter((single) => !accused.includes(single.agent))
  const covering = new Set(accused.flatMap((agent) => coveringOf(attribution, agent)))
  const limit = Math.log(1 / rule.alpha)
  return singles
    .map((single) => ({ agent: single.agent, behind: best - bestWith(record, single, singles) }))
    .filter(({ agent, behind }) => covering.has(agent) || behind < Math.min(limit, best - CHANCE))
    .sort((a, b) => a.behind - b.behind)
}

/** The best explanation that needs this agent: alone, or beside one of the strongest of the others, to
 * whom they add something. */
function bestWith(record: ReportRecord, own: Single, singles: readonly Single[]): number {
  let value = own.fit.value
  for (const partner of singles.slice(0, PARTNERS)) {
    if (partner.agent === own.agent) continue
    const alone = partner.fit.value
    const missed = record.count - own.hits.lift.length - partner.hits.lift.length
    if (alone + gainBound(own.hits, Math.max(0, missed)) <= Math.max(value, alone + CHANCE))
      continue
    const pair = fitTwo(own.hits, partner.hits, record.count).value
    if (pair > alone + CHANCE) value = Math.max(value, pair)
  }
  return value
}

/** The others who explain so much of an agent's hits that the agent cannot be named for it. */
function coveringOf(attribution: Attribution, agent: number): readonly number[] {
  const { logR, worst } = robustOf(attribution, agent)
  return logR < threshold(attribution) ? worst : []
}

export function describeRival(
  record: ReportRecord,
  names: Names,
  rival: RivalFound,
  accused: readonly number[],
): Rival {
  const hits = hitCount(record, rival.agent)
  const shared = accused.map((agent) => {
    const theirs = new Set(record.hits[agent]?.reports)
    const both = (record.hits[rival.agent]?.reports ?? []).filter((report) => theirs.has(report))
    return `${both.length} of the ${theirs.size} that ${names.of(agent)} was shown`
  })
  const because =
    accused.length === 0
      ? `was shown ${hits} of the ${plural(record.count, 'reported customer')}, and no other explanation is clearly better`
      : `was shown ${listOf(shared)}; the reports alone do not tell them apart yet`
  return { agent: names.of(rival.agent), pseudonym: names.pseudonymOf(rival.agent), hits, because }
}

/** Questions that separate the accused from the rivals, among customers who have not reported. */
export async function questionsFor(
  index: ExposureIndex,
  names: Names,
  agents: readonly number[],
  shares: Posterior,
  reported: ReadonlySet<string>,
  beforeS: number,
): Promise<NextQuestion[]> {
  const separate = agents.slice(0, AGENTS_TO_SEPARATE)
  if (separate.length < 2) return []
  const shownTo = new Map<string, number[]>()
  for (const agent of separate) {
    for (const { customer } of await index.customersOf(agent, beforeS)) {
      if (reported.has(customer)) continue
      const known = shownTo.get(customer)
      if (known) known.push(agent)
      else shownTo.set(customer, [agent])
    }
  }
  const askable: Askable[] = [...shownTo].map(([customer, shown]) => ({ customer, shownTo: shown }))
  askable.sort((a, b) => (a.customer < b.customer ? -1 : 1))
  const hypotheses: Hypothesis[] = separate.map((agent) => ({
    agents: [agent],
    share: Math.max(0.01, shares.oneAgent.find((one) => one.agent === agent)?.share ?? 0),
  }))
  return nextQuestions(askable, hypotheses, QUESTIONS_MAX).map((question) => ({
    customer: question.customer,
    shownTo: question.shownTo.map(names.of),
    notShownTo: separate.filter((agent) => !question.shownTo.includes(agent)).map(names.of),
    bits: question.bits,
  }))
}

export function accusedOf(judgement: Judgement): number[] {
  const named = judgement.namings.filter((n) => n.named).map((n) => n.agent)
  const leading = [
    ...judgement.namings.filter((n) => !n.named).map((n) => n.agent),
    ...judgement.leading.map((l) => l.agent),
  ]
  return named.length > 0 ? named : [...new Set(leading)]
}
