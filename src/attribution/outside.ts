/**
 * Evidence for "outside": a copy that left by no logged path. It rests on the knowing reports alone,
 * those whose caller knew what only a copy of the records could tell, and needs two things: that such
 * reports are too many to be coincidence, and that no one or two agents explain whom they reached.
 * docs/attribution.md, "Outside".
 */
import type { Evidence } from './evidence.ts'
import { align } from './fit.ts'
import { logSumExp } from './logs.ts'
import type { Hits, ReportRecord } from './record.ts'

/** How often a caller without any copy seems to know such a thing (guessing, a mistaken report). */
export const KNOWING_BY_CHANCE = 0.05
/** Share of the knowing reports that may come from elsewhere although an agent leaked. */
const STRAY = 0.05

export interface OutsideEvidence {
  /** Natural logarithm of the e-value against coincidence and against every one or two agents. */
  readonly logE: number
  /** The earliest of the times considered at which the copy can have been made, or null. */
  readonly copyNotBeforeS: number | null
}

/** `copyTimesS`: ascending times at which a copy may have been made, fixed in advance. */
export function outsideEvidence(
  record: ReportRecord,
  copyTimesS: readonly number[],
): OutsideEvidence {
  const knowing = record.evidence.flatMap((e, i) => (e.knowing ? [i] : []))
  if (knowing.length === 0) return { logE: 0, copyNotBeforeS: null }
  const byTime = copyTimesS.map((timeS) => copyLikelihood(record, knowing, timeS))
  const numerator = logSumExp([0, ...byTime]) - Math.log(byTime.length + 1)
  const againstAgents = numerator - bestAgents(record, knowing, numerator)
  const logE = Math.min(againstAgents, logKnowingEvidence(record.count, knowing.length))
  const likeliest = Math.max(0, ...byTime)
  const possible = byTime.findIndex((log) => log > likeliest - Math.log(1000))
  return { logE, copyNotBeforeS: possible < 0 ? null : copyTimesS[possible] }
}

/** A copy made at `timeS` reaches only customers who were known by then. */
function copyLikelihood(record: ReportRecord, knowing: readonly number[], timeS: number): number {
  let sum = 0
  for (const index of knowing) {
    const evidence = record.evidence[index]
    sum += Math.log(STRAY + (1 - STRAY) * copyLift(evidence, timeS))
  }
  return sum
}

function copyLift(evidence: Evidence, timeS: number): number {
  const { firstContact, group } = evidence
  if (firstContact === null) return 1
  if (firstContact > timeS) return 0
  const later = group.firstContacts.length - countUpTo(group.firstContacts, timeS)
  return (group.size + 1) / (group.size - later + 1)
}

function countUpTo(ascending: Uint32Array, value: number): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ascending[middle] <= value) low = middle + 1
    else high = middle
  }
  return low
}

/** Too many knowing reports for coincidence: a beta mixture over their share against at most
 * KNOWING_BY_CHANCE. */
function logKnowingEvidence(reports: number, knowing: number): number {
  const mixture = logBeta(knowing + 1, reports - knowing + 1)
  const share = Math.min(KNOWING_BY_CHANCE, knowing / reports)
  const rest = reports - knowing
  const chance = knowing * Math.log(share) + (rest === 0 ? 0 : rest * Math.log1p(-share))
  return mixture - chance
}

function logBeta(a: number, b: number): number {
  return logFactorial(a - 1) + logFactorial(b - 1) - logFactorial(a + b - 1)
}

function logFactorial(n: number): number {
  let sum = 0
  for (let i = 2; i <= n; i++) sum += Math.log(i)
  return sum
}

/**
 * The best that one or two agents do at explaining the knowing reports, all of them but a stray
 * share. Stops early once no outside verdict is left in sight (the numerator is beaten).
 */
function bestAgents(record: ReportRecord, knowing: readonly number[], numerator: number): number {
  const position = new Map(knowing.map((index, i) => [index, i]))
  const lists = record.hitAgents.flatMap((agent) =>
    knowingHits(record.hits[agent] as Hits, position),
  )
  const n = knowing.length
  const singles = lists
    .map((hits) => ({ hits, value: splitLikelihood(hits, { reports: [], lift: [] }, n, 1) }))
    .sort((x, y) => y.value - x.value)
  let best = Math.max(n * Math.log(STRAY), singles[0]?.value ?? Number.NEGATIVE_INFINITY)
  for (let i = 0; i < singles.length && best < numerator; i++) {
    for (let j = i + 1; j < singles.length; j++) {
      if (pairBound(singles[i].hits, singles[j].hits, n) <= best) continue
      best = Math.max(best, fitSplit(singles[i].hits, singles[j].hits, n))
    }
  }
  return best
}

function knowingHits(hits: Hits, position: ReadonlyMap<number, number>): Hits[] {
  const reports: number[] = []
  const lift: number[] = []
  hits.reports.forEach((report, i) => {
    const at = position.get(report)
    if (at === undefined) return
    reports.push(at)
    lift.push(hits.lift[i])
  })
  return reports.length === 0 ? [] : [{ reports, lift }]
}

function splitLikelihood(b: Hits, c: Hits, n: number, split: number): number {
  const { liftB, liftC } = align(b, c)
  let sum = (n - liftB.length) * Math.log(STRAY)
  for (let i = 0; i < liftB.length; i++) {
    sum += Math.log(STRAY + (1 - STRAY) * (split * liftB[i] + (1 - split) * liftC[i]))
  }
  return sum
}

function pairBound(b: Hits, c: Hits, n: number): number {
  const { liftB, liftC } = align(b, c)
  let sum = (n - liftB.length) * Math.log(STRAY)
  for (let i = 0; i < liftB.length; i++) {
    sum += Math.log(STRAY + (1 - STRAY) * Math.max(liftB[i], liftC[i]))
  }
  return sum
}

/** The largest likelihood over the split: concave in it, so a ternary search closes in on it. */
function fitSplit(b: Hits, c: Hits, n: number): number {
  let low = 0
  let high = 1
  for (let step = 0; step < 30; step++) {
    const left = low + (high - low) / 3
    const right = high - (high - low) / 3
    if (splitLikelihood(b, c, n, left) < splitLikelihood(b, c, n, right)) low = left
    else high = right
  }
  return splitLikelihood(b, c, n, (low + high) / 2)
}
