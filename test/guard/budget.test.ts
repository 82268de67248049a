import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deriveBudget, type PeerCounts, percentileOf } from '../../src/guard/budget.ts'

/** An agent of this many days, each with these counts. */
const agent = (hour: number, day = hour, week = day, days = 20): PeerCounts => ({
  hour: Array.from({ length: 8 * days }, () => hour),
  day: Array.from({ length: days }, () => day),
  week: Array.from({ length: 4 }, () => week),
})
const team = (...hours: number[]) => hours.map((hour) => agent(hour))

describe('a budget', () => {
  it('is 1.5 times the 99th percentile of the peers, rounded up', () => {
    const days = Array.from({ length: 25 }, (_, i) => 10 * (i + 1))
    const counts = { hour: days, day: days, week: days }
    // Four remain, with 100 counts: the 99th of them.
    expect(deriveBudget(Array.from({ length: 5 }, () => counts))).toEqual({
      limits: { hour: 375, day: 375, week: 375 },
      peers: { hour: 250, day: 250, week: 250 },
      leftOut: { hour: 1, day: 1, week: 1 },
      tooFew: null,
    })
    const odd = { ...agent(7, 31, 101), hour: [7, 7, 7, 7] }
    expect(deriveBudget(Array.from({ length: 5 }, () => odd)).limits).toEqual({
      hour: 11,
      day: 47,
      week: 152,
    })
  })

  it('leaves out who raises it most, and lets each of a third add 8% to the rest', () => {
    const day = (...counts: number[]) => {
      const { peers, leftOut, limits } = deriveBudget(team(...counts))
      return [peers?.day, leftOut?.day, limits.day]
    }
    expect(day(20, 21, 22, 23, 900)).toEqual([23, 1, 35])
    expect(day(900, 20, 21, 22, 23, 24, 25, 26)).toEqual([26, 1, 39])
    // 1.5 x 1.08 x 50 is 81, whatever the last bits of the product are.
    expect(day(900, 800, 50, 50, 50, 50, 50, 50)).toEqual([50, 2, 81])
    expect(day(900, 800, 700, 100, 100, 100, 100, 100)).toEqual([100, 3, 175])
    // Four are more than a third of eight.
    expect(day(900, 800, 700, 600, 100, 100, 100, 100)).toEqual([600, 3, 1050])
  })

  it('leaves out others in each window, as each has its own who raise it', () => {
    const peers = deriveBudget([
      ...team(20, 21, 22, 23),
      { ...agent(24), hour: agent(500).hour },
      { ...agent(25), day: agent(700).day },
      { ...agent(26), week: [900] },
    ]).peers
    expect(peers).toEqual({ hour: 26, day: 26, week: 25 })
  })

  it('has floors', () => {
    expect(deriveBudget(team(1, 1, 1, 1, 1)).limits).toEqual({ hour: 5, day: 20, week: 60 })
  })

  it('is the default where there are fewer than five agents or fifty agent-days', () => {
    const limits = { hour: 20, day: 80, week: 300 }
    expect(deriveBudget(team(50, 50, 50, 50))).toMatchObject({ limits, tooFew: 'agents' })
    const idle = { hour: [], day: [], week: [] }
    expect(deriveBudget([...team(50, 50, 50, 50), idle])).toMatchObject({ tooFew: 'agents' })
    const short = (days: number) => Array.from({ length: 5 }, () => agent(50, 50, 50, days))
    expect(deriveBudget(short(9))).toMatchObject({ limits, peers: null, tooFew: 'days' })
    expect(deriveBudget(short(10))).toMatchObject({ limits: { day: 75 }, tooFew: null })
    const fallback = { hour: 1, day: 2, week: 3 }
    expect(deriveBudget([], fallback)).toMatchObject({ limits: fallback, tooFew: 'agents' })
  })
})

const someCounts = fc.array(fc.nat(60), { minLength: 1, maxLength: 25 })
const someAgent = fc.record({ hour: someCounts, day: someCounts, week: someCounts })
const someTeam = (maxLength: number) => fc.array(someAgent, { minLength: 4, maxLength })
const thief = fc.record(
  Object.fromEntries(
    ['hour', 'day', 'week'].map((window) => [
      window,
      fc.array(fc.oneof(fc.nat(60), fc.nat(100_000)), { minLength: 1, maxLength: 400 }),
    ]),
  ) as Record<keyof PeerCounts, fc.Arbitrary<number[]>>,
)
const WINDOWS = ['hour', 'day', 'week'] as const

/** The formula at its most naive: every choice of whom to leave out. */
function oracle(agents: readonly (readonly number[])[], leftOut: number): number {
  if (leftOut === 0) {
    const sorted = agents.flat().sort((a, b) => a - b)
    return sorted[Math.ceil(0.99 * sorted.length) - 1]
  }
  return Math.min(
    ...agents.map((_, i) => oracle([...agents.slice(0, i), ...agents.slice(i + 1)], leftOut - 1)),
  )
}

describe('whoever they are', () => {
  it('one agent cannot raise it above what the others alone give, and m no more than 8% each', () => {
    const thieves = fc.array(thief, { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(someTeam(12), thieves, (honest, bad) => {
        const all = [...bad, ...honest]
        const { limits, tooFew } = deriveBudget(all)
        fc.pre(tooFew === null && bad.length <= Math.ceil(all.length / 3))
        const most = (window: keyof PeerCounts) => {
          const others = honest.flatMap((one) => one[window])
          return 1.5 * 1.08 ** (bad.length - 1) * percentileOf(others, 99)
        }
        const hour = Math.max(5, Math.ceil(most('hour') + 1e-6))
        const day = Math.max(20, hour, Math.ceil(most('day') + 1e-6))
        expect(limits.hour).toBeLessThanOrEqual(hour)
        expect(limits.day).toBeLessThanOrEqual(day)
        expect(limits.week).toBeLessThanOrEqual(Math.max(60, day, Math.ceil(most('week') + 1e-6)))
      }),
    )
  })

  it('is what trying every choice of whom to leave out finds', () => {
    fc.assert(
      fc.property(someTeam(8), fc.array(thief, { maxLength: 1 }), (some, bad) => {
        const all = [...some, ...bad]
        const { peers, leftOut, limits, tooFew } = deriveBudget(all)
        fc.pre(peers !== null && leftOut !== null && tooFew === null)
        const budgets = WINDOWS.map((window) => {
          const counts = all.map((one) => one[window])
          const lowest = Array.from({ length: Math.ceil(all.length / 3) }, (_, i) => {
            return { p99: oracle(counts, i + 1), factor: 1.5 * 1.08 ** i }
          })
          const budget = Math.min(...lowest.map(({ p99, factor }) => p99 * factor))
          expect(lowest[leftOut[window] - 1].p99).toBe(peers[window])
          return Math.ceil(budget - 1e-6)
        })
        const hour = Math.max(5, budgets[0])
        const day = Math.max(20, hour, budgets[1])
        expect(limits).toEqual({ hour, day, week: Math.max(60, day, budgets[2]) })
      }),
      { numRuns: 40 },
    )
  })

  it('is whole, at least the floors, and of a longer window at least that of a shorter one', () => {
    const counts = fc.array(fc.oneof(fc.nat(5000), fc.double(), fc.constant(Number.NaN)), {
      size: '+1',
      maxLength: 60,
    })
    const agents = fc.array(fc.record({ hour: counts, day: counts, week: counts }), {
      minLength: 5,
      maxLength: 12,
    })
    fc.assert(
      fc.property(agents, (all) => {
        const { limits } = deriveBudget(all)
        expect(Object.values(limits).every(Number.isInteger)).toBe(true)
        expect(limits.hour).toBeGreaterThanOrEqual(5)
        expect(limits.day).toBeGreaterThanOrEqual(Math.max(20, limits.hour))
        expect(limits.week).toBeGreaterThanOrEqual(Math.max(60, limits.day))
      }),
    )
  })
})

it('a percentile is one of the counts, by nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i)
  expect(percentileOf(hundred, 99)).toBe(99)
  expect(percentileOf(hundred, 50)).toBe(50)
  expect(percentileOf([7], 1)).toBe(7)
  expect(percentileOf([], 50)).toBe(0)
})
