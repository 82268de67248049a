/**
 * The sharp statistic E_a (docs/attribution.md, "Leading"): the likelihood that agent a leaked, alone
 * or with one other, over the largest likelihood of any explanation without a: coincidence, every
 * other agent alone, every pair of others. An e-process wherever a is innocent and one of those
 * holds.
 */
import { type Fit, fitOne, fitTwo, gainBound, logLikelihood, roughBound } from './fit.ts'
import { PAIR_SHARES, SHARES, SINGLE_WEIGHT } from './grid.ts'
import { logAdd, logSumExp } from './logs.ts'
import { type Hits, hitCount, type ReportRecord } from './record.ts'

export interface Explanation {
  /** No agent (coincidence), one or two. */
  readonly agents: readonly number[]
  readonly shares: readonly number[]
  /** Natural logarithm of the largest likelihood against coincidence. */
  readonly value: number
}

/** The best models of who leaked, one or two agents or nobody. */
export interface Explanations {
  /** The best of all. */
  readonly best: Explanation
  /** For each agent in `best`: the best without them. */
  readonly without: ReadonlyMap<number, Explanation>
}

/** One agent alone: their hits and the share that fits best. */
export interface Single {
  readonly agent: number
  readonly hits: Hits
  readonly fit: Fit
}

const COINCIDENCE: Explanation = { agents: [], shares: [], value: 0 }

/** The best explanation, and the best without each of its agents. */
export function explain(record: ReportRecord): Explanations {
  const singles = fitSingles(record)
  const partners = partnersOf(singles, record.count)
  const best = bestOf(singles, record.count, partners)
  const without = new Map<number, Explanation>()
  for (const agent of best.agents) {
    const others = singles.filter((s) => s.agent !== agent)
    const theirs = partners.filter((p) => p.single.agent !== agent)
    without.set(agent, bestOf(others, record.count, theirs))
  }
  return { best, without }
}

/** False where no agent's E_a can reach the threshold: N_a never exceeds the best explanation, and
 * that never exceeds the best single plus the largest gain of a second. */
export function couldLead(record: ReportRecord, threshold: number): boolean {
  let single = 0
  let gain = 0
  let mostHits = 0
  for (const agent of record.hitAgents) mostHits = Math.max(mostHits, hitCount(record, agent))
  for (const agent of record.hitAgents) {
    const own = record.hits[agent] as Hits
    single = Math.max(single, roughBound(own, record.count))
    gain = Math.max(gain, roughBound(own, Math.max(own.lift.length, record.count - mostHits)))
  }
  if (single + gain < threshold) return false
  single = 0
  gain = 0
  for (const agent of record.hitAgents) {
    const own = record.hits[agent] as Hits
    single = Math.max(single, fitOne(own, record.count).value)
    gain = Math.max(gain, gainBound(own, Math.max(0, record.count - mostHits - own.lift.length)))
    if (single + gain >= threshold) return true
  }
  return false
}

/** Every agent with a hit, best fit first. */
export function fitSingles(record: ReportRecord): Single[] {
  const singles = record.hitAgents.map((agent) => {
    const hits = record.hits[agent] as Hits
    return { agent, hits, fit: fitOne(hits, record.count) }
  })
  return singles.sort((x, y) => y.fit.value - x.fit.value)
}

/**
 * The true maximum over coincidence, singles and pairs. A pair is fitted only when the bound
 * single(b) + gain(c) exceeds the best so far; the bound holds for every pair, so none is missed.
 */
export function bestOf(
  singles: readonly Single[],
  n: number,
  partners: readonly Partner[] = partnersOf(singles, n),
): Explanation {
  let best: Explanation = COINCIDENCE
  if (singles.length > 0 && singles[0].fit.value > 0) {
    best = {
      agents: [singles[0].agent],
      shares: [singles[0].fit.shares[0]],
      value: singles[0].fit.value,
    }
  }
  for (const b of singles) {
    if (b.fit.value + (partners[0]?.gain ?? 0) <= best.value) break
    for (const { single: c, gain } of partners) {
      if (b.fit.value + gain <= best.value) break
      if (!comesAfter(c, b) || b.fit.value + gainOver(b, c.hits, n) <= best.value) continue
      const fit = fitTwo(b.hits, c.hits, n)
      if (fit.value > best.value) {
        best = { agents: [b.agent, c.agent], shares: fit.shares, value: fit.value }
      }
    }
  }
  return best
}

interface Partner {
  readonly single: Single
  /** The most they can add to any of the others. */
  readonly gain: number
}

/** Largest gain first. */
function partnersOf(singles: readonly Single[], n: number): Partner[] {
  const mostHits = singles.reduce((most, s) => Math.max(most, s.hits.lift.length), 0)
  return singles
    .map((single) => {
      const missed = Math.max(0, n - mostHits - single.hits.lift.length)
      return { single, gain: gainBound(single.hits, missed) }
    })
    .sort((x, y) => y.gain - x.gain)
}

/** Each pair is looked at once, from its likelier member. */
function comesAfter(c: Single, b: Single): boolean {
  return c.fit.value < b.fit.value || (c.fit.value === b.fit.value && c.agent > b.agent)
}

/** The most c can add to b, who misses so many reports. */
function gainOver(b: Single, c: Hits, n: number): number {
  const missed = Math.max(0, n - b.hits.lift.length - c.lift.length)
  return gainBound(c, missed)
}

/** ln N_a: the prior mixture of a's own models, single and with every possible partner. */
export function logNumerator(record: ReportRecord, agent: number): number {
  const own = record.hits[agent] ?? { reports: [], lift: [] }
  const single = logSumExp(singleTerms(record, own)) - Math.log(SHARES.length)
  const partners = record.agentCount - 1
  if (partners < 1) return single
  const pair = pairNumerator(record, agent, own) - Math.log(partners * PAIR_SHARES.length)
  return logAdd(Math.log(SINGLE_WEIGHT) + single, Math.log(1 - SINGLE_WEIGHT) + pair)
}

export function singleTerms(record: ReportRecord, own: Hits): number[] {
  const missed = record.count - own.lift.length
  const none = own.lift.map(() => 0)
  return SHARES.map((p) => logLikelihood(own.lift, none, missed, p, 0))
}

function pairNumerator(record: ReportRecord, agent: number, own: Hits): number {
  const terms: number[] = []
  let idle = record.agentCount - 1
  const pairs = pairTerms(record, own)
  for (const partner of record.hitAgents) {
    if (partner === agent) continue
    idle--
    terms.push(...pairs(record.hits[partner] as Hits))
  }
  if (idle > 0)
    for (const term of pairs({ reports: [], lift: [] })) terms.push(Math.log(idle) + term)
  return logSumExp(terms)
}

/**
 * Log-likelihoods of "own and a partner" over the grid of pairs of shares. What own explains alone is
 * summed once; a partner only changes the reports that they hit.
 */
export function pairTerms(record: ReportRecord, own: Hits): (partner: Hits) => number[] {
  const lift = new Float64Array(record.count)
  own.reports.forEach((report, i) => {
    lift[report] = own.lift[i]
  })
  const alone = PAIR_SHARES.map(([p1, p2]) => {
    let sum = (record.count - own.lift.length) * Math.log(1 - p1 - p2)
    for (const x of own.lift) sum += Math.log(1 - p1 - p2 + p1 * x)
    return sum
  })
  return (partner) =>
    PAIR_SHARES.map(([p1, p2], combination) => {
      let sum = alone[combination]
      for (let i = 0; i < partner.reports.length; i++) {
        const before = 1 - p1 - p2 + p1 * lift[partner.reports[i]]
        sum += Math.log1p((p2 * partner.lift[i]) / before)
      }
      return sum
    })
}

/** ln E_a. Exact for the agents of the best explanation; for any other the best explanation itself
 * is one without them, so that their E_a never exceeds 1. */
export function logSharp(record: ReportRecord, explanations: Explanations, agent: number): number {
  const rival = explanations.without.get(agent) ?? explanations.best
  return logNumerator(record, agent) - rival.value
}
