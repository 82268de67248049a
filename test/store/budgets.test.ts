import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { BUDGET_WINDOWS_MS } from '../../src/base/desk-limits.ts'
import { budgetStore } from '../../src/store/budgets.ts'
import { freshDatabase, type TestDatabase } from './database.ts'

let database: TestDatabase
let budgets: ReturnType<typeof budgetStore>
beforeAll(async () => {
  database = await freshDatabase()
  budgets = budgetStore(database.db)
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.db.deleteFrom('telltale.views').execute()
})

const AT_MS = Date.UTC(2026, 4, 4, 9)
const WIDE = { hour: 1000, day: 1000, week: 1000 }
const names = (count: number, prefix = 'c') => Array.from({ length: count }, (_, i) => prefix + i)
const charge = (customers: readonly string[], atMs = AT_MS, limits = WIDE, agent = 'a') =>
  budgets.charge({ agent, customers, atMs, limits })

describe('a budget', () => {
  it('counts distinct customers, per agent', async () => {
    await charge(['x', 'y', 'x'])
    await charge(['y', 'z'])
    await charge(['w'], AT_MS, WIDE, 'b')
    expect(await budgets.used('a', AT_MS)).toEqual({ hour: 3, day: 3, week: 3 })
    expect(await budgets.used('b', AT_MS)).toEqual({ hour: 1, day: 1, week: 1 })
    expect(await budgets.used('nobody', AT_MS)).toEqual({ hour: 0, day: 0, week: 0 })
  })

  it.each(['hour', 'day', 'week'] as const)('refuses what would exceed the %s', async (over) => {
    await charge(names(4))
    const limits = { ...WIDE, [over]: 5 }
    const refused = await charge(['n1', 'n2'], AT_MS, limits)
    expect(refused).toEqual({ ok: false, over, used: { hour: 4, day: 4, week: 4 } })
    expect(await budgets.used('a', AT_MS)).toEqual({ hour: 4, day: 4, week: 4 })
    expect(await charge(['n1'], AT_MS, limits)).toMatchObject({ ok: true, over: null })
    // Whoever was counted is not counted again, so that a full budget still shows them.
    expect((await charge(names(4), AT_MS, limits)).ok).toBe(true)
    expect((await charge(['n3'], AT_MS, limits)).ok).toBe(false)
  })

  it('forgets a customer when the window has passed, to the millisecond', async () => {
    await charge(['x'])
    const { hour, day, week } = BUDGET_WINDOWS_MS
    expect(await budgets.used('a', AT_MS + hour - 1)).toEqual({ hour: 1, day: 1, week: 1 })
    expect(await budgets.used('a', AT_MS + hour)).toEqual({ hour: 0, day: 1, week: 1 })
    expect(await budgets.used('a', AT_MS + day)).toEqual({ hour: 0, day: 0, week: 1 })
    expect(await budgets.used('a', AT_MS + week)).toEqual({ hour: 0, day: 0, week: 0 })
  })

  it('loses no count to a clock that goes back', async () => {
    const limits = { ...WIDE, hour: 2 }
    await charge(['x', 'y'], AT_MS, limits)
    const earlierMs = AT_MS - BUDGET_WINDOWS_MS.week
    expect((await charge(['z'], earlierMs, limits)).ok).toBe(false)
    expect((await charge(['x'], earlierMs, limits)).ok).toBe(true)
    expect(await budgets.used('a', AT_MS)).toEqual({ hour: 2, day: 2, week: 2 })
  })
})

describe('charges at the same time', () => {
  it('never fill a budget by one too many or one too few', async () => {
    const limits = { hour: 50, day: 1000, week: 1000 }
    for (let round = 0; round < 5; round++) {
      const agent = `racer${round}`
      const answers = await Promise.all(
        names(200).map((one) => charge([one], AT_MS, limits, agent)),
      )
      expect(answers.filter(({ ok }) => ok)).toHaveLength(50)
      const refused = answers.filter(({ ok }) => !ok)
      expect(new Set(refused.map(({ over }) => over))).toEqual(new Set(['hour']))
      expect(await budgets.used(agent, AT_MS)).toEqual({ hour: 50, day: 50, week: 50 })
    }
  })

  it('of several customers that overlap are all or nothing, and fill what fits', async () => {
    const limits = { hour: 20, day: 1000, week: 1000 }
    const sets = names(200).map((_, i) => [`c${i % 40}`, `c${(i + 1) % 40}`, `c${(i + 7) % 40}`])
    const answers = await Promise.all(sets.map((set) => charge(set, AT_MS, limits)))
    const shown = new Set(sets.filter((_, i) => answers[i].ok).flat())
    const rows = await database.db.selectFrom('telltale.views').select('customer').execute()
    expect(new Set(rows.map(({ customer }) => customer))).toEqual(shown)
    expect(shown.size).toBeLessThanOrEqual(20)
    // Whatever was refused would have been too many; a budget that is full is full of what was shown.
    for (const [i, set] of sets.entries())
      if (!answers[i].ok) expect(new Set([...shown, ...set]).size).toBeGreaterThan(20)
  })

  it('of different agents do not share a budget', async () => {
    const limits = { hour: 3, day: 1000, week: 1000 }
    const answers = await Promise.all(
      names(100).map((one, i) => charge([one], AT_MS, limits, `agent${i % 10}`)),
    )
    expect(answers.filter(({ ok }) => ok)).toHaveLength(30)
  })
})

it('answers as the plainest count would, whatever was charged before', async () => {
  const { hour, day, week } = BUDGET_WINDOWS_MS
  const step = fc.record({
    afterMs: fc.constantFrom(-hour, 0, 1, hour / 2, hour, day / 3, day, week / 2, week),
    customers: fc.array(fc.constantFrom(...names(9)), { minLength: 1, maxLength: 4 }),
    limits: fc.record({
      hour: fc.integer({ min: 0, max: 5 }),
      day: fc.integer({ min: 0, max: 7 }),
      week: fc.integer({ min: 0, max: 9 }),
    }),
  })
  let round = 0
  const property = fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
    const agent = `p${round++}`
    const lastAtMs = new Map<string, number>()
    let atMs = AT_MS
    for (const { afterMs, customers, limits } of steps) {
      atMs += afterMs
      const count = (windowMs: number, more: readonly string[]) => {
        const inside = [...lastAtMs].filter(([, ms]) => ms > atMs - windowMs).map(([one]) => one)
        return new Set([...inside, ...more]).size
      }
      const countAll = (more: readonly string[]) => ({
        hour: count(hour, more),
        day: count(day, more),
        week: count(week, more),
      })
      const after = countAll(customers)
      const over =
        (['hour', 'day', 'week'] as const).find((one) => after[one] > limits[one]) ?? null
      const expected = { ok: over === null, over, used: over === null ? after : countAll([]) }
      expect(await charge(customers, atMs, limits, agent)).toEqual(expected)
      if (over === null)
        for (const one of customers) lastAtMs.set(one, Math.max(atMs, lastAtMs.get(one) ?? 0))
    }
  })
  await fc.assert(property, { numRuns: 40 })
})
