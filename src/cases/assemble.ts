/** The verdict document, put together from the judgement and what the index says. */
import type { Attribution, Judgement } from '../attribution/judge.ts'
import { toLog10 } from '../attribution/logs.ts'
import { type Posterior, posterior } from '../attribution/posterior.ts'
import { meanShares } from '../attribution/record.ts'
import { strongestFirst } from '../attribution/suspect.ts'
import { caveatsOf } from './caveats.ts'
import type { Accused, Caveat, VerdictDocument } from './document.ts'
import type { Gathered } from './gather.ts'
import type { Investigation, InvestigationInput, Weighed } from './investigation.ts'
import { isoTime, type Names } from './names.ts'
import { needed } from './needed.ts'
import { raceOf } from './race.ts'
import { accusedOf, describeRival, questionsFor, RIVALS_MAX, rivalsOf } from './rivals.ts'
import { scopeOf } from './scope.ts'
import { agentSummary, reportSummary } from './summaries.ts'
import { adviceOf, assumptionsOf, headline } from './words.ts'

/** Agents drawn in the race and listed with figures. */
const RACE_AGENTS = 5
const LISTED_AGENTS = 20

export async function assemble(
  { input, gathered, attribution, judgement, names }: Weighed,
  doubts: readonly Caveat[],
): Promise<Investigation> {
  const { index, rule } = input
  const { record } = attribution
  const accused = accusedOf(judgement)
  const rivals = rivalsOf(attribution, accused)
  const shares = posterior(record, index.overview.knowsPurposes)
  const listed = listedAgents(
    attribution,
    accused,
    rivals.map((rival) => rival.agent),
  )
  const comparison = meanShares(record)
  const agents = listed.map((agent) =>
    agentSummary(index, attribution, judgement.explanations, names, agent, comparison[agent]),
  )
  const scopes = await Promise.all(
    accused.map((agent) => scopeOf(index, agent, names.of(agent), gathered.reports)),
  )
  const drawn = listed.slice(0, RACE_AGENTS)
  const race = raceOf(gathered.evidence, index.agents.length, rule, drawn)
  const summary = {
    format: 'telltale-verdict/1',
    verdict: judgement.verdict,
    headline: headline({
      verdict: judgement.verdict,
      reports: record.count,
      accused: agents.slice(0, accused.length),
      rivals: rivals.map((rival) => names.of(rival.agent)),
    }),
    alpha: rule.alpha,
    othersConsidered: rule.k,
    model: input.model,
    ...accusations(judgement, names),
    rivals: rivals
      .slice(0, RIVALS_MAX)
      .map((rival) => describeRival(record, names, rival, accused)),
    nextQuestions: await nextQuestionsOf(input, gathered, names, accused, rivals, shares),
    // Where a doubt holds a name back, more reports of the same kind do not settle it.
    reportsNeeded:
      doubts.length > 0 && judgement.verdict !== 'named'
        ? null
        : needed(attribution, judgement, index.distinctCustomers),
    ghosts: record.evidence.flatMap((e, i) => (e.ghost ? [gathered.reports[i].customer] : [])),
    outside: {
      log10Evidence: toLog10(judgement.outside.logE),
      copyNotBefore:
        judgement.outside.copyNotBeforeS === null
          ? null
          : isoTime(judgement.outside.copyNotBeforeS),
    },
    posterior: namedShares(shares, names),
    agents,
    reports: await Promise.all(
      gathered.reports.map((report, i) => reportSummary(index, record, names, report, i)),
    ),
    unusableReports: [...input.reports.unusable],
    race: { agents: drawn.map(names.of), ...race },
    affected: scopes.map((scope) => scope.affected),
    assumptions: assumptions(input),
    caveats: [...doubts, ...(await caveats(input, gathered, attribution, names))],
    log: logFacts(input),
  } satisfies Omit<VerdictDocument, 'advice'>
  return {
    document: { ...summary, advice: adviceOf(summary) },
    affected: scopes.map(({ rows }, i) => ({ agent: names.of(accused[i]), rows })),
  }
}

function accusations(judgement: Judgement, names: Names): { named: Accused[]; leading: Accused[] } {
  const entry = (agent: number, log: number, gamma: number, margin: number): Accused => ({
    agent: names.of(agent),
    pseudonym: names.pseudonymOf(agent),
    log10Evidence: toLog10(log),
    gamma,
    margin,
  })
  const robust = judgement.namings.map((n) => ({
    named: n.named,
    agent: n.agent,
    entry: entry(n.agent, n.robust.logR, n.gamma, n.margin),
  }))
  const sharp = judgement.leading.filter((l) => !robust.some((r) => r.agent === l.agent))
  return {
    named: robust.filter((r) => r.named).map((r) => r.entry),
    leading: [
      ...robust.filter((r) => !r.named).map((r) => r.entry),
      ...sharp.map((l) => entry(l.agent, l.logSharp, 0, 0)),
    ],
  }
}

/** The accused first, then rivals, then whoever has most evidence. */
function listedAgents(
  attribution: Attribution,
  accused: readonly number[],
  rivals: readonly number[],
) {
  const others = strongestFirst(attribution.record)
  return [...new Set([...accused, ...rivals.slice(0, RIVALS_MAX), ...others])].slice(
    0,
    Math.max(LISTED_AGENTS, accused.length),
  )
}

function nextQuestionsOf(
  input: InvestigationInput,
  gathered: Gathered,
  names: Names,
  accused: readonly number[],
  rivals: readonly { agent: number }[],
  shares: Posterior,
) {
  const agents = [...accused, ...rivals.map((rival) => rival.agent)]
  const reported = new Set([...gathered.reports, ...gathered.declined].map((r) => r.customer))
  const beforeS = Math.max(0, ...gathered.reports.map((r) => r.contactedAtS))
  return questionsFor(input.index, names, agents, shares, reported, beforeS)
}

function namedShares(shares: Posterior, names: Names) {
  return {
    coincidence: shares.coincidence,
    outside: shares.outside,
    oneAgent: shares.oneAgent
      .slice(0, LISTED_AGENTS)
      .map((one) => ({ agent: names.of(one.agent), share: one.share })),
    twoAgents: shares.twoAgents.slice(0, LISTED_AGENTS).map((two) => ({
      agents: [names.of(two.agents[0]), names.of(two.agents[1])] as [string, string],
      share: two.share,
    })),
  }
}

function assumptions(input: InvestigationInput): string[] {
  const assumed = [
    ...input.imports.flatMap((summary) =>
      summary.assumed.map((line) => `${summary.file}: ${line}`),
    ),
    ...(input.populationAssumed ?? []),
    ...input.reports.assumed,
    ...(input.staff?.assumed ?? []),
  ]
  if (input.model === 'guilt-2011') {
    assumed.unshift(
      'The 2011 guilt model was asked for. It has no bound on naming an innocent, and with enough reports it names one although nobody leaked.',
    )
  }
  return assumptionsOf(input.index.overview, input.rule, input.lagS, assumed)
}

async function caveats(
  input: InvestigationInput,
  gathered: Gathered,
  attribution: Attribution,
  names: Names,
): Promise<Caveat[]> {
  const similar = new Map<string, readonly string[]>()
  for (const { customer } of gathered.unknown) {
    const keys = await input.index.similarCustomers(customer)
    if (keys.length > 0) similar.set(customer, keys)
  }
  return caveatsOf({
    overview: input.index.overview,
    agents: input.index.agents,
    record: attribution.record,
    gathered,
    similar,
    imports: input.imports,
    staff: input.staff,
    unusable: input.reports.unusable.length,
    names,
  })
}

function logFacts({
  index,
  imports,
  checkpoints = [],
}: InvestigationInput): VerdictDocument['log'] {
  const { disclosures, customers, population, firstAtS, lastAtS } = index.overview
  return {
    disclosures,
    agents: index.agents.length,
    customers,
    population,
    firstAt: isoTime(firstAtS),
    lastAt: isoTime(lastAtS),
    imports: [...imports],
    checkpoints: [...checkpoints],
  }
}
