/**
 * The rule: who is named, who leads, or neither, after any number of reports. docs/attribution.md
 * derives each part; this file only applies them.
 */
import type { Evidence } from './evidence.ts'
import { type OutsideEvidence, outsideEvidence } from './outside.ts'
import { addEvidence, emptyRecord, type ReportRecord } from './record.ts'
import { type RobustScore, robustScore } from './robust.ts'
import { gammaOf, marginOf } from './sensitivity.ts'
import { couldLead, type Explanations, explain, logSharp } from './sharp.ts'
import { catchUp, logAlone, type Suspect, suspect } from './suspect.ts'

/** When to name: the bound on error, and what a naming must withstand. */
export interface Rule {
  /** The chance, at most, of ever naming any innocent agent. */
  readonly alpha: number
  /** Other leakers that a naming must withstand. */
  readonly k: 1 | 2
  /** The least hidden bias that a naming must withstand. */
  readonly gammaMin: number
  /** The fewest false reports that a naming must withstand: this many, and this share of all. */
  readonly marginMin: number
  readonly marginShare: number
}

/** The rule unless told otherwise; docs/attribution.md says why these figures. */
/** The margin is counted no further than this (or what the rule needs, if that is more): at or beyond
 * it, "at least so many" says enough. */
export const MARGIN_COUNTED = 100

/** What a verdict is held to unless the user says otherwise. */
export const DEFAULT_RULE: Rule = {
  alpha: 0.001,
  k: 1,
  gammaMin: 2,
  marginMin: 2,
  marginShare: 0.1,
}

/** An investigation's evidence so far, with what is kept between reports so that each is an update. */
export interface Attribution {
  readonly rule: Rule
  readonly record: ReportRecord
  readonly plain: Map<number, Suspect>
  readonly biased: Map<number, Suspect>
}

export interface Naming {
  readonly agent: number
  /** ln R_a, and the others who explain most. */
  readonly robust: RobustScore
  /** 0 where ln R_a does not reach the threshold. */
  readonly gamma: number
  readonly margin: number
  readonly named: boolean
}

/** The four answers, strongest claim first. */
export type Verdict = 'named' | 'leading' | 'outside' | 'undecided'

/** What the reports so far say, under one rule; agents by dense id. */
export interface Judgement {
  readonly verdict: Verdict
  /** Agents whose robust evidence reaches the threshold, strongest first; `named` where gamma and
   * margin hold as well. */
  readonly namings: readonly Naming[]
  /** Agents whose sharp evidence reaches the threshold and who are not named. */
  readonly leading: readonly { agent: number; logSharp: number }[]
  readonly outside: OutsideEvidence
  readonly explanations: Explanations
}

/** No reports yet, on a log of that many agents. */
export function startAttribution(agentCount: number, rule: Rule = DEFAULT_RULE): Attribution {
  return { rule, record: emptyRecord(agentCount), plain: new Map(), biased: new Map() }
}

/** An attribution with all of this evidence added, in order. */
export function weigh(agentCount: number, rule: Rule, evidence: readonly Evidence[]): Attribution {
  const attribution = startAttribution(agentCount, rule)
  for (const one of evidence) addReport(attribution, one)
  return attribution
}

/** Adds one report, in order of arrival. Each customer may report once. */
export function addReport(attribution: Attribution, evidence: Evidence): void {
  addEvidence(attribution.record, evidence)
}

/** ln(A / alpha): what a statistic must reach so that all A agents together err with alpha at most. */
export function threshold(attribution: Attribution): number {
  return Math.log(Math.max(1, attribution.record.agentCount) / attribution.rule.alpha)
}

/** The suspect of the agent at this bias, caught up with every report. */
export function follow(attribution: Attribution, agent: number, biased = false): Suspect {
  const kept = biased ? attribution.biased : attribution.plain
  const gamma = biased ? attribution.rule.gammaMin : 1
  const rows = biased ? follow(attribution, agent).rows : undefined
  const found = kept.get(agent) ?? suspect(attribution.record, agent, gamma, rows)
  kept.set(agent, found)
  catchUp(attribution.record, found)
  return found
}

/** ln R_a of an agent, with the set of others that explains most. */
export function robustOf(attribution: Attribution, agent: number): RobustScore {
  return robustScore(attribution.record, follow(attribution, agent), attribution.rule.k)
}

/** Agents whose robust evidence reaches the threshold. Unless `exact`, gamma and margin are followed
 * no further than the rule's least, which is all that naming needs. */
export function namings(attribution: Attribution, exact = true): Naming[] {
  const needed = threshold(attribution)
  const { record, rule } = attribution
  const found: Naming[] = []
  for (const agent of record.hitAgents) {
    if (logAlone(record, agent) < needed) continue
    const robust = robustOf(attribution, agent)
    if (robust.logR < needed) continue
    const stands = robustScore(record, follow(attribution, agent, true), rule.k).logR >= needed
    const gamma = exact
      ? gammaOf(record, follow(attribution, agent), needed, rule.k)
      : stands
        ? rule.gammaMin
        : 1
    const marginNeeded = Math.ceil(Math.max(rule.marginMin, rule.marginShare * record.count))
    const enough = exact ? Math.max(MARGIN_COUNTED, marginNeeded) : marginNeeded
    const margin = marginOf(record, follow(attribution, agent), needed, robust.worst, enough)
    const named = stands && margin >= marginNeeded
    found.push({ agent, robust, gamma, margin, named })
  }
  return found.sort((a, b) => b.robust.logR - a.robust.logR)
}

/** Agents whose sharp evidence reaches the threshold. */
export function leaders(attribution: Attribution): { agent: number; logSharp: number }[] {
  const { record } = attribution
  const needed = threshold(attribution)
  if (!couldLead(record, needed)) return []
  return leadersAmong(attribution, explain(record))
}

function leadersAmong(attribution: Attribution, explanations: Explanations) {
  const { record } = attribution
  const needed = threshold(attribution)
  const { best } = explanations
  return best.agents
    .filter((agent) => best.value - explanations.singleWithout(agent) >= needed) // N_a <= the best
    .map((agent) => ({ agent, logSharp: logSharp(record, explanations, agent) }))
    .filter((leader) => leader.logSharp >= needed)
    .sort((a, b) => b.logSharp - a.logSharp)
}

/** The whole judgement. `copyTimesS`: times at which an outside copy may have been made. */
export function judge(attribution: Attribution, copyTimesS: readonly number[] = []): Judgement {
  const found = namings(attribution)
  const explanations = explain(attribution.record)
  const named = new Set(found.filter((n) => n.named).map((n) => n.agent))
  const leading = leadersAmong(attribution, explanations).filter((l) => !named.has(l.agent))
  const outside = outsideEvidence(attribution.record, copyTimesS)
  return {
    verdict: decide(attribution, found, leading.length, outside),
    namings: found,
    leading,
    outside,
    explanations,
  }
}

function decide(
  attribution: Attribution,
  found: readonly Naming[],
  leading: number,
  outside: OutsideEvidence,
): Verdict {
  if (found.some((naming) => naming.named)) return 'named'
  if (found.length + leading > 0) return 'leading'
  return outside.logE >= Math.log(1 / attribution.rule.alpha) ? 'outside' : 'undecided'
}
