/** How sure a verdict is: the few figures that matter, each with what it is compared to. */
import { DEFAULT_RULE, MARGIN_COUNTED } from '../attribution/judge.ts'
import type { Accused, AgentSummary, VerdictDocument } from '../cases/document.ts'
import { count, day, odds, plural, share } from './words.ts'

export interface Fact {
  readonly term: string
  readonly value: string
  /** What the value is compared to, or what it means. */
  readonly against: string
}

export type Status = 'named' | 'leading' | 'closest so far, not accused' | 'outside'

/** One agent (or none: the outside) and the figures that speak for or against them. */
export interface Standing {
  readonly agent: string | null
  readonly status: Status
  readonly facts: readonly Fact[]
}

/** Those the evidence points to: first the named, then who leads beside them. */
export function accusedOf(document: VerdictDocument): readonly Accused[] {
  const names = new Set(document.named.map((entry) => entry.agent))
  return [...document.named, ...document.leading.filter((entry) => !names.has(entry.agent))]
}

function statusOf(document: VerdictDocument, agent: string): Status {
  return document.named.some((entry) => entry.agent === agent) ? 'named' : 'leading'
}

/** Agents worth a picture: those the evidence points to, or else the first of the list. */
export function agentsInView(document: VerdictDocument, max: number): string[] {
  const accused = accusedOf(document).map((entry) => entry.agent)
  const first = document.agents.slice(0, 1).map((entry) => entry.agent)
  return (accused.length > 0 ? accused : first).slice(0, max)
}

/** The figures of one agent, where the document lists them. */
export function summaryOf(document: VerdictDocument, agent: string): AgentSummary | undefined {
  return document.agents.find((entry) => entry.agent === agent)
}

/** Per agent worth showing: where they stand and the facts that say so. */
export function standings(document: VerdictDocument): Standing[] {
  const accused = accusedOf(document)
  if (accused.length > 0) {
    return accused.map((entry, i) => {
      const status = statusOf(document, entry.agent)
      const facts = ofAccused(document, entry, status)
      if (i === 0 && document.verdict === 'leading') facts.push(neededFact(document))
      return { agent: entry.agent, status, facts }
    })
  }
  if (document.verdict === 'outside') {
    return [{ agent: null, status: 'outside', facts: ofOutside(document) }]
  }
  const first = document.agents[0]
  if (first === undefined) return []
  const facts = [
    shownFact(document, first),
    evidenceFact(document, first.log10Robust),
    neededFact(document),
  ]
  return [{ agent: first.agent, status: 'closest so far, not accused', facts }]
}

/**
 * An agent's statistic on the scale of the naming line: divided by the number of agents, each of whom
 * could have been accused by chance. This is the scale of the evidence race.
 */
function weighted(document: VerdictDocument, log10: number): number {
  return log10 - Math.log10(Math.max(1, document.log.agents))
}

/** The bet at which a name may be said, such as `1,000 to 1`. */
function namingOdds(document: VerdictDocument): string {
  return odds(-Math.log10(document.alpha))
}

function ofAccused(document: VerdictDocument, entry: Accused, status: Status): Fact[] {
  const summary = summaryOf(document, entry.agent)
  const shown = summary === undefined ? [] : [shownFact(document, summary)]
  if (document.model === 'guilt-2011') return [...shown, baselineFact(entry.log10Evidence)]
  const robust = status === 'named' ? entry.log10Evidence : summary?.log10Robust
  const facts = [...shown]
  if (status === 'leading')
    facts.push(sharpFact(document, summary?.log10Sharp ?? entry.log10Evidence))
  if (robust !== undefined) facts.push(evidenceFact(document, robust))
  // Where no name stands there is nothing that a bias or a false report could undo.
  if (entry.gamma >= 1) facts.push(gammaFact(entry.gamma), marginFact(document, entry.margin))
  return facts
}

function shownFact(document: VerdictDocument, summary: AgentSummary): Fact {
  const n = document.reports.length
  const ungrounded = summary.ungroundedHits
  const grounds =
    ungrounded === null || summary.hits === 0
      ? ''
      : `; ${count(ungrounded)} of the ${count(summary.hits)} without a grounded purpose`
  return {
    term: 'Shown before the call',
    value: `${count(summary.hits)} of ${plural(n, 'reported customer')}`,
    against: `comparable customers ${share(summary.comparisonShare)}${grounds}`,
  }
}

function baselineFact(log10: number): Fact {
  return {
    term: 'Evidence',
    value: odds(log10),
    against: 'by the 2011 guilt model, without a bound',
  }
}

function evidenceFact(document: VerdictDocument, log10: number): Fact {
  const agents = document.log.agents
  const among = agents > 1 ? `, among ${count(agents)} agents` : ''
  return {
    term: 'Robust evidence',
    value: odds(weighted(document, log10)),
    against: `a name needs ${namingOdds(document)}${among}`,
  }
}

function sharpFact(document: VerdictDocument, log10: number): Fact {
  return {
    term: 'Sharp evidence',
    value: odds(weighted(document, log10)),
    against:
      'if whoever leaks sells any customer they were shown alike; enough to lead, not to name',
  }
}

function gammaFact(gamma: number): Fact {
  return {
    term: 'Hidden bias it withstands',
    value: `a factor of ${gamma >= 100 ? '100 or more' : gamma.toFixed(1)}`,
    against: `a name needs ${DEFAULT_RULE.gammaMin}: how far reasons not matched on may favour this agent`,
  }
}

function marginFact(document: VerdictDocument, margin: number): Fact {
  const { marginMin, marginShare } = DEFAULT_RULE
  const needed = Math.max(marginMin, Math.ceil(marginShare * document.reports.length))
  return {
    term: 'False reports that would undo it',
    value: margin >= MARGIN_COUNTED ? `${count(margin)} or more` : plural(margin, 'report'),
    against: `a name needs ${count(needed)}: reports that are mistaken or planted`,
  }
}

function ofOutside(document: VerdictDocument): Fact[] {
  const { log10Evidence, copyNotBefore } = document.outside
  const facts: Fact[] = [
    {
      term: 'Shown to nobody',
      value: `${count(document.ghosts.length)} of ${plural(document.reports.length, 'reported customer')}`,
      against: 'no logged path ever showed them before the call',
    },
    {
      term: 'Evidence for a copy',
      value: odds(log10Evidence),
      against: 'against coincidence, for customers reached by a copy outside the log',
    },
  ]
  if (copyNotBefore !== null) {
    facts.push({
      term: 'Age of the copy',
      value: `not before ${day(copyNotBefore)}`,
      against: 'it reached customers whom nobody could copy earlier',
    })
  }
  return facts
}

/** Fewer reports than this say nothing about a rate. */
const RATE_FROM = 3

/** How many reports are still missing for a name. */
function neededFact(document: VerdictDocument): Fact {
  const needed = document.reportsNeeded
  if (needed !== null) {
    return {
      term: 'Reports still needed',
      value: `about ${count(Math.max(1, needed))}`,
      against: 'until a name, if reports go on as they have',
    }
  }
  return document.reports.length < RATE_FROM
    ? {
        term: 'Reports still needed',
        value: 'too early to tell',
        against: `${RATE_FROM} reports are the least that show a rate`,
      }
    : {
        term: 'Reports still needed',
        value: 'not in sight',
        against: 'as reports go now, no number of them would name anyone',
      }
}
