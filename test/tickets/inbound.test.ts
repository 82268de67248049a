import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TicketFacts } from '../../src/guard/facts.ts'
import { createAssignmentInbound, withAssignments } from '../../src/store/assignments.ts'
import { forgetHooks } from '../../src/store/hooks.ts'
import { createOwnInbound } from '../../src/store/inbound.ts'
import { createInbound, type Hooked, type InboundStore } from '../../src/tickets/inbound.ts'
import { type Desk, MINUTE_MS, openDesk, START_MS } from './desk.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk.close())

let ids = 0
const hook = (kind: Hooked['kind'], more: Partial<Hooked> = {}): Hooked => ({
  source: 'crm',
  id: `msg_${++ids}`,
  kind,
  atMs: START_MS,
  ticket: 'T-1',
  customer: null,
  queue: null,
  assignee: null,
  by: null,
  contactAtMs: null,
  ...more,
})
const inbound = (store: InboundStore) => createInbound(store, desk.now)
const codeOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => 'done',
    ({ code }) => code,
  )

describe('whatever is told', () => {
  it('takes effect once, however often and however many at once it comes', async () => {
    await desk.agent('ann')
    await desk.customer('C1')
    const { take } = inbound(createOwnInbound(desk.db))
    const contact = hook('contact.inbound', { customer: 'C1', queue: 'mail' })
    const taken = await Promise.all(Array.from({ length: 6 }, () => take(contact)))
    expect(taken.filter(Boolean)).toHaveLength(1)
    expect(await take(contact)).toBe(false)
    // Another source numbers as it likes.
    expect(await take({ ...contact, source: 'mailbox' })).toBe(true)
  })

  it('is remembered only if it took effect', async () => {
    const { take } = inbound(createOwnInbound(desk.db))
    const early = hook('ticket.closed')
    expect(await codeOf(take(early))).toBe('HOOK_INVALID')
    await desk.agent('ann')
    await desk.ticket('T-1', { assignee: 'ann' })
    expect(await take(early)).toBe(true)
    expect(await desk.row('T-1')).toMatchObject({ state: 'closed' })
    expect(await forgetHooks(desk.db, desk.now() + 1)).toBe(1)
  })

  it('lies neither in the future nor before there were desks, and names what has a name', async () => {
    const { take } = inbound(createOwnInbound(desk.db))
    const wrong: Partial<Hooked>[] = [
      { atMs: START_MS + 6 * MINUTE_MS },
      { atMs: 5 },
      { atMs: Number.NaN },
      { contactAtMs: START_MS + 10 * 365 * 24 * 60 * MINUTE_MS },
      { ticket: '' },
      { ticket: 'T\0' },
      { customer: 'x'.repeat(300) },
      { by: { kind: 'agent', agent: '\n' } },
    ]
    for (const more of wrong) {
      expect(await codeOf(take(hook('contact.inbound', more)))).toBe('HOOK_INVALID')
    }
  })
})

describe('our own tickets', () => {
  const take = (kind: Hooked['kind'], more: Partial<Hooked> = {}) =>
    inbound(createOwnInbound(desk.db)).take(hook(kind, more))

  it('begin with a contact of the customer, and wait for the router', async () => {
    const ann = await desk.agent('ann')
    await desk.customer('C1')
    await take('contact.inbound', { customer: 'C1', queue: 'mail' })
    expect(await desk.tickets.next(ann)).toMatchObject({ number: 'T-1' })
    const { released } = await desk.tickets.page(ann, 'T-1')
    expect(released.purpose).toMatchObject({ grade: 'customer', ended: null })
  })

  it.each([
    [{ kind: 'customer', agent: null }, 'customer', 'customer'],
    [{ kind: 'system', agent: null }, 'system', 'routed'],
    [{ kind: 'agent', agent: 'bob' }, 'agent', 'colleague'],
    [{ kind: 'agent', agent: 'ann' }, 'agent', 'self'],
    [{ kind: 'agent', agent: 'nobody we know' }, 'agent', 'self'],
    [null, 'agent', 'self'],
  ] as const)('begun by %j have the origin %s', async (by, origin, grade) => {
    const ann = await desk.agent('ann')
    await desk.agent('bob')
    await desk.customer('C1')
    await take('ticket.created', { customer: 'C1', queue: 'mail', by })
    expect(await desk.row('T-1')).toMatchObject({ origin_kind: origin })
    await desk.tickets.next(ann)
    const { released } = await desk.tickets.page(ann, 'T-1')
    expect(released.purpose.grade).toBe(grade)
  })

  it('need a customer and a queue that there are', async () => {
    await desk.agent('ann')
    await desk.customer('C1')
    for (const more of [
      {},
      { customer: 'C1' },
      { queue: 'mail' },
      { customer: 'C1', queue: 'nowhere' },
      { customer: 'nobody', queue: 'mail' },
    ]) {
      expect(await codeOf(take('contact.inbound', more))).toBe('HOOK_INVALID')
      expect(await codeOf(take('ticket.created', more))).toBe('HOOK_INVALID')
    }
  })

  it('are refreshed by a contact, and opened again for the router, not for their last agent', async () => {
    const ann = await desk.agent('ann')
    const bob = await desk.agent('bob')
    await desk.ticket('T-1', { assignee: 'ann' })
    await take('contact.inbound', { atMs: START_MS - 2 * 24 * 60 * MINUTE_MS })
    const { contact_at_ms } = await desk.row('T-1')
    await take('contact.inbound', { atMs: START_MS })
    expect(contact_at_ms).toBe(START_MS - 60 * MINUTE_MS)
    expect(await desk.row('T-1')).toMatchObject({ contact_at_ms: START_MS, assignee: 'ann' })
    await desk.tickets.close(ann, 'T-1')
    await take('contact.inbound', { atMs: START_MS - 1 })
    expect(await desk.row('T-1')).toMatchObject({ state: 'closed' })
    desk.clock.ms += MINUTE_MS
    await take('contact.inbound', { atMs: START_MS + 1 })
    expect(await desk.row('T-1')).toMatchObject({ state: 'open', assignee: null })
    expect(await codeOf(desk.tickets.page(ann, 'T-1'))).toBe('TICKET_UNKNOWN')
    expect(await desk.tickets.next(bob)).toMatchObject({ number: 'T-1' })
  })

  it('that an agent made up are not made genuine by who answers', async () => {
    const ann = await desk.agent('ann')
    const bob = await desk.agent('bob')
    const number = await desk.ticket('T-1', { assignee: 'ann', origin: ['agent', 'ann'] })
    await desk.tickets.close(ann, number)
    desk.clock.ms += MINUTE_MS
    await take('contact.inbound', { atMs: desk.now() })
    await desk.tickets.next(ann)
    expect((await desk.tickets.page(ann, number)).released.purpose.grade).toBe('self')
    await desk.tickets.assign(ann, number, 'bob')
    expect((await desk.tickets.page(bob, number)).released.purpose.grade).toBe('colleague')
  })

  it('that went into another are that one', async () => {
    const ann = await desk.agent('ann')
    await desk.ticket('T-1', { assignee: 'ann' })
    await desk.ticket('T-2', { assignee: 'ann' })
    await desk.tickets.merge(ann, 'T-1', 'T-2')
    await take('contact.inbound', { atMs: START_MS, ticket: 'T-1' })
    expect(await desk.row('T-1')).toMatchObject({ state: 'closed' })
    expect(await desk.row('T-2')).toMatchObject({ state: 'open', contact_at_ms: START_MS })
  })

  it('are about one customer', async () => {
    await desk.agent('ann')
    await desk.ticket('T-1', { assignee: 'ann' })
    expect(await codeOf(take('contact.inbound', { customer: 'C2' }))).toBe('HOOK_INVALID')
  })

  it('are assigned and closed in the order of the times', async () => {
    await desk.agent('ann')
    await desk.agent('bob')
    await desk.ticket('T-1', { assignee: 'ann', assignedAtMs: START_MS - 10 })
    const by = { kind: 'router', agent: null } as const
    await take('ticket.assigned', { assignee: 'bob', by, atMs: START_MS - 20 })
    expect(await desk.row('T-1')).toMatchObject({ assignee: 'ann' })
    await take('ticket.closed', { atMs: START_MS - 20 })
    expect(await desk.row('T-1')).toMatchObject({ state: 'open' })
    await take('ticket.assigned', { assignee: 'bob', by })
    expect(await desk.row('T-1')).toMatchObject({ assignee: 'bob', assigned_at_ms: START_MS })
    await take('ticket.closed')
    expect(await desk.row('T-1')).toMatchObject({ state: 'closed' })
    expect(await codeOf(take('ticket.assigned', { assignee: 'nobody' }))).toBe('HOOK_INVALID')
  })

  it('given by an account of the same person were taken', async () => {
    await desk.agent('ann')
    await desk.agent('ann2', { person: 'ann' })
    await desk.ticket('T-1')
    await take('ticket.assigned', { assignee: 'ann', by: { kind: 'agent', agent: 'ann2' } })
    expect(await desk.row('T-1')).toMatchObject({ assigned_kind: 'agent', assigned_agent: 'ann' })
  })
})

describe("a guarded help desk's tickets", () => {
  const facts: TicketFacts = {
    number: 'T-1',
    customer: 'C1',
    queue: null,
    state: 'open',
    origin: null,
    assignee: 'ann',
    assignment: null,
    assignedAtMs: null,
    contactAtMs: START_MS - 1000,
    codes: [],
  }
  const read = (ticket: TicketFacts | null = facts) =>
    withAssignments(desk.db, { ticket: async () => ticket }).ticket('T-1')

  it('are what was told, whatever the order it came in', async () => {
    await desk.agent('ann')
    await desk.agent('bob')
    const told = [
      hook('ticket.created', { by: { kind: 'customer', agent: null }, atMs: START_MS - 50 }),
      hook('ticket.assigned', {
        assignee: 'bob',
        by: { kind: 'agent', agent: 'ann' },
        atMs: START_MS - 40,
      }),
      hook('ticket.closed', { atMs: START_MS - 35 }),
      hook('ticket.assigned', {
        assignee: 'ann',
        by: { kind: 'router', agent: null },
        atMs: START_MS - 30,
      }),
      hook('contact.inbound', { atMs: START_MS - 20, customer: 'C1' }),
    ]
    let number = 0
    const orders = fc.shuffledSubarray(told, { minLength: told.length })
    const run = fc.asyncProperty(orders, async (order) => {
      const ticket = `T-${++number}`
      const { take } = inbound(createAssignmentInbound(desk.db))
      for (const one of order) await take({ ...one, ticket, id: `msg_${++ids}` })
      const rows = desk.db.selectFrom('telltale.assignments').selectAll()
      expect(await rows.where('ticket', '=', ticket).executeTakeFirst()).toEqual({
        ticket,
        customer: 'C1',
        assignee: 'ann',
        by_kind: 'router',
        by_agent: null,
        at_ms: START_MS - 30,
        origin_kind: 'customer',
        origin_agent: null,
        contact_at_ms: START_MS - 20,
        closed_at_ms: null,
      })
    })
    await fc.assert(run, { numRuns: 25 })
  })

  it('complete what the database cannot tell', async () => {
    await desk.agent('ann')
    const { take } = inbound(createAssignmentInbound(desk.db))
    expect(await read()).toEqual(facts)
    expect(await read(null)).toBeNull()
    await take(hook('ticket.created', { customer: 'C1', by: { kind: 'customer', agent: null } }))
    await take(hook('ticket.assigned', { assignee: 'ann', by: { kind: 'router', agent: null } }))
    expect(await read()).toEqual({
      ...facts,
      origin: { kind: 'customer', agent: null },
      assignment: { kind: 'router', agent: null },
      assignedAtMs: START_MS,
      contactAtMs: START_MS,
    })
  })

  it('are left to the database where it tells, or shows another agent, time or customer', async () => {
    await desk.agent('ann')
    const { take } = inbound(createAssignmentInbound(desk.db))
    await take(hook('ticket.created', { customer: 'C1', by: { kind: 'customer', agent: null } }))
    await take(hook('ticket.assigned', { assignee: 'ann', by: { kind: 'router', agent: null } }))
    const known: TicketFacts = {
      ...facts,
      origin: { kind: 'agent', agent: 'ann' },
      assignment: { kind: 'agent', agent: 'ann' },
      assignedAtMs: START_MS - 5,
    }
    const { origin, assignment, assignedAtMs } = known
    expect(await read(known)).toMatchObject({ origin, assignment, assignedAtMs })
    expect(await read({ ...facts, assignee: 'bob' })).toMatchObject({ assignment: null })
    expect(await read({ ...facts, assignee: null })).toMatchObject({ assignment: null })
    const later = { ...facts, assignedAtMs: START_MS + 2 * MINUTE_MS }
    expect(await read(later)).toMatchObject({ assignment: null })
    expect(await read({ ...facts, customer: 'C2' })).toMatchObject({ origin: null })
  })

  it('names agents by the id of the directory first', async () => {
    await desk.agent('ann')
    await desk.agent('bob')
    await desk.db
      .updateTable('telltale.agents')
      .set({ external_id: 'ann' })
      .where('id', '=', 'bob')
      .execute()
    const { take } = inbound(createAssignmentInbound(desk.db))
    await take(hook('ticket.assigned', { assignee: 'ann', by: { kind: 'router', agent: null } }))
    const row = await desk.db.selectFrom('telltale.assignments').selectAll().executeTakeFirst()
    expect(row).toMatchObject({ assignee: 'bob' })
  })
})
