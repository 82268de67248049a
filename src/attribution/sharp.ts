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

/** Who may have leaked, at their likeliest shares of the reports. */
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
  /** The best without this agent; searched for when first asked, where they are in `best`. */
  without(agent: number): Explanation
  /** The likelihood of the best single agent without this one: `without` is never below it. */
  singleWithout(agent: number): number
}

/** One agent alone: their hits and the share that fits best. */
export interface Single {
  readonly agent: number
  readonly hits: Hits
  /** Never below the fit's value, and had for a sum. */
  readonly bound: number
  /** Computed when first asked for: most agents' bound already says enough. */
  readonly fit: Fit
  /** Likelihood of each report under the fit, likewise. */
  readonly density: Float64Array
}

const COINCIDENCE: Explanation = { agents: [], shares: [], value: 0 }

/** The best explanation, and the best without each of its agents. */
export function explain(record: ReportRecord): Explanations {
  const singles = fitSingles(record)
  const best = bestOf(singles, record.count)
  const found = new Map<number, Explanation>()
  const others = (agent: number) => singles.filter((single) => single.agent !== agent)
  return {
    best,
    without(agent) {
      if (!best.agents.includes(agent)) return best
      const known = found.get(agent) ?? bestOf(others(agent), record.count)
      found.set(agent, known)
      return known
    },
    singleWithout: (agent) => bestSingle(others(agent)).value,
  }
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

/** Every agent with a hit, largest bound first. */
export function fitSingles(record: ReportRecord): Single[] {
  const n = record.count
  return record.hitAgents
    .map((agent) => single(agent, record.hits[agent] as Hits, n))
    .sort((x, y) => y.bound - x.bound)
}

function single(agent: number, hits: Hits, n: number): Single {
  let fit: Fit | undefined
  let density: Float64Array | undefined
  return {
    agent,
    hits,
    bound: roughBound(hits, n),
    get fit() {
      fit ??= fitOne(hits, n)
      return fit
    },
    get density() {
      density ??= densityOf(hits, n, this.fit.shares[0])
      return density
    },
  }
}

function densityOf(hits: Hits, n: number, share: number): Float64Array {
  const density = new Float64Array(n).fill(1 - share)
  hits.reports.forEach((report, i) => {
    density[report] += share * hits.lift[i]
  })
  return density
}

/**
 * The true maximum over coincidence, singles and pairs. A pair is fitted only when the bound
 * single(b) + gain(c) exceeds the best so far; the bound holds for every pair, so none is missed.
 */
export function bestOf(singles: readonly Single[], n: number): Explanation {
  let best = bestSingle(singles)
  const partners = partnersOf(singles, n)
  const mostGain = partners[0]?.gain ?? 0
  for (const [rank, b] of singles.entries()) {
    if (b.bound + mostGain <= best.value) break
    for (const c of partners) {
      if (b.bound + c.gain <= best.value) break
      // Each pair is looked at once, from the member with the larger bound.
      if (c.rank <= rank || !mayExceed(b, c.single, n, best.value)) continue
      const fit = fitTwo(b.hits, c.single.hits, n)
      if (fit.value > best.value) {
        best = { agents: [b.agent, c.single.agent], shares: fit.shares, value: fit.value }
      }
    }
  }
  return best
}

function bestSingle(singles: readonly Single[]): Explanation {
  let best = COINCIDENCE
  for (const one of singles) {
    if (one.bound <= best.value) break
    const { value, shares } = one.fit
    if (value > best.value) best = { agents: [one.agent], shares: [shares[0]], value }
  }
  return best
}

interface Partner {
  readonly single: Single
  /** Place in the list of singles. */
  readonly rank: number
  /** The most they can add to any of the others. */
  readonly gain: number
}

/** Largest gain first. */
function partnersOf(singles: readonly Single[], n: number): Partner[] {
  const mostHits = singles.reduce((most, s) => Math.max(most, s.hits.lift.length), 0)
  return singles
    .map((single, rank) => {
      const own = single.hits.lift.length
      return { single, rank, gain: roughBound(single.hits, Math.max(own, n - mostHits)) }
    })
    .sort((x, y) => y.gain - x.gain)
}

/** Whether b with c may be likelier than `value`: bounds from the cheapest to the tightest. */
function mayExceed(b: Single, c: Single, n: number, value: number): boolean {
  const missed = Math.max(0, n - b.hits.lift.length - c.hits.lift.length)
  const rough = roughBound(c.hits, missed + c.hits.lift.length)
  if (b.bound + rough <= value || b.fit.value + rough <= value) return false
  if (b.fit.value + jensenGain(b, c.hits, n) <= value) return false
  return b.fit.value + gainBound(c.hits, missed) > value
}

/** The certificate of `fit.ts` at b's own fit: adding c gains at most n ln g, g being the mean of c's
 * likelihood over b's; nothing where g is at most 1. */
function jensenGain(b: Single, c: Hits, n: number): number {
  let sum = 0
  for (let i = 0; i < c.reports.length; i++) sum += c.lift[i] / b.density[c.reports[i]]
  return n * Math.log(Math.max(1, sum / n))
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
  return logNumerator(record, agent) - explanations.without(agent).value
}
