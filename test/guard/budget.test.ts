import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deriveBudget } from '../../src/guard/budget.ts'

const hundred = Array.from({ length: 100 }, (_, i) => i + 1)

describe('a budget', () => {
  it('is 1.5 times the 99th percentile of the peers, rounded up', () => {
    const day = hundred.map((n) => 10 * n)
    expect(deriveBudget({ hour: hundred, day, week: day })).toEqual({
      hour: 149,
      day: 1485,
      week: 1485,
    })
  })

  it('is not raised by one agent-hour in a hundred and more, however excessive', () => {
    const busy = (most: number) => [...hundred.map(() => 10), most]
    const hourly = (hour: number[]) => deriveBudget({ hour, day: [], week: [] }).hour
    expect(hourly(busy(100_000))).toBe(15)
  })

  it('has floors, and defaults where too little was counted', () => {
    const ones = hundred.map(() => 1)
    const few = [...ones.slice(2), 5000]
    expect(deriveBudget({ hour: ones, day: ones, week: ones })).toEqual({
      hour: 5,
      day: 20,
      week: 60,
    })
    expect(deriveBudget({ hour: few, day: [], week: [] })).toEqual({ hour: 20, day: 80, week: 300 })
  })

  it('is whole, at least the floors, and of a longer window at least that of a shorter one', () => {
    const counts = fc.array(fc.oneof(fc.nat(5000), fc.double(), fc.constant(Number.NaN)), {
      size: '+1',
      maxLength: 400,
    })
    fc.assert(
      fc.property(counts, counts, counts, (hour, day, week) => {
        const budget = deriveBudget({ hour, day, week })
        expect(Object.values(budget).every(Number.isInteger)).toBe(true)
        expect(budget.hour).toBeGreaterThanOrEqual(5)
        expect(budget.day).toBeGreaterThanOrEqual(Math.max(20, budget.hour))
        expect(budget.week).toBeGreaterThanOrEqual(Math.max(60, budget.day))
      }),
    )
  })
})
