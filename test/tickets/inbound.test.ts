import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MESSAGE_CHARS_MAX } from '../../src/base/desk-http-limits.ts'
import { createAssignmentInbound } from '../../src/store/assignments.ts'
import { forgetHooks } from '../../src/store/hooks.ts'
import { createOwnInbound } from '../../src/store/inbound.ts'
import { createInbound, type Hooked, type InboundStore } from '../../src/tickets/inbound.ts'
import { codeOf, type Desk, MINUTE_MS, openDesk, START_MS } from './desk.ts'
import { hook } from './hook.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk.close())

const inbound = (store: InboundStore) => createInbound(store, desk.now)
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

  it('is one ticket, whichever of many messages is its first', async () => {
    await desk.agent('ann')
    await desk.customer('C1')
    const { take } = inbound(createOwnInbound(desk.db))
    const first = { customer: 'C1', queue: 'mail', by: { kind: 'customer', agent: null } } as const
    const kinds = ['ticket.created', 'contact.inbound'] as const
    // Each has its connection, so that they really come at once.
    const open = Array.from({ length: 12 }, () => sql`select pg_sleep(0.2)`.execute(desk.db))
    await Promise.all(open)
    const told = Array.from({ length: 12 }, (_, i) => take(hook(kinds[i % 2], first)))
    expect(await Promise.all(told)).toEqual(Array(12).fill(true))
    expect(await desk.row('T-1')).toMatchObject({ origin_kind: 'customer', state: 'open' })
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

describe('what a customer writes', () => {
  const take = (more: Partial<Hooked>, kind: Hooked['kind'] = 'contact.inbound') =>
    inbound(createOwnInbound(desk.db)).take(hook(kind, more))
  const said = async () =>
    (await desk.source.conversation('T-1', 9)).map(({ direction, body }) => [direction, body])

  it('opens a ticket about its topic, and stands in it', async () => {
    const ann = await desk.agent('ann')
    await desk.customer('C1')
    const text = ' Hello,\r\n\tmy parcel… 小包 '
    await take({ customer: 'C1', queue: 'mail', topic: ' lost\n parcel', text })
    const row = await desk.tickets.next(ann)
    expect(row).toMatchObject({ topic: 'lost parcel', channel: 'web' })
    const { released } = await desk.tickets.page(ann, 'T-1')
    expect(released.conversation).toMatchObject([
      { direction: 'in', author: null, atMs: START_MS, body: text.trim(), delivery: null },
    ])
  })

  it('is added to the open ticket once, and is a contact', async () => {
    await desk.agent('ann')
    await desk.ticket('T-1', { assignee: 'ann' })
    const contact = hook('contact.inbound', { text: 'any news?', topic: 'another' })
    const { take } = inbound(createOwnInbound(desk.db))
    await Promise.all(Array.from({ length: 4 }, () => take(contact)))
    expect(await said()).toEqual([['in', 'any news?']])
    expect(await desk.row('T-1')).toMatchObject({
      contact_at_ms: START_MS,
      topic: 'a topic',
      assignee: 'ann',
    })
  })

  it('is kept however late it comes, and on the ticket that its own went into', async () => {
    const ann = await desk.agent('ann')
    await desk.ticket('T-1', { assignee: 'ann' })
    await desk.ticket('T-2', { assignee: 'ann' })
    await desk.tickets.merge(ann, 'T-2', 'T-1')
    await desk.tickets.close(ann, 'T-1')
    await take({ ticket: 'T-2', text: 'late', atMs: START_MS - 1 })
    expect(await said()).toEqual([['in', 'late']])
    expect(await desk.row('T-1')).toMatchObject({ state: 'closed' })
  })

  it('is nothing, where the hook is not taken', async () => {
    await desk.agent('ann')
    await desk.ticket('T-1', { assignee: 'ann' })
    const wrong: Partial<Hooked>[] = [
      { text: '' },
      { text: ' \n ' },
      { text: 'a\0b' },
      { text: 'a\ud800b' },
      { text: 'x'.repeat(MESSAGE_CHARS_MAX + 1) },
      { text: 'x', topic: 'x'.repeat(300) },
      { text: 'x', topic: '\u0007' },
      { text: 'x', customer: 'C2' },
      { mailId: '<a@b>' },
      { text: 'x', mailId: 'a@b' },
      { text: 'x', mailId: '<a@b>\r\nBcc: <eve@home.example>' },
      { text: 'x', mailId: '<a@b> <c@d>' },
      { text: 'x', mailId: `<${'a'.repeat(250)}@b>` },
    ]
    for (const more of wrong) expect(await codeOf(take(more))).toBe('HOOK_INVALID')
    for (const kind of ['ticket.created', 'ticket.assigned', 'ticket.closed'] as const) {
      expect(await codeOf(take({ text: 'x', assignee: 'ann' }, kind))).toBe('HOOK_INVALID')
    }
    expect(await said()).toEqual([])
    expect(await desk.row('T-1')).toMatchObject({
      state: 'open',
      contact_at_ms: START_MS - 60 * MINUTE_MS,
    })
  })

  it('is refused where the help desk that is guarded keeps it', async () => {
    const { take } = inbound(createAssignmentInbound(desk.db))
    expect(await codeOf(take(hook('contact.inbound', { text: 'x' })))).toBe('HOOK_INVALID')
    expect(await take(hook('contact.inbound'))).toBe(true)
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
