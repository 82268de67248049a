/** What systems and mailboxes tell of the desk's own tickets. */
import { type Kysely, type Selectable, sql } from 'kysely'
import { TelltaleError } from '../base/errors.ts'
import { MERGES_FOLLOWED_MAX } from '../base/ticket-limits.ts'
import type { Hooked, InboundStore } from '../tickets/inbound.ts'
import { assignedKindOf, contactOf, originOf } from './assignments.ts'
import { brokenConstraint } from './faults.ts'
import { type NamedAgents, takingOnce } from './hooks.ts'
import type { Tables } from './tables.ts'
import { assignedNow, type Trx, tellOf } from './tickets/change.ts'

/** Names the lock within which one ticket is told of: two messages may both be its first. */
const TOLD = 7409

type Ticket = Selectable<Tables['support.tickets']>

/**
 * Opens, refreshes, assigns and closes tickets of the schema `support`. A ticket that was merged is the one
 * that it went into. Who opened a ticket stays: a customer who writes on one that an agent made up does not
 * make it genuine.
 */
export function createOwnInbound(db: Kysely<Tables>): InboundStore {
  return takingOnce(db, async (trx, hooked, named) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${hooked.ticket}, ${TOLD}))`.execute(
      trx,
    )
    const ticket = await lockedTicket(trx, hooked.ticket)
    const after = await EFFECTS[hooked.kind](trx, hooked, named, ticket)
    const number = ticket?.number ?? hooked.ticket
    await tellOf(trx, hooked.atMs, number, [ticket?.assignee ?? null, after])
  })
}

async function lockedTicket(trx: Trx, number: string): Promise<Ticket | undefined> {
  let ticket: Ticket | undefined
  for (let next: string | null = number, i = 0; next !== null && i < MERGES_FOLLOWED_MAX; i++) {
    ticket = await trx
      .selectFrom('support.tickets')
      .selectAll()
      .where('number', '=', next)
      .forUpdate()
      .executeTakeFirst()
    next = ticket?.merged_into ?? null
  }
  return ticket
}

/** Answers who has the ticket afterwards, where that may have changed. */
type Effect = (
  trx: Trx,
  hooked: Hooked,
  named: NamedAgents,
  ticket: Ticket | undefined,
) => Promise<string | null>

const EFFECTS: Readonly<Record<Hooked['kind'], Effect>> = {
  'ticket.created': async (trx, hooked, named, ticket) => {
    if (ticket === undefined) await open(trx, hooked, originOf(hooked), named.by)
    return null
  },

  'ticket.assigned': async (trx, hooked, named, ticket) => {
    const { atMs, by } = hooked
    if (ticket === undefined) throw invalid('there is no such ticket')
    if (hooked.assignee !== null && named.assignee === null) throw invalid('there is no such agent')
    if (ticket.assigned_at_ms !== null && ticket.assigned_at_ms >= atMs) return null
    await sql`
      update support.tickets t
      set assignee = ${named.assignee}, assigned_kind = ${assignedKindOf(by)},
          assigned_agent = ${named.by}, assigned_at_ms = ${assignedNow(atMs)}
      where t.number = ${ticket.number} and t.state = 'open'`.execute(trx)
    return named.assignee
  },

  'ticket.closed': async (trx, { atMs }, _named, ticket) => {
    if (ticket === undefined) throw invalid('there is no such ticket')
    // What happened later than the close shows that somebody went on with it.
    const later = Math.max(ticket.contact_at_ms, ticket.assigned_at_ms ?? 0)
    if (ticket.state === 'closed' || later > atMs) return null
    await trx
      .updateTable('support.tickets')
      .set({ state: 'closed', closed_at_ms: atMs })
      .where('number', '=', ticket.number)
      .execute()
    return null
  },

  'contact.inbound': async (trx, hooked, _named, ticket) => {
    if (ticket === undefined) await open(trx, hooked, 'customer', null)
    else await hear(trx, hooked, ticket)
    await keep(trx, hooked, ticket?.number ?? hooked.ticket)
    return null
  },
}

async function open(
  trx: Trx,
  hooked: Hooked,
  origin: Ticket['origin_kind'],
  agent: string | null,
): Promise<void> {
  const { customer, queue, atMs } = hooked
  if (customer === null) throw invalid('a new ticket needs its customer')
  if (queue === null) throw invalid('a new ticket needs its queue')
  const known = await trx
    .selectFrom('support.queues')
    .select('id')
    .where('id', '=', queue)
    .executeTakeFirst()
  if (known === undefined) throw invalid('there is no such queue')
  await trx
    .insertInto('support.tickets')
    .values({
      number: hooked.ticket,
      customer,
      queue,
      topic: hooked.topic,
      channel: origin === 'system' ? 'system' : hooked.mailId === null ? 'web' : 'mail',
      origin_kind: origin,
      origin_agent: origin === 'agent' ? agent : null,
      opened_at_ms: atMs,
      state: 'open',
      contact_at_ms: contactOf(hooked, true) ?? atMs,
    })
    .execute()
    .catch((error) => {
      if (brokenConstraint(error)?.includes('customer')) throw invalid('there is no such customer')
      throw error
    })
}

/** A closed ticket opens again, and waits for the router: what its last agent could see has ended. */
async function hear(trx: Trx, hooked: Hooked, ticket: Ticket): Promise<void> {
  if (hooked.customer !== null && hooked.customer !== ticket.customer) {
    throw invalid('the ticket is about another customer')
  }
  const heardMs = contactOf(hooked, true) ?? hooked.atMs
  const isAgain = ticket.state === 'closed' && heardMs > (ticket.closed_at_ms ?? 0)
  await trx
    .updateTable('support.tickets')
    .set({
      contact_at_ms: Math.max(ticket.contact_at_ms, heardMs),
      topic: ticket.topic ?? hooked.topic,
      ...(isAgain && {
        state: 'open',
        closed_at_ms: null,
        assignee: null,
        assigned_kind: null,
        assigned_agent: null,
      }),
    })
    .where('number', '=', ticket.number)
    .execute()
}

/** What the customer wrote, on whichever ticket it is now. */
async function keep(trx: Trx, hooked: Hooked, ticket: string): Promise<void> {
  const { atMs, text, mailId } = hooked
  if (text === null) return
  await trx
    .insertInto('support.messages')
    .values({
      ticket,
      at_ms: contactOf(hooked, true) ?? atMs,
      direction: 'in',
      body: text,
      mail_id: mailId,
    })
    .execute()
}

function invalid(problem: string): TelltaleError {
  return new TelltaleError('HOOK_INVALID', { problem })
}
