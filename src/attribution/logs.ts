/** Sums of likelihoods kept as natural logarithms. */

export function logSumExp(values: ArrayLike<number>, from = 0, to = values.length): number {
  let max = Number.NEGATIVE_INFINITY
  for (let i = from; i < to; i++) if (values[i] > max) max = values[i]
  if (max === Number.NEGATIVE_INFINITY) return max
  let sum = 0
  for (let i = from; i < to; i++) sum += Math.exp(values[i] - max)
  return max + Math.log(sum)
}

export function logAdd(a: number, b: number): number {
  if (a === Number.NEGATIVE_INFINITY) return b
  if (b === Number.NEGATIVE_INFINITY) return a
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b))
}

/** A natural logarithm as a decimal one, the scale that people are shown. */
export function toLog10(natural: number): number {
  return natural / Math.LN10
}
