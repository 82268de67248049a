/**
 * How well a naming stands: Gamma (Rosenbaum's sensitivity: the largest hidden bias of the odds) and
 * the margin (how many reports would have to be false for it to fall). docs/attribution.md, "Gamma
 * and the margin".
 */
import { LOG_MISS } from './grid.ts'
import { logSumExp } from './logs.ts'
import type { ReportRecord } from './record.ts'
import { robustScore } from './robust.ts'
import {
  catchUp,
  gainOf,
  LOG_P,
  logAgainst,
  logFromShares,
  missedBy,
  type Suspect,
  suspect,
  unexplainedShares,
} from './suspect.ts'

/** Beyond this the answer is "any bias worth speaking of". */
const GAMMA_MAX = 1000
const GAMMA_STEPS = 30
/** Far more rounds than agents ever take turns at being the worst. */
const ROUNDS_MAX = 50
const TOLERANCE = 1e-6

/**
 * The largest gamma at which ln R_a still reaches the threshold; 0 where it does not even at 1. Found
 * against the one B that is worst so far, then checked against every B: where another B is worse at
 * that gamma, the search goes on against it, so the answer is that of the true minimum.
 */
export function gammaOf(record: ReportRecord, plain: Suspect, threshold: number, k: 1 | 2): number {
  let { logR, worst } = robustScore(record, plain, k)
  if (logR < threshold) return 0
  let gamma = GAMMA_MAX
  for (let round = 0; round < ROUNDS_MAX; round++) {
    gamma = Math.min(gamma, largestAgainst(record, plain, worst, threshold))
    const at = suspect(record, plain.agent, gamma, plain.rows)
    catchUp(record, at)
    ;({ logR, worst } = robustScore(record, at, k))
    if (logR >= threshold - TOLERANCE) return gamma
  }
  return gamma
}

function largestAgainst(
  record: ReportRecord,
  plain: Suspect,
  others: readonly number[],
  threshold: number,
): number {
  const shares = unexplainedShares(record, plain, others)
  const missed = missedBy(record, others)
  const stands = (gamma: number) => logFromShares(shares, missed, gamma) >= threshold
  if (stands(GAMMA_MAX)) return GAMMA_MAX
  let low = 0
  let high = Math.log(GAMMA_MAX)
  for (let step = 0; step < GAMMA_STEPS; step++) {
    const middle = (low + high) / 2
    if (stands(Math.exp(middle))) low = middle
    else high = middle
  }
  return Math.exp(low)
}

/**
 * The least number of reports whose removal makes the naming fall, over every B of one other agent
 * or none (and, for k = 2, the worst pair); counted no further than `enough`. For one B the reports
 * that weigh most are those with the smallest share, whatever the share p of the mixture, so taking
 * them in that order is exact.
 */
export function marginOf(
  record: ReportRecord,
  suspect: Suspect,
  threshold: number,
  worst: readonly number[],
  enough = Number.POSITIVE_INFINITY,
): number {
  const fallsAfter = (others: readonly number[], atMost: number) =>
    removalsToFall(
      unexplainedShares(record, suspect, others),
      missedBy(record, others),
      suspect.gamma,
      threshold,
      atMost,
    )
  let margin = fallsAfter([], fallsAfter(worst, enough))
  const most = mostLost(suspect)
  for (let other = 0; other < record.agentCount && margin > 0; other++) {
    if (other === suspect.agent) continue
    const spare = logAgainst(record, suspect, other) - threshold
    if (margin <= suspect.rows.length && most[margin - 1] + suspect.ease[other] < spare) continue
    margin = fallsAfter([other], margin)
  }
  return margin
}

/** By number of removed hits, from 0: what ln R loses at most with nobody excluded. One hit is worth at
 * most ln 1/q to any share of the mixture; with another excluded, their ease more for all together. */
function mostLost(suspect: Suspect): Float64Array {
  const shares = Float64Array.from(suspect.rows, (row) => row.share).sort()
  const most = new Float64Array(shares.length + 1)
  for (let i = 0; i < shares.length; i++) most[i + 1] = most[i] - Math.log(shares[i])
  return most
}

/** The fewest of the weightiest hits whose removal takes ln R_{a,B} below the threshold, at most
 * `atMost`. Each removal lowers it, so the number is found by halving. */
function removalsToFall(
  shares: Float64Array,
  missed: number,
  gamma: number,
  threshold: number,
  atMost: number,
): number {
  const rest = LOG_MISS.map((_, p) => remainingGains(shares, gamma, p))
  const fallen = (removed: number) => {
    const terms = LOG_MISS.map((miss, p) => (missed - removed) * miss + rest[p][removed])
    return logSumExp(terms) - LOG_P < threshold
  }
  let low = 0
  let high = Math.min(atMost, shares.length)
  while (low < high) {
    const middle = (low + high) >>> 1
    if (fallen(middle)) high = middle
    else low = middle + 1
  }
  return low
}

/** By number of removed hits: what the others still add at one share of the grid. */
function remainingGains(shares: Float64Array, gamma: number, p: number): Float64Array {
  const rest = new Float64Array(shares.length + 1)
  for (let i = shares.length - 1; i >= 0; i--) rest[i] = rest[i + 1] + gainOf(shares[i], gamma, p)
  return rest
}
