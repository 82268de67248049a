import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Caller } from '../../src/guard/facts.ts'
import { createTickets, type WorkPorts } from '../../src/tickets/work.ts'
import { codeOf, type Desk, MINUTE_MS, openDesk, START_MS } from './desk.ts'

let desk: Desk
let ann: Caller
beforeEach(async () => {
  desk = await openDesk()
  ann = await desk.agent('ann')
  await desk.agent('bob')
})
afterEach(() => desk.close())

describe('calling', () => {
  it('calls the number on record, shows it to nobody, and counts as contact', async () => {
    await desk.ticket('T-1', { assignee: 'ann' })
    expect(await desk.tickets.call(ann, 'T-1', 'phone')).toBeUndefined()
    expect(desk.calls).toEqual([{ agent: 'ann', ticket: 'T-1', number: '+81312345678' }])
    expect(desk.log.last()).toMatchObject({
      act: 'call.placed',
      customers: ['C1'],
      detail: 'phone',
    })
    await desk.tickets.close(ann, 'T-1')
    expect(desk.log.last()).toMatchObject({ act: 'ticket.closed', detail: null })
  })

  it('calls nobody where the log does not take it, or the ticket is taken away meanwhile', async () => {
    await desk.ticket('T-1', { assignee: 'ann' })
    desk.log.state.fails = true
    await expect(desk.tickets.call(ann, 'T-1', 'phone')).rejects.toThrow('the disk is full')
    desk.log.state.fails = false
    desk.log.state.onWrite = async () => {
      desk.log.state.onWrite = async () => {}
      await desk.tickets.assign(ann, 'T-1', 'bob')
    }
    expect(await codeOf(desk.tickets.call(ann, 'T-1', 'phone'))).toBe('TICKET_UNKNOWN')
    expect(desk.calls).toEqual([])
  })

  it('calls no field but a telephone, and nobody without one', async () => {
    await desk.customer('C9', { phone: null })
    await desk.ticket('T-1', { assignee: 'ann', customer: 'C9' })
    for (const field of ['phone', 'mail', 'name', 'payment', 'constructor']) {
      expect(await codeOf(desk.tickets.call(ann, 'T-1', field))).toBe('CALL_NO_NUMBER')
    }
  })

  it('says so where the telephone system fails, without the number', async () => {
    await desk.ticket('T-1', { assignee: 'ann' })
    desk.outside.dials = false
    const error = await desk.tickets.call(ann, 'T-1', 'phone').catch((one) => one)
    expect(error).toMatchObject({ code: 'CALL_FAILED', cause: { message: 'STATUS_503' } })
    expect(`${error.message}${error.stack}${error.cause.stack}`).not.toContain('+81312345678')
  })

  it('calls nobody for a ticket that was silent for long', async () => {
    await desk.ticket('T-1', { assignee: 'ann', by: ['agent', 'bob'] })
    desk.clock.ms = START_MS + 15 * 24 * 60 * MINUTE_MS
    expect(await codeOf(desk.tickets.call(ann, 'T-1', 'phone'))).toBe('PURPOSE_ENDED')
  })
})

describe('a guarded help desk', () => {
  it('is read only', async () => {
    await desk.ticket('T-1', { assignee: 'ann' })
    const {
      store: board,
      release,
      policies,
      handles,
      facts,
      source,
      codeStore,
      sender,
      replies,
      now,
    } = desk
    const { decide } = desk.log.recorder
    const codes = codeStore
    const ports = {
      board,
      release,
      policies,
      handles,
      facts,
      source,
      codes,
      sender,
      replies,
      now,
      decide,
    }
    const tickets = createTickets({ ...ports, store: null, dialer: null } satisfies WorkPorts)
    const asked = [
      tickets.next(ann),
      tickets.take(ann, 'T-1'),
      tickets.open(ann, 'x', { topic: 'x', channel: 'mail', queue: null }),
      tickets.assign(ann, 'T-1', 'bob'),
      tickets.close(ann, 'T-1'),
      tickets.reopen(ann, 'T-1'),
      tickets.merge(ann, 'T-1', 'T-2'),
      tickets.write(ann, 'T-1', 'out', 'x'),
    ]
    expect(new Set(await Promise.all(asked.map(codeOf)))).toEqual(new Set(['SOURCE_READ_ONLY']))
    expect((await tickets.queue(ann, null)).mine).toHaveLength(1)
    expect(await codeOf(tickets.call(ann, 'T-1', 'phone'))).toBe('CALLS_UNAVAILABLE')
  })
})
