import fc from 'fast-check'
import { expect, test } from 'vitest'
import { scramble } from '../../simulate/customers.ts'
import { naturalLog, random } from '../../simulate/random.ts'

test('a seed and stream give the same draws on every machine', () => {
  const draws = (seed: number, stream: string) => {
    const rng = random(seed, stream)
    return [rng.uint32(), rng.uint32(), rng.below(1000), rng.poisson(12)]
  }
  expect(draws(7, 'tickets')).toEqual(draws(7, 'tickets'))
  expect(draws(7, 'tickets')).toEqual(PINNED)
  expect(draws(7, 'staff')).not.toEqual(draws(7, 'tickets'))
  expect(draws(8, 'tickets')).not.toEqual(draws(7, 'tickets'))
})

test('the logarithm agrees with the usual one', () => {
  fc.assert(
    fc.property(fc.double({ min: 2 ** -40, max: 1, noNaN: true }), (x) => {
      expect(Math.abs(naturalLog(x) - Math.log(x))).toBeLessThan(1e-12)
    }),
  )
})

test('draws have the moments of their distributions', () => {
  const rng = random(1, 'moments')
  const n = 100_000
  const mean = (draw: () => number) => {
    let sum = 0
    for (let i = 0; i < n; i++) sum += draw()
    return sum / n
  }
  // Each tolerance is five standard errors.
  expect(Math.abs(mean(rng.unit) - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / n))
  expect(Math.abs(mean(() => rng.exponential(3)) - 3)).toBeLessThan(5 * (3 / Math.sqrt(n)))
  expect(Math.abs(mean(() => rng.poisson(4)) - 4)).toBeLessThan(5 * (2 / Math.sqrt(n)))
  expect(Math.abs(mean(() => rng.poisson(4) ** 2) - 20)).toBeLessThan(0.5)
  expect(Math.abs(mean(() => (rng.chance(0.3) ? 1 : 0)) - 0.3)).toBeLessThan(
    5 * Math.sqrt(0.21 / n),
  )
  expect(mean(() => rng.poisson(0))).toBe(0)
})

test('every bit of the generator is balanced', () => {
  const rng = random(3, 'bits')
  const ones = new Uint32Array(32)
  const n = 40_000
  for (let i = 0; i < n; i++) {
    const draw = rng.uint32()
    for (let bit = 0; bit < 32; bit++) ones[bit] += (draw >>> bit) & 1
  }
  for (const count of ones) expect(Math.abs(count - n / 2)).toBeLessThan(5 * Math.sqrt(n / 4))
})

test('scrambled keys are a permutation, and can be undone', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), fc.nat(0xffffffff), (n, salt) => {
      const { forward, back } = scramble(n, salt)
      const keys = Array.from({ length: n }, (_, i) => forward(i))
      expect(new Set(keys).size).toBe(n)
      expect(Math.max(...keys)).toBe(n - 1)
      for (const [i, key] of keys.entries()) expect(back(key)).toBe(i)
    }),
  )
  const { forward, back } = scramble(12_000_000, 4_294_967_295)
  for (const i of [0, 1, 5_999_999, 11_999_999]) expect(back(forward(i))).toBe(i)
})

const PINNED = [2192991409, 1373236959, 491, 12]
