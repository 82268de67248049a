/** Seeded randomness: the same seed and stream give the same draws on every machine. */

export interface Random {
  /** Uniform over 0 .. 2^32 - 1. */
  uint32(): number
  /** Uniform over [0, 1). */
  unit(): number
  /** Uniform integer over 0 .. n - 1. */
  below(n: number): number
  chance(p: number): boolean
  between(low: number, high: number): number
  exponential(mean: number): number
  /** Counts exponential gaps, so its cost is proportional to the mean. */
  poisson(mean: number): number
  pick<T>(of: readonly T[]): T
}

/** sfc32 (Chris Doty-Humphrey's small fast counting generator, 128 bits of state), seeded by hashing
 * `seed/stream`, so that the streams of one seed are independent of each other. */
export function random(seed: number, stream: string): Random {
  const next = sfc32(`${seed}/${stream}`)
  const unit = () => next() / 4294967296
  const exponential = (mean: number) => -mean * naturalLog(1 - unit())
  return {
    uint32: next,
    unit,
    exponential,
    below: (n) => Math.floor(unit() * n),
    chance: (p) => unit() < p,
    between: (low, high) => low + unit() * (high - low),
    pick: (of) => of[Math.floor(unit() * of.length)],
    poisson(mean) {
      let count = 0
      for (let sum = exponential(1); sum < mean; sum += exponential(1)) count++
      return count
    },
  }
}

/** Natural logarithm of 0 < x <= 1 by exact IEEE operations only: `Math.log` is not required to be
 * the same in every engine. Accurate to about 1e-13. */
export function naturalLog(x: number): number {
  let halvings = 0
  while (x < 0.5) {
    x *= 2
    halvings++
  }
  const ratio = (x - 1) / (x + 1)
  const square = ratio * ratio
  let sum = 0
  for (let power = 25; power >= 1; power -= 2) sum = sum * square + 1 / power
  return 2 * ratio * sum - halvings * Math.LN2
}

/** A well-mixed 32-bit hash of an integer under a salt: a fixed property of a customer that needs
 * no memory. The finaliser of MurmurHash3. */
export function mix(value: number, salt: number): number {
  let h = (value ^ Math.imul(salt, 0x9e3779b1)) | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

function sfc32(key: string): () => number {
  let [a, b, c, counter] = [fnv(key, 1), fnv(key, 2), fnv(key, 3), 1]
  const next = () => {
    const out = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + out) | 0
    return out >>> 0
  }
  for (let i = 0; i < 16; i++) next()
  return next
}

function fnv(key: string, lane: number): number {
  let h = 0x811c9dc5 ^ Math.imul(lane, 0x9e3779b1)
  for (let i = 0; i < key.length; i++) h = Math.imul(h ^ key.charCodeAt(i), 0x01000193)
  return mix(h, lane)
}
