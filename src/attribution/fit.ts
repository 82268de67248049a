/**
 * Largest log-likelihood of a mixture of coincidence and one or two agents over its shares. The
 * problem is concave; expectation maximisation climbs it, and every step carries a certificate: by
 * Jensen's inequality no mixture of the same parts exceeds the current value by more than
 * n ln max_j g_j, where g_j is the mean of part j's likelihood over the mixture's. The value returned
 * is the certified upper bound, so a maximum is never understated.
 */
import type { Hits } from './record.ts'

export interface Fit {
  /** Certified upper bound of the maximum, natural logarithm, within TOLERANCE of it. */
  readonly value: number
  readonly shares: readonly [number, number]
}

/** Half a hundredth of a nat: far below anything that moves a verdict. */
const TOLERANCE = 0.005
const MAX_STEPS = 2000
const NONE: Hits = { reports: [], lift: [] }

/** `n` reports in all; those that neither agent hits are coincidence under this model. */
export function fitOne(b: Hits, n: number): Fit {
  return newton(b.lift, n - b.lift.length)
}

/** Both agents leak, each a share of their own. */
export function fitTwo(b: Hits, c: Hits, n: number): Fit {
  const { liftB, liftC } = align(b, c)
  return climb(liftB, liftC, n)
}

/** The lifts of both agents over the union of their hits, 0 where one of them has none. */
export function align(b: Hits, c: Hits = NONE): { liftB: number[]; liftC: number[] } {
  const liftB: number[] = []
  const liftC: number[] = []
  let i = 0
  let j = 0
  while (i < b.reports.length || j < c.reports.length) {
    const atB = b.reports[i] ?? Number.POSITIVE_INFINITY
    const atC = c.reports[j] ?? Number.POSITIVE_INFINITY
    liftB.push(atB <= atC ? b.lift[i++] : 0)
    liftC.push(atC <= atB ? c.lift[j++] : 0)
  }
  return { liftB, liftC }
}

/** The maximum for one agent: the slope falls in p, so Newton's steps within a closing bracket find
 * its root in a few rounds. */
function newton(lift: readonly number[], missed: number): Fit {
  const n = lift.length + missed
  let sum = 0
  for (const x of lift) sum += x
  if (sum <= n) return { value: 0, shares: [0, 0] }
  let low = 0
  let high = 1
  let p = Math.min(0.99, (sum - n) / (n * (sum / lift.length - 1)))
  for (let step = 0; ; step++) {
    let g0 = missed / (1 - p)
    let gB = 0
    let bend = g0 / (1 - p)
    for (const x of lift) {
      const inverse = 1 / (1 - p + p * x)
      g0 += inverse
      gB += x * inverse
      bend += ((x - 1) * inverse) ** 2
    }
    const slack = n * Math.log(Math.max(g0, gB) / n)
    if (slack < TOLERANCE || step === MAX_STEPS) {
      return { value: logAlone(lift, missed, p) + slack, shares: [p, 0] }
    }
    if (gB > g0) low = p
    else high = p
    const next = p + (gB - g0) / bend
    p = next > low && next < high ? next : (low + high) / 2
  }
}

function logAlone(lift: readonly number[], missed: number, p: number): number {
  let sum = missed === 0 ? 0 : missed * Math.log1p(-p)
  for (const x of lift) sum += Math.log(1 - p + p * x)
  return sum
}

function climb(liftB: number[], liftC: number[], n: number): Fit {
  const missed = n - liftB.length
  if (n === 0) return { value: 0, shares: [0, 0] }
  let pB = 0.3
  let pC = 0.3
  for (let step = 0; ; step++) {
    const p0 = Math.max(1 - pB - pC, Number.MIN_VALUE)
    let g0 = missed / p0
    let gB = 0
    let gC = 0
    for (let i = 0; i < liftB.length; i++) {
      const inverse = 1 / (p0 + pB * liftB[i] + pC * liftC[i])
      g0 += inverse
      gB += liftB[i] * inverse
      gC += liftC[i] * inverse
    }
    const slack = n * Math.log(Math.max(g0, gB, gC) / n)
    if (slack < TOLERANCE || step === MAX_STEPS) {
      return { value: logLikelihood(liftB, liftC, missed, pB, pC) + slack, shares: [pB, pC] }
    }
    pB *= gB / n
    pC *= gC / n
  }
}

/** ln of the likelihood at given shares, against coincidence, in nats: lifts as of `align`, and `missed`
 * reports that neither agent hits. */
export function logLikelihood(
  liftB: readonly number[],
  liftC: readonly number[],
  missed: number,
  pB: number,
  pC: number,
): number {
  const p0 = Math.max(1 - pB - pC, Number.MIN_VALUE)
  let sum = missed === 0 ? 0 : missed * Math.log(p0)
  for (let i = 0; i < liftB.length; i++) sum += Math.log(p0 + pB * liftB[i] + pC * liftC[i])
  return sum
}

/**
 * The most that adding this agent can gain over any model in which `missed` reports at least are hit
 * by neither: max over u of sum ln(1 - u + u x) + missed ln(1 - u). docs/attribution.md, "The true
 * maximum", derives why it bounds every pair.
 */
export function gainBound(own: Hits, missed: number): number {
  return newton(own.lift, missed).value
}

/**
 * Never below fitOne(own, n).value short of its tolerance, at the cost of a sum: ln is concave, so the
 * hits are worth at most what as many of their mean lift x are, and h ln(1 - p + p x) +
 * (n - h) ln(1 - p) has its maximum at p = (h x - n) / (n (x - 1)).
 */
export function roughBound(own: Hits, n: number): number {
  const h = own.lift.length
  let sum = 0
  for (const lift of own.lift) sum += lift
  if (sum <= n) return 0
  const mean = sum / h
  const missed = n - h
  const atMisses = missed === 0 ? 0 : missed * Math.log((missed * mean) / (n * (mean - 1)))
  return h * Math.log(sum / n) + atMisses
}
