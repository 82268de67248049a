import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TICKETS_OPEN_MAX } from '../../src/base/ticket-limits.ts'
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

describe('opening', () => {
  it('opens for whom I found, as my own doing', async () => {
    await desk.customer('C7')
    const handle = desk.handles.seal(ann, 'C7', desk.now())
    const row = await desk.tickets.open(ann, handle, {
      topic: ' lost parcel ',
      channel: 'phone',
      queue: null,
    })
    expect(row).toMatchObject({ topic: 'lost parcel', queue: 'mail', assignee: 'ann' })
    expect(row.number).toMatch(/^T-[0-9A-Z]{5}-[0-9A-Z]{5}$/)
    expect(await desk.row(row.number)).toMatchObject({
      customer: 'C7',
      origin_kind: 'agent',
      origin_agent: 'ann',
      assigned_kind: 'agent',
      assigned_agent: 'ann',
    })
    expect(desk.log.last()).toMatchObject({
      act: 'ticket.opened',
      customers: ['C7'],
      reason: 'lost parcel',
      reference: row.number,
    })
  })

  it('opens in the queue that I choose of mine, and in no other', async () => {
    await desk.agent('ben', { queues: ['audio', 'mail', 'web'] })
    const ben = await desk.session((await desk.agent('bea', { queues: ['audio', 'web'] })).agent)
    await desk.customer('C7')
    const open = (queue: string | null) =>
      desk.tickets.open(ben, desk.handles.seal(ben, 'C7', desk.now()), {
        topic: 'x',
        channel: 'web',
        queue,
      })
    expect((await open(null)).queue).toBe('audio')
    expect((await open('web')).queue).toBe('web')
    for (const queue of ['mail', 'nowhere', '', 'web\0', 'x'.repeat(300)]) {
      expect(await codeOf(open(queue))).toBe('QUEUE_NOT_YOURS')
    }
    expect(desk.log.acts()).toEqual(['ticket.opened', 'ticket.opened'])
  })

  it('opens for no handle of another session, agent or desk, none too old and none made up', async () => {
    await desk.customer('C7')
    const other = await desk.session(ann.agent)
    const handle = desk.handles.seal(ann, 'C7', desk.now())
    const open = (caller: Caller, one: string) =>
      codeOf(desk.tickets.open(caller, one, { topic: 'x', channel: 'mail', queue: null }))
    expect(await open(other, handle)).toBe('HANDLE_ENDED')
    expect(await open(bob, handle)).toBe('HANDLE_ENDED')
    for (const made of ['C7', '', handle.slice(1), `${handle}A`, handle.toLowerCase()]) {
      expect(await open(ann, made)).toBe('HANDLE_ENDED')
    }
    desk.clock.ms += 10 * MINUTE_MS
    expect(await open(ann, handle)).toBe('HANDLE_ENDED')
    expect(desk.log.acts()).toEqual([])
  })

  it('opens nothing for a customer who is gone, in no queue, or with no text', async () => {
    const gone = desk.handles.seal(ann, 'C-gone', desk.now())
    expect(
      await codeOf(desk.tickets.open(ann, gone, { topic: 'x', channel: 'mail', queue: null })),
    ).toBe('HANDLE_ENDED')
    await desk.customer('C7')
    const handle = desk.handles.seal(ann, 'C7', desk.now())
    for (const topic of ['', '   ', 'x'.repeat(300), 'a\0b', 'a\ud800b']) {
      expect(
        await codeOf(desk.tickets.open(ann, handle, { topic, channel: 'mail', queue: null })),
      ).toBe('TEXT_INVALID')
    }
    expect(
      await codeOf(desk.tickets.open(ann, handle, { topic: 'x', channel: 'system', queue: null })),
    ).toBe('TEXT_INVALID')
    const lone = await desk.agent('lone', { queues: [] })
    const theirs = desk.handles.seal(lone, 'C7', desk.now())
    expect(
      await codeOf(desk.tickets.open(lone, theirs, { topic: 'x', channel: 'mail', queue: null })),
    ).toBe('QUEUE_NONE')
  })

  it('hoards none', async () => {
    for (let i = 0; i < TICKETS_OPEN_MAX; i++) await desk.ticket(`T-${i}`, { assignee: 'ann' })
    const handle = desk.handles.seal(ann, 'C1', desk.now())
    expect(
      await codeOf(desk.tickets.open(ann, handle, { topic: 'x', channel: 'mail', queue: null })),
    ).toBe('TICKETS_TOO_MANY')
  })
})
