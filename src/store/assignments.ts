/** What webhooks told of a guarded help desk's tickets, where its database cannot tell. */
import { type Kysely, type Selectable, sql } from 'kysely'
import { TelltaleError } from '../base/errors.ts'
import { HOOK_LATE_MS } from '../base/ticket-limits.ts'
import type { TicketFacts } from '../guard/facts.ts'
import type { Hooked, InboundStore } from '../tickets/inbound.ts'
import { tell } from './events.ts'
import { type NamedAgents, takingOnce } from './hooks.ts'
import type { Tables } from './tables.ts'
import type { Trx } from './tickets/change.ts'

/**
 * The rows of `telltale.assignments`. Messages may come in any order: the assignment is the one with the
 * latest time, a ticket is closed by what came after that, contacts only go forward, and who opened it is
 * told once. Until an assignment was told, `at_ms` is 0.
 */
export function createAssignmentInbound(db: Kysely<Tables>): InboundStore {
  return takingOnce(db, async (trx, hooked, named) => {
    if (hooked.text !== null || hooked.topic !== null) {
      throw new TelltaleError('HOOK_INVALID', {
        problem: 'what customers write is kept in the guarded help desk',
      })
    }
    const before = await trx
      .insertInto('telltale.assignments')
      .values({ ticket: hooked.ticket, at_ms: 0 })
      .onConflict((on) => on.doNothing())
      .execute()
      .then(() => assigneeOf(trx, hooked.ticket))
    await EFFECTS[hooked.kind](trx, hooked, named)
    await trx
      .updateTable('telltale.assignments')
      .set({ customer: sql`coalesce(${hooked.customer}, customer)` })
      .where('ticket', '=', hooked.ticket)
      .execute()
    const { atMs, ticket } = hooked
    const concerned = new Set([before, named.assignee].filter((agent) => agent !== null))
    for (const agent of concerned) await tell(trx, { kind: 'ticket', atMs, agent, ticket })
    await tell(trx, { kind: 'queue', atMs, agent: null })
  })
}

async function assigneeOf(trx: Trx, ticket: string): Promise<string | null> {
  const row = await trx
    .selectFrom('telltale.assignments')
    .select('assignee')
    .where('ticket', '=', ticket)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return row.assignee
}

type Effect = (trx: Trx, hooked: Hooked, named: NamedAgents) => Promise<unknown>

const EFFECTS: Readonly<Record<Hooked['kind'], Effect>> = {
  'ticket.created': (trx, hooked, { by }) => {
    const origin = originOf(hooked)
    return sql`
      update telltale.assignments set
        contact_at_ms = greatest(contact_at_ms, ${contactOf(hooked, origin === 'customer')}::bigint),
        origin_agent = case when origin_kind is null then ${by} else origin_agent end,
        origin_kind = coalesce(origin_kind, ${origin})
      where ticket = ${hooked.ticket}`.execute(trx)
  },

  'ticket.assigned': (trx, { ticket, atMs, by }, named) =>
    sql`
      update telltale.assignments set
        assignee = ${named.assignee}, by_kind = ${assignedKindOf(by)}, by_agent = ${named.by},
        at_ms = ${atMs},
        closed_at_ms = case when closed_at_ms > ${atMs} then closed_at_ms end
      where ticket = ${ticket} and at_ms < ${atMs}`.execute(trx),

  'ticket.closed': (trx, { ticket, atMs }) =>
    sql`
      update telltale.assignments set closed_at_ms = greatest(closed_at_ms, ${atMs}::bigint)
      where ticket = ${ticket} and at_ms <= ${atMs}`.execute(trx),

  'contact.inbound': (trx, hooked) =>
    sql`
      update telltale.assignments
      set contact_at_ms = greatest(contact_at_ms, ${contactOf(hooked, true)}::bigint)
      where ticket = ${hooked.ticket}`.execute(trx),
}

/** What was opened by nobody who is told counts as opened by an agent whom nobody knows. */
export function originOf({ by }: Hooked): 'customer' | 'system' | 'agent' {
  if (by?.kind === 'customer') return 'customer'
  return by?.kind === 'system' || by?.kind === 'router' ? 'system' : 'agent'
}

/** Customers assign nothing: then nobody knows who did. */
export function assignedKindOf(by: Hooked['by']): 'router' | 'agent' | null {
  if (by?.kind === 'router' || by?.kind === 'system') return 'router'
  return by?.kind === 'agent' ? 'agent' : null
}

/** When the customer was heard; null: they were not. */
export function contactOf(hooked: Hooked, isHeard: boolean): number | null {
  return isHeard ? Math.min(hooked.contactAtMs ?? hooked.atMs, hooked.atMs) : hooked.contactAtMs
}

/** Reads a guarded help desk's ticket. */
interface TicketReader {
  ticket(number: string): Promise<TicketFacts | null>
}

/**
 * The same tickets, with what webhooks told where the database cannot tell. An assignment that was told is
 * the one that the database shows only while both name the same agent, and the database none that is later:
 * of another, nothing is known.
 */
export function withAssignments(db: Kysely<Tables>, tickets: TicketReader): TicketReader {
  return {
    ticket: async (number) => {
      const [ticket, told] = await Promise.all([
        tickets.ticket(number),
        db
          .selectFrom('telltale.assignments')
          .selectAll()
          .where('ticket', '=', number)
          .executeTakeFirst(),
      ])
      if (ticket === null || told === undefined) return ticket
      const isOther = told.customer !== null && told.customer !== ticket.customer
      return isOther ? ticket : completed(ticket, told)
    },
  }
}

function completed(
  ticket: TicketFacts,
  told: Selectable<Tables['telltale.assignments']>,
): TicketFacts {
  const { origin_kind, origin_agent, by_kind, by_agent, at_ms, contact_at_ms } = told
  const isLater = (ticket.assignedAtMs ?? 0) > at_ms + HOOK_LATE_MS
  const isSame =
    ticket.assignee !== null && ticket.assignee === told.assignee && at_ms > 0 && !isLater
  return {
    ...ticket,
    origin: ticket.origin ?? (origin_kind && { kind: origin_kind, agent: origin_agent }),
    assignment:
      ticket.assignment ?? (isSame && by_kind ? { kind: by_kind, agent: by_agent } : null),
    assignedAtMs: ticket.assignedAtMs ?? (isSame ? at_ms : null),
    contactAtMs: Math.max(ticket.contactAtMs, contact_at_ms ?? 0),
  }
}
