import { describe, expect, it } from 'vitest'
import type { ReleaseRequest } from '../../src/disclosure/ports.ts'
import { isDecision } from '../../src/tlog/entry.ts'
import { ask as askAt, kimsDesk, usedByKim } from './kim.ts'
import { grantRow, NOW_MS } from './rows.ts'

const at = kimsDesk()
const ask = (change: Partial<ReleaseRequest> = {}) => askAt(at, change)
const reveal = (...fields: string[]) => ask({ act: 'reveal', fields })
const limit = (perHour: number) =>
  at.desk.db
    .insertInto('telltale.budgets')
    .values({
      scope: 'agent:kim',
      per_hour: perHour,
      per_day: 50,
      per_week: 50,
      set_at_ms: NOW_MS,
      set_by: 'test',
    })
    .execute()

describe('the budget', () => {
  it('stops one customer too many, says so and is recorded', async () => {
    await limit(1)
    await at.desk.addTicket('T-2', 'c-2', { assignee: 'kim' })
    await reveal('phone')
    await reveal('phone')
    await expect(ask({ because: { kind: 'ticket', number: 'T-2' } })).rejects.toMatchObject({
      code: 'BUDGET_EXCEEDED',
      details: { used: 1, window: 'hour', limit: 1 },
    })
    expect(at.desk.logged.at(-1)).toMatchObject({ act: 'reveal.refused', detail: 'budget: hour' })
  })

  it('is exact however many ask at once: never one too many', async () => {
    await limit(10)
    const numbers = Array.from({ length: 40 }, (_, i) => `R-${i}`)
    for (const number of numbers) {
      await at.desk.addCustomer(number)
      await at.desk.addTicket(number, number, { assignee: 'kim' })
    }
    const asked = numbers.flatMap((number) => [number, number])
    const results = await Promise.allSettled(
      asked.map((number) =>
        ask({ because: { kind: 'ticket', number }, act: 'reveal', fields: ['phone'] }),
      ),
    )
    const seen = new Set(
      results.flatMap((one) => (one.status === 'fulfilled' ? [one.value.customer] : [])),
    )
    expect(seen.size).toBe(10)
    expect(await usedByKim(at)).toMatchObject({ hour: 10 })
    const named = at.desk.logged
      .filter((one) => !isDecision(one))
      .flatMap(({ customers }) => customers)
    expect(new Set(named)).toEqual(seen)
  })

  it('counts masked and reference fields for nothing', async () => {
    await limit(0)
    const released = await ask({ fields: ['name', 'phone', 'product'] })
    expect(released.budget).toMatchObject({ used: { hour: 0 }, limits: { hour: 0 } })
  })

  it('is the agent’s own, else the team’s, else everybody’s, and more by a grant', async () => {
    const limits = async () => (await ask({ fields: ['product'] })).budget.limits.hour
    expect(await limits()).toBe(20)
    const rest = { per_day: 90, per_week: 900, set_at_ms: 1, set_by: 'test' }
    const add = (scope: string, perHour: number) =>
      at.desk.db
        .insertInto('telltale.budgets')
        .values({ scope, per_hour: perHour, ...rest })
        .execute()
    await add('default', 7)
    expect(await limits()).toBe(7)
    await add('team:billing', 8)
    expect(await limits()).toBe(8)
    await add('agent:kim', 9)
    expect(await limits()).toBe(9)
    await at.desk.db
      .insertInto('telltale.grants')
      .values(grantRow({ kind: 'budget', extra: 5, customers: [] }))
      .execute()
    expect(await limits()).toBe(14)
    at.desk.clock.nowMs = NOW_MS + 11 * 60_000
    expect(await limits()).toBe(9)
  })
})
