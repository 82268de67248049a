import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitOne, roughBound } from '../../src/attribution/fit.ts'

describe('the rough bound', () => {
  it('is never below the largest likelihood of one agent, and meets it where all hits are alike', () => {
    const lifts = fc.array(fc.double({ min: 1, max: 500, noNaN: true }), { maxLength: 20 })
    fc.assert(
      fc.property(lifts, fc.nat(30), fc.boolean(), (drawn, missed, alike) => {
        const lift = alike ? drawn.map(() => drawn[0]) : drawn
        const n = lift.length + missed
        const hits = { reports: lift.map((_, i) => i), lift }
        const exact = Math.max(0, fitOne(hits, n).value)
        expect(roughBound(hits, n)).toBeGreaterThanOrEqual(exact - 0.006)
        if (alike) expect(roughBound(hits, n)).toBeCloseTo(exact, 1)
      }),
    )
  })
})
