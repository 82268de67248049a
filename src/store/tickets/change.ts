/** What every change of a ticket is made of. */
import { type Selectable, sql, type Transaction } from 'kysely'
import { TelltaleError } from '../../base/errors.ts'
import { TICKETS_OPEN_MAX } from '../../base/ticket-limits.ts'
import type { TicketRow } from '../../tickets/ports.ts'
import type { Changed } from '../../tickets/stores.ts'
import { tell } from '../events.ts'
import type { Tables } from '../tables.ts'

/** A transaction of the store. */
export type Trx = Transaction<Tables>
type Ticket = Selectable<Tables['support.tickets']>

/** Names the lock within which one agent gains tickets, one after another. */
const GAINING = 7404

/** Columns of a row that is listed, with the customer's key. */
export const COLUMNS = [
  'number',
  'customer',
  'queue',
  'topic',
  'channel',
  'state',
  'opened_at_ms',
  'contact_at_ms',
  'assignee',
  'priority',
] as const
/** The same in SQL. */
export const COLUMNS_SQL = sql.raw(COLUMNS.map((name) => `t.${name}`).join(', '))
/** What is selected by them. */
export type Listed = Pick<Ticket, (typeof COLUMNS)[number]>

/** A ticket without its customer. */
export function rowOf(t: Omit<Listed, 'customer'>): TicketRow {
  return {
    number: t.number,
    queue: t.queue,
    topic: t.topic,
    channel: t.channel,
    state: t.state,
    openedAtMs: t.opened_at_ms,
    contactAtMs: t.contact_at_ms,
    assignee: t.assignee,
    priority: t.priority,
  }
}

/** A ticket and its customer. */
export function changedOf(t: Listed): Changed {
  return { row: rowOf(t), customer: t.customer }
}

/** True for an agent who is active: who was suspended a moment ago changes nothing any more. */
export function isActive(agent: string) {
  return sql<boolean>`exists (select from telltale.agents a where a.id = ${agent} and a.status = 'active')`
}

/** When an assignment begins: later than any of this ticket before, whatever the clock says, since
 * codes are told apart by it. `t` is the ticket. */
export function assignedNow(atMs: number) {
  return sql<number>`greatest(${atMs}::bigint, t.assigned_at_ms + 1)`
}

/** Lets one agent gain one ticket at a time, and throws TICKETS_TOO_MANY where that is one too many. */
export async function checkRoom(trx: Trx, agent: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${agent}, ${GAINING}))`.execute(trx)
  const { open } = await trx
    .selectFrom('support.tickets')
    .select(({ fn }) => fn.countAll<number>().as('open'))
    .where('assignee', '=', agent)
    .where('state', '=', 'open')
    .executeTakeFirstOrThrow()
  if (open >= TICKETS_OPEN_MAX) {
    throw new TelltaleError('TICKETS_TOO_MANY', { limit: TICKETS_OPEN_MAX })
  }
}

/** Why a ticket could not be changed: only its assignee is told that it is closed. */
export async function refusal(trx: Trx, agent: string, number: string): Promise<TelltaleError> {
  const closed = await trx
    .selectFrom('support.tickets')
    .select('number')
    .where('number', '=', number)
    .where('assignee', '=', agent)
    .where('state', '=', 'closed')
    .executeTakeFirst()
  return new TelltaleError(closed === undefined ? 'TICKET_UNKNOWN' : 'TICKET_CLOSED', {})
}

/** Tells pages of these agents, and of whoever looks at what waits, to look again. */
export async function tellOf(
  trx: Trx,
  atMs: number,
  number: string,
  agents: readonly (string | null)[],
): Promise<void> {
  const concerned = new Set(agents.filter((agent) => agent !== null))
  for (const agent of concerned) await tell(trx, { kind: 'ticket', atMs, agent, ticket: number })
  await tell(trx, { kind: 'queue', atMs, agent: null })
}
