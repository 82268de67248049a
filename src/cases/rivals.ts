/** Who else cannot be excluded, and why; and what would settle it. */
import { fitTwo, gainBound } from '../attribution/fit.ts'
import { type Attribution, type Judgement, robustOf, threshold } from '../attribution/judge.ts'
import type { Posterior } from '../attribution/posterior.ts'
import { type Askable, type Hypothesis, nextQuestions } from '../attribution/questions.ts'
import { type Hits, hitCount, type ReportRecord } from '../attribution/record.ts'
import { bestOf, fitSingles } from '../attribution/sharp.ts'
import type { ExposureIndex } from '../disclosure/exposures.ts'
import type { NextQuestion, Rival } from './document.ts'
import { listOf, type Names, plural } from './names.ts'

/** More names than this help nobody; the caveats say when there were more. */
export const RIVALS_MAX = 20
export const QUESTIONS_MAX = 12
/** An explanation less than twice as likely as coincidence is no explanation. */
const CHANCE = Math.LN2
/** Agents told apart by questions: beyond a few, each question tells too little. */
const AGENTS_TO_SEPARATE = 6

export interface RivalFound {
  readonly agent: number
  /** ln of how much likelier the best explanation is than the best one with this agent in it. */
  readonly behind: number
}

/**
 * Agents who appear in an explanation, without any of the accused, that is within 1/alpha of the best
 * of all: these the reports do not exclude. With nobody accused, agents whose own explanation is.
 */
export function rivalsOf(attribution: Attribution, accused: readonly number[]): RivalFound[] {
  const { record, rule } = attribution
  const all = fitSingles(record)
  const singles = all.filter((single) => !accused.includes(single.agent))
  const best = bestOf(all, record.count).value
  const partners = singles.slice(0, 3)
  const limit = Math.log(1 / rule.alpha)
  const bound = (b: Hits, c: Hits) =>
    gainBound(b, Math.max(0, record.count - b.lift.length - c.lift.length))
  const found = singles.map(({ agent, hits, fit }) => {
    let value = fit.value
    for (const partner of partners) {
      if (partner.agent === agent || partner.fit.value + bound(hits, partner.hits) <= value)
        continue
      const pair = fitTwo(hits, partner.hits, record.count)
      const carries = pair.shares[0] * hits.lift.length > 0.5
      if (carries) value = Math.max(value, pair.value)
    }
    return { agent, behind: best - value }
  })
  const covering = new Set(accused.flatMap((agent) => coveringOf(attribution, agent)))
  return found
    .filter(
      ({ agent, behind }) => covering.has(agent) || (behind < limit && behind < best - CHANCE),
    )
    .sort((a, b) => a.behind - b.behind)
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
