import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PAGE_ROWS_MAX } from '../../src/base/desk-limits.ts'
import { TICKETS_OPEN_MAX } from '../../src/base/ticket-limits.ts'
import type { Caller } from '../../src/guard/facts.ts'
import { type Desk, MINUTE_MS, openDesk, START_MS } from './desk.ts'

let desk: Desk
let ann: Caller
beforeEach(async () => {
  desk = await openDesk()
  ann = await desk.agent('ann', { queues: ['mail', 'phones'] })
})
afterEach(() => desk.close())

const HOUR_MS = 60 * MINUTE_MS

describe('the queue', () => {
  it('lists my open tickets page by page, most urgent and then longest unheard first', async () => {
    for (let i = 0; i < PAGE_ROWS_MAX + 5; i++) {
      const openedAtMs = START_MS - (i % 7) * MINUTE_MS
      await desk.ticket(`T-${i}`, { assignee: 'ann', priority: i % 3, openedAtMs })
    }
    await desk.agent('bob')
    await desk.ticket('T-bob', { assignee: 'bob' })
    const first = await desk.tickets.queue(ann, null)
    const second = await desk.tickets.queue(ann, first.cursor)
    const all = [...first.mine, ...second.mine]
    expect(first.mine).toHaveLength(PAGE_ROWS_MAX)
    expect(second.cursor).toBeNull()
    expect(new Set(all.map(({ number }) => number)).size).toBe(PAGE_ROWS_MAX + 5)
    const order = all.map(({ priority, contactAtMs }) => [-priority, contactAtMs])
    expect(order).toEqual([...order].sort(([p, c], [q, d]) => p - q || c - d))
    expect(all.every(({ assignee }) => assignee === 'ann')).toBe(true)
  })

  it('shows nothing of a customer', async () => {
    await desk.ticket('T-1', { assignee: 'ann' })
    const page = await desk.tickets.queue(ann, null)
    expect(JSON.stringify(page)).not.toMatch(/Aiko|customer\.example|\+81|C1/)
    expect(desk.log.disclosures).toEqual([])
  })

  it('counts what waits in my queues and in no other', async () => {
    await desk.agent('zoe', { queues: ['secret'] })
    await desk.ticket('T-1', { openedAtMs: START_MS - 2 * HOUR_MS })
    await desk.ticket('T-2', { openedAtMs: START_MS - HOUR_MS })
    await desk.ticket('T-3', { queue: 'secret' })
    await desk.ticket('T-4', { assignee: 'ann' })
    const { waiting } = await desk.tickets.queue(ann, null)
    expect(waiting).toEqual([
      { queue: 'mail', count: 2, oldestAtMs: START_MS - 2 * HOUR_MS },
      { queue: 'phones', count: 0, oldestAtMs: null },
    ])
  })

  it('takes no cursor that it did not give', async () => {
    const made = [
      'x',
      '',
      '[]',
      '[1,2]',
      '["a",1,"T"]',
      '[1,2,"T",3]',
      '[1e99,2,"T"]',
      '{}',
      'null',
    ]
    for (const cursor of [...made, '[1,2,"\\u0000"]', '[1,2,"\\ud800"]', '[1.5,2,"T"]']) {
      const asked = desk.tickets.queue(ann, cursor)
      await expect(asked).rejects.toMatchObject({ code: 'CURSOR_INVALID' })
    }
  })

  it('is for people who handle tickets', async () => {
    const admin = await desk.agent('adm', { roles: ['admin'] })
    await expect(desk.tickets.queue(admin, null)).rejects.toMatchObject({ code: 'ROLE_NEEDED' })
    await expect(desk.tickets.next(admin)).rejects.toMatchObject({ code: 'ROLE_NEEDED' })
  })
})

describe('the next', () => {
  it('is the most urgent, then the oldest, of my queues', async () => {
    await desk.agent('zoe', { queues: ['secret'] })
    await desk.ticket('T-old', { openedAtMs: START_MS - 3 * HOUR_MS })
    await desk.ticket('T-urgent', { priority: 5, openedAtMs: START_MS - HOUR_MS })
    await desk.ticket('T-urgent-old', { priority: 5, openedAtMs: START_MS - 2 * HOUR_MS })
    await desk.ticket('T-secret', { priority: 9, queue: 'secret' })
    const given: string[] = []
    for (let i = 0; i < 3; i++) given.push((await desk.tickets.next(ann)).number)
    expect(given).toEqual(['T-urgent-old', 'T-urgent', 'T-old'])
    await expect(desk.tickets.next(ann)).rejects.toMatchObject({ code: 'QUEUE_EMPTY' })
    expect(await desk.row('T-old')).toMatchObject({ assigned_kind: 'router', assigned_agent: null })
    expect(desk.log.acts()).toEqual(['ticket.taken', 'ticket.taken', 'ticket.taken'])
    expect(desk.log.last()).toMatchObject({ agent: 'ann', customers: ['C1'], reference: 'T-old' })
  })

  it('keeps the place of who writes again while they wait', async () => {
    await desk.ticket('T-1', { openedAtMs: START_MS - 2 * HOUR_MS, contactAtMs: START_MS })
    await desk.ticket('T-2', { openedAtMs: START_MS - HOUR_MS })
    expect(await desk.tickets.next(ann)).toMatchObject({ number: 'T-1' })
  })

  it('is given to one agent only, however many ask at once', async () => {
    const agents = [ann]
    for (let i = 0; i < 7; i++) agents.push(await desk.agent(`a${i}`))
    for (let i = 0; i < 20; i++) await desk.ticket(`T-${i}`)
    const asked = [...agents, ...agents, ...agents, ...agents].map((one) =>
      desk.tickets.next(one).catch(({ code }) => code),
    )
    const given = await Promise.all(asked)
    const numbers = given.filter((one) => typeof one !== 'string').map(({ number }) => number)
    expect(new Set(numbers).size).toBe(20)
    expect(numbers).toHaveLength(20)
    expect(given.filter((one) => typeof one === 'string')).toEqual(Array(12).fill('QUEUE_EMPTY'))
  })

  it('stops at the open tickets that one agent can handle, exactly', async () => {
    for (let i = 0; i < TICKETS_OPEN_MAX - 2; i++) await desk.ticket(`M-${i}`, { assignee: 'ann' })
    for (let i = 0; i < 10; i++) await desk.ticket(`T-${i}`)
    const asked = Array.from({ length: 10 }, () => desk.tickets.next(ann).catch(({ code }) => code))
    const given = await Promise.all(asked)
    expect(given.filter((one) => one === 'TICKETS_TOO_MANY')).toHaveLength(8)
    await expect(desk.tickets.take(ann, 'T-9')).rejects.toMatchObject({ code: 'TICKETS_TOO_MANY' })
  })

  it('is nobody’s where the log does not take it', async () => {
    await desk.ticket('T-1')
    desk.log.state.fails = true
    await expect(desk.tickets.next(ann)).rejects.toThrow('the disk is full')
    desk.log.state.fails = false
    expect(await desk.row('T-1')).toMatchObject({ assignee: null, assigned_kind: null })
    expect(await desk.tickets.next(ann)).toMatchObject({ number: 'T-1' })
  })

  it('is not given to who was suspended a moment ago', async () => {
    await desk.ticket('T-1')
    await desk.db.updateTable('telltale.agents').set({ status: 'suspended' }).execute()
    await expect(desk.tickets.next(ann)).rejects.toMatchObject({ code: 'QUEUE_EMPTY' })
  })
})
