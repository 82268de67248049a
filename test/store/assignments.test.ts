import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TicketFacts } from '../../src/guard/facts.ts'
import { createAssignmentInbound, withAssignments } from '../../src/store/assignments.ts'
import { createInbound, type InboundStore } from '../../src/tickets/inbound.ts'
import { type Desk, MINUTE_MS, openDesk, START_MS } from '../tickets/desk.ts'
import { hook } from '../tickets/hook.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk.close())

const inbound = (store: InboundStore) => createInbound(store, desk.now)

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
      for (const one of order)
        await take(hook(one.kind, { ...one, ticket, id: `${ticket}-${one.atMs}` }))
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
