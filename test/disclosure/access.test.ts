import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BUDGET_DEFAULTS, PAGE_ROWS_MAX } from '../../src/base/desk-limits.ts'
import { createAccess, keepingShown } from '../../src/disclosure/access.ts'
import { createRelease } from '../../src/disclosure/release.ts'
import type { Caller } from '../../src/guard/facts.ts'
import { DAY_MS, type Desk, openDesk } from '../tickets/desk.ts'

let desk: Desk
let ann: Caller
const access = () => createAccess(desk)
beforeEach(async () => {
  desk = await openDesk()
  ann = await desk.agent('ann')
})
afterEach(() => desk.close())

const reveal = (caller: Caller, number: string) =>
  desk.release({
    caller,
    because: { kind: 'ticket', number },
    fields: ['mail', 'phone'],
    act: 'reveal',
    path: 'desk',
  })

describe('my access', () => {
  it('is what I was shown, newest first, by ticket and never by customer', async () => {
    await desk.ticket('T-1', { assignee: 'ann', customer: 'SECRET-KEY' })
    await reveal(ann, 'T-1')
    await desk.search(ann, 'customer', 'SECRET-KEY')
    await desk.search(ann, 'customer', 'nobody')
    const page = await access().page(ann, null)
    expect(page.shown).toMatchObject([
      { purpose: { kind: 'none', reference: null }, customers: 1, entry: 1 },
      {
        purpose: { kind: 'ticket', reference: 'T-1', queue: 'mail', grade: 'customer' },
        customers: 1,
        entry: 0,
        path: 'desk',
        fields: [
          { name: 'mail', view: 'clear' },
          { name: 'phone', view: 'clear' },
        ],
      },
    ])
    expect(page.budget).toEqual({ used: { hour: 1, day: 1, week: 1 }, limits: BUDGET_DEFAULTS })
    expect(page.searches).toEqual({ lastHour: 2, missesLastHour: 1 })
    expect(page.cursor).toBeNull()
    const kept = await desk.db.selectFrom('telltale.shown').selectAll().execute()
    expect(JSON.stringify([page, kept])).not.toMatch(/SECRET-KEY|customer\.example|\+81/)
  })

  it('is mine alone', async () => {
    await desk.ticket('T-1', { assignee: 'ann' })
    await reveal(ann, 'T-1')
    const bob = await desk.agent('bob')
    const page = await access().page(bob, null)
    expect([page.shown, page.budget.used.week]).toEqual([[], 0])
  })

  it('goes back a day, page by page', async () => {
    await desk.ticket('T-1', { assignee: 'ann' })
    await reveal(ann, 'T-1')
    desk.clock.ms += DAY_MS
    for (let i = 0; i < PAGE_ROWS_MAX + 3; i++) await reveal(ann, 'T-1')
    const first = await access().page(ann, null)
    const second = await access().page(ann, first.cursor)
    expect([first.shown.length, second.shown.length]).toEqual([PAGE_ROWS_MAX, 3])
    expect(second.cursor).toBeNull()
    const entries = [...first.shown, ...second.shown].map(({ entry }) => entry)
    expect(entries).toEqual([...entries].sort((a, b) => b - a))
    for (const cursor of ['', '0', '-1', 'x', '1e3', '9'.repeat(30)]) {
      await expect(access().page(ann, cursor)).rejects.toMatchObject({ code: 'CURSOR_INVALID' })
    }
    expect(await desk.shown.forget(desk.now() - DAY_MS + 1)).toBe(1)
  })

  it('keeps nobody from being shown what the log has', async () => {
    await desk.ticket('T-1', { assignee: 'ann' })
    const failures: unknown[] = []
    const broken = { keep: () => Promise.reject(new Error('no room')) }
    const kept = keepingShown(broken, (error) => failures.push(error))
    const { facts, policies, budget, source, now } = desk
    const { recorder } = desk.log
    const ports = { facts, policies, budget, source, recorder, keepShown: kept.keep, nowMs: now }
    const released = await createRelease(ports)({
      caller: ann,
      because: { kind: 'ticket', number: 'T-1' },
      fields: ['mail'],
      act: 'reveal',
      path: 'desk',
    })
    expect(released.fields[0].value).toBe('c1@customer.example')
    await kept.settled()
    expect(failures).toEqual([new Error('no room')])
  })
})
