import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MESSAGE_CHARS_MAX } from '../../src/base/desk-http-limits.ts'
import type { Caller } from '../../src/guard/facts.ts'
import { codeOf, type Desk, MINUTE_MS, openDesk } from './desk.ts'

let desk: Desk
let ann: Caller
let bob: Caller
beforeEach(async () => {
  desk = await openDesk()
  ann = await desk.agent('ann')
  bob = await desk.agent('bob')
})
afterEach(() => desk.close())

describe('a ticket of somebody else', () => {
  it('is as unknown as one that never was, to whatever is asked', async () => {
    await desk.ticket('T-bob', { assignee: 'bob' })
    await desk.ticket('T-mine', { assignee: 'ann' })
    const { tickets, codes } = desk
    for (const number of ['T-bob', 'T-none', 'T-\0', '', 'x'.repeat(300), "'; drop table"]) {
      const asked = [
        tickets.page(ann, number),
        tickets.take(ann, number),
        tickets.assign(ann, number, 'bob'),
        tickets.close(ann, number),
        tickets.reopen(ann, number),
        tickets.merge(ann, number, 'T-mine'),
        tickets.merge(ann, 'T-mine', number),
        tickets.write(ann, number, 'note', 'x'),
        tickets.call(ann, number, 'phone'),
        codes.send(ann, number, 'mail'),
        codes.check(ann, number, '123456'),
      ]
      const errors = await Promise.all(asked.map((one) => one.catch((error) => error)))
      const told = errors.map(({ code, message }) => `${code}: ${message}`)
      expect(new Set(told)).toEqual(new Set(['TICKET_UNKNOWN: There is no such ticket for you.']))
    }
    expect(await desk.row('T-bob')).toMatchObject({ assignee: 'bob', state: 'open' })
    expect(desk.log.acts()).toEqual([])
    expect([...desk.sent, ...desk.calls]).toEqual([])
  })

  it('is not told to be closed either', async () => {
    await desk.ticket('T-bob', { assignee: 'bob' })
    await desk.tickets.close(bob, 'T-bob')
    expect(await codeOf(desk.tickets.reopen(ann, 'T-bob'))).toBe('TICKET_UNKNOWN')
    expect(await codeOf(desk.tickets.take(ann, 'T-bob'))).toBe('TICKET_UNKNOWN')
    expect(await codeOf(desk.codes.send(ann, 'T-bob', 'mail'))).toBe('TICKET_UNKNOWN')
  })
})

describe('taking', () => {
  it('takes one that waits in my queue, once, as my own doing', async () => {
    await desk.ticket('T-1')
    const asked = [ann, bob, ann, bob].map((one) => codeOf(desk.tickets.take(one, 'T-1')))
    const outcomes = await Promise.all(asked)
    expect(outcomes.filter((one) => one === 'done')).toHaveLength(1)
    expect(outcomes.filter((one) => one === 'TICKET_UNKNOWN')).toHaveLength(3)
    const { assignee, assigned_kind, assigned_agent } = await desk.row('T-1')
    expect([assigned_kind, assigned_agent]).toEqual(['agent', assignee])
    expect(desk.log.acts()).toEqual(['ticket.taken'])
  })

  it('takes none of a queue that is not mine', async () => {
    await desk.agent('zoe', { queues: ['secret'] })
    await desk.ticket('T-1', { queue: 'secret' })
    expect(await codeOf(desk.tickets.take(ann, 'T-1'))).toBe('TICKET_UNKNOWN')
  })
})

describe('assigning', () => {
  it('gives mine to a member of its queue, in the log before it counts', async () => {
    await desk.ticket('T-1', { assignee: 'ann' })
    desk.log.state.fails = true
    await expect(desk.tickets.assign(ann, 'T-1', 'bob')).rejects.toThrow('the disk is full')
    expect(await desk.row('T-1')).toMatchObject({ assignee: 'ann', assigned_kind: 'router' })
    desk.log.state.fails = false
    await desk.tickets.assign(ann, 'T-1', 'bob')
    expect(await desk.row('T-1')).toMatchObject({ assignee: 'bob', assigned_agent: 'ann' })
    expect(desk.log.last()).toMatchObject({ act: 'ticket.assigned', agent: 'ann', subject: 'bob' })
    expect(await codeOf(desk.tickets.close(ann, 'T-1'))).toBe('TICKET_UNKNOWN')
  })

  it('gives it to nobody else', async () => {
    await desk.agent('zoe', { queues: ['other'] })
    await desk.agent('gone')
    await desk.db
      .updateTable('telltale.agents')
      .set({ status: 'suspended' })
      .where('id', '=', 'gone')
      .execute()
    await desk.ticket('T-1', { assignee: 'ann' })
    for (const to of ['zoe', 'gone', 'nobody', '', 'x\0']) {
      expect(await codeOf(desk.tickets.assign(ann, 'T-1', to))).toBe('ASSIGNEE_UNKNOWN')
    }
  })

  it('lets a lead move tickets of their team and what waits in their queues, and no others', async () => {
    const lead = await desk.agent('lea', { roles: ['lead'] })
    const other = await desk.agent('leo', { roles: ['lead'], team: 'blue', queues: ['blue'] })
    const teamless = await desk.agent('les', { roles: ['lead'], team: null })
    await desk.agent('nomad', { team: null })
    await desk.ticket('T-1', { assignee: 'ann' })
    await desk.ticket('T-2')
    await desk.ticket('T-3', { assignee: 'nomad' })
    await desk.tickets.assign(lead, 'T-1', 'bob')
    expect(desk.log.last()).toMatchObject({ agent: 'lea', subject: 'bob', detail: 'as lead' })
    await desk.tickets.assign(lead, 'T-2', 'ann')
    expect(await codeOf(desk.tickets.assign(other, 'T-1', 'bob'))).toBe('TICKET_UNKNOWN')
    expect(await codeOf(desk.tickets.assign(teamless, 'T-3', 'bob'))).toBe('TICKET_UNKNOWN')
    expect(await codeOf(desk.tickets.assign(bob, 'T-2', 'bob'))).toBe('TICKET_UNKNOWN')
  })

  it('to one of two at once leaves it with one of them, and the loser empty-handed', async () => {
    await desk.agent('cat')
    await desk.ticket('T-1', { assignee: 'ann' })
    const asked = ['bob', 'cat'].map((to) => codeOf(desk.tickets.assign(ann, 'T-1', to)))
    expect((await Promise.all(asked)).sort()).toEqual(['TICKET_UNKNOWN', 'done'])
    expect(desk.log.acts()).toEqual(['ticket.assigned'])
  })
})

describe('closing and reopening', () => {
  it('tells whether the customer was told anything', async () => {
    await desk.ticket('T-1', { assignee: 'ann' })
    await desk.ticket('T-2', { assignee: 'ann' })
    await desk.tickets.write(ann, 'T-1', 'note', 'just a note')
    await desk.tickets.close(ann, 'T-1')
    expect(desk.log.last()).toMatchObject({ detail: 'closed without contact' })
    await desk.tickets.write(ann, 'T-2', 'out', 'dear customer')
    await desk.tickets.close(ann, 'T-2')
    expect(desk.log.last()).toMatchObject({ act: 'ticket.closed', detail: null })
    expect(await codeOf(desk.tickets.close(ann, 'T-2'))).toBe('TICKET_CLOSED')
    expect(await codeOf(desk.tickets.write(ann, 'T-2', 'out', 'x'))).toBe('TICKET_CLOSED')
  })

  it('counts only what was written since it was mine', async () => {
    await desk.ticket('T-1', { assignee: 'bob' })
    await desk.tickets.write(bob, 'T-1', 'out', 'dear customer')
    desk.clock.ms += MINUTE_MS
    await desk.tickets.assign(bob, 'T-1', 'ann')
    await desk.tickets.close(ann, 'T-1')
    expect(desk.log.last()).toMatchObject({ detail: 'closed without contact' })
  })

  it('reopens what was mine, and an open one stays as it is', async () => {
    await desk.ticket('T-1', { assignee: 'ann' })
    await desk.tickets.reopen(ann, 'T-1')
    expect(await desk.row('T-1')).toMatchObject({ assigned_kind: 'router' })
    await desk.tickets.close(ann, 'T-1')
    const before = await desk.row('T-1')
    await desk.tickets.reopen(ann, 'T-1')
    const after = await desk.row('T-1')
    expect(after).toMatchObject({ state: 'open', assigned_kind: 'agent', assigned_agent: 'ann' })
    expect(after.contact_at_ms).toBe(before.contact_at_ms)
    expect(after.assigned_at_ms).toBeGreaterThan(before.assigned_at_ms as number)
    expect(desk.log.acts()).toEqual(['ticket.closed', 'ticket.reopened'])
  })

  it('reopens none of a queue that is mine no more', async () => {
    await desk.ticket('T-1', { assignee: 'ann' })
    await desk.tickets.close(ann, 'T-1')
    await desk.db.deleteFrom('support.members').where('agent', '=', 'ann').execute()
    expect(await codeOf(desk.tickets.reopen(ann, 'T-1'))).toBe('TICKET_UNKNOWN')
  })
})

describe('merging', () => {
  it('takes the messages over, closes the one that goes, and nobody reopens it', async () => {
    await desk.ticket('T-1', { assignee: 'ann' })
    await desk.ticket('T-2', { assignee: 'ann' })
    await desk.tickets.write(ann, 'T-1', 'note', 'from the first')
    await desk.tickets.merge(ann, 'T-1', 'T-2')
    expect(await desk.row('T-1')).toMatchObject({ state: 'closed', merged_into: 'T-2' })
    expect(await desk.source.conversation('T-2', 9)).toMatchObject([{ body: 'from the first' }])
    expect(desk.log.last()).toMatchObject({ act: 'ticket.merged', detail: 'into T-2' })
    expect(await codeOf(desk.tickets.reopen(ann, 'T-1'))).toBe('TICKET_UNKNOWN')
  })

  it('joins no tickets of two customers, none with itself, and none that is closed', async () => {
    await desk.ticket('T-1', { assignee: 'ann' })
    await desk.ticket('T-2', { assignee: 'ann', customer: 'C2' })
    expect(await codeOf(desk.tickets.merge(ann, 'T-1', 'T-2'))).toBe('TICKETS_DIFFER')
    expect(await codeOf(desk.tickets.merge(ann, 'T-1', 'T-1'))).toBe('TICKETS_DIFFER')
    await desk.tickets.close(ann, 'T-2')
    expect(await codeOf(desk.tickets.merge(ann, 'T-1', 'T-2'))).toBe('TICKET_CLOSED')
  })

  it('goes one way only where both ways are asked at once', async () => {
    const pairs = Array.from({ length: 6 }, (_, i) => [`A-${i}`, `B-${i}`] as const)
    for (const [a, b] of pairs) {
      await desk.ticket(a, { assignee: 'ann', customer: a })
      await desk.ticket(b, { assignee: 'ann', customer: a })
    }
    const both = pairs.map(([a, b]) =>
      Promise.all([desk.tickets.merge(ann, a, b), desk.tickets.merge(ann, b, a)].map(codeOf)),
    )
    for (const [i, outcomes] of (await Promise.all(both)).entries()) {
      expect(outcomes.sort()).toEqual(['TICKET_CLOSED', 'done'])
      const rows = [await desk.row(pairs[i][0]), await desk.row(pairs[i][1])]
      expect(rows.map(({ state }) => state).sort()).toEqual(['closed', 'open'])
    }
  })
})

describe('writing', () => {
  it('keeps what is text, by who wrote it', async () => {
    await desk.ticket('T-1', { assignee: 'ann' })
    await desk.tickets.write(ann, 'T-1', 'out', ' hello\n\tthere ')
    expect(await desk.source.conversation('T-1', 9)).toMatchObject([
      { direction: 'out', author: 'Name of ann', body: 'hello\n\tthere' },
    ])
    for (const body of ['', ' \n', 'a\0', 'x'.repeat(MESSAGE_CHARS_MAX + 1), '\ud800']) {
      expect(await codeOf(desk.tickets.write(ann, 'T-1', 'out', body))).toBe('TEXT_INVALID')
    }
  })

  it('writes nothing on a ticket that is being given away', async () => {
    await desk.ticket('T-1', { assignee: 'ann' })
    let wrote: Promise<unknown> = Promise.resolve()
    desk.log.state.onWrite = async () => {
      desk.log.state.onWrite = async () => {}
      // It is in the log, and does not count yet.
      wrote = codeOf(desk.tickets.write(ann, 'T-1', 'out', 'x'))
      await Promise.race([wrote, sleep(200)])
    }
    await desk.tickets.assign(ann, 'T-1', 'bob')
    expect(await wrote).toBe('TICKET_UNKNOWN')
    expect(await desk.source.conversation('T-1', 9)).toEqual([])
  })
})
