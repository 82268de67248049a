/** How an agent comes by a ticket by themself or by the router: never more than they can handle. */
import { type Kysely, sql } from 'kysely'
import { TelltaleError } from '../../base/errors.ts'
import type { TicketRow } from '../../tickets/ports.ts'
import type { Before, Changed, NewTicket } from '../../tickets/stores.ts'
import { brokenConstraint } from '../faults.ts'
import type { Tables } from '../tables.ts'
import { SINCE } from './board.ts'
import {
  assignedNow,
  COLUMNS,
  COLUMNS_SQL,
  changedOf,
  checkRoom,
  isActive,
  type Listed,
  refusal,
  rowOf,
  type Trx,
  tellOf,
} from './change.ts'

/** The router's next. Those that others are being given right now are passed over. */
export function nextTicket(
  db: Kysely<Tables>,
  agent: string,
  atMs: number,
  before: Before<Changed>,
): Promise<TicketRow> {
  return db.transaction().execute(async (trx) => {
    await checkRoom(trx, agent)
    const { rows } = await sql<Listed>`
      update support.tickets t
      set assignee = ${agent}, assigned_kind = 'router', assigned_agent = null,
          assigned_at_ms = ${assignedNow(atMs)}
      where t.number = (
        select t.number from support.tickets t
        where t.state = 'open' and t.assignee is null and ${isActive(agent)}
          and t.queue in (select queue from support.members where agent = ${agent})
        order by t.priority desc, ${SINCE}, t.number
        limit 1 for update skip locked)
      returning ${COLUMNS_SQL}`.execute(trx)
    if (rows.length === 0) throw new TelltaleError('QUEUE_EMPTY', {})
    return done(trx, agent, atMs, rows[0], before)
  })
}

/** One that waits, taken by its number. */
export function takeTicket(
  db: Kysely<Tables>,
  agent: string,
  number: string,
  atMs: number,
  before: Before<Changed>,
): Promise<TicketRow> {
  return db.transaction().execute(async (trx) => {
    await checkRoom(trx, agent)
    const { rows } = await sql<Listed>`
      update support.tickets t
      set assignee = ${agent}, assigned_kind = 'agent', assigned_agent = ${agent},
          assigned_at_ms = ${assignedNow(atMs)}
      where t.number = ${number} and t.state = 'open' and t.assignee is null and ${isActive(agent)}
        and t.queue in (select queue from support.members where agent = ${agent})
      returning ${COLUMNS_SQL}`.execute(trx)
    if (rows.length === 0) throw await refusal(trx, agent, number)
    return done(trx, agent, atMs, rows[0], before)
  })
}

/** One that is the agent's already, or was when it was closed. One that was merged is no more. */
export function reopenTicket(
  db: Kysely<Tables>,
  agent: string,
  number: string,
  atMs: number,
  before: Before<Changed>,
): Promise<TicketRow> {
  return db.transaction().execute(async (trx) => {
    const open = await trx
      .selectFrom('support.tickets')
      .select(COLUMNS)
      .where('number', '=', number)
      .where('assignee', '=', agent)
      .where('state', '=', 'open')
      .executeTakeFirst()
    if (open !== undefined) return rowOf(open)
    await checkRoom(trx, agent)
    const { rows } = await sql<Listed>`
      update support.tickets t
      set state = 'open', closed_at_ms = null, assigned_kind = 'agent', assigned_agent = ${agent},
          assigned_at_ms = ${assignedNow(atMs)}
      where t.number = ${number} and t.assignee = ${agent} and t.state = 'closed'
        and t.merged_into is null and ${isActive(agent)}
        and t.queue in (select queue from support.members where agent = ${agent})
      returning ${COLUMNS_SQL}`.execute(trx)
    if (rows.length === 0) throw new TelltaleError('TICKET_UNKNOWN', {})
    return done(trx, agent, atMs, rows[0], before)
  })
}

/** A new one of the agent's own making. */
export function openTicket(
  db: Kysely<Tables>,
  agent: string,
  ticket: NewTicket,
  atMs: number,
  before: Before<Changed>,
): Promise<TicketRow> {
  return db.transaction().execute(async (trx) => {
    await checkRoom(trx, agent)
    const queue = await queueFor(trx, agent, ticket.queue)
    const opened = await trx
      .insertInto('support.tickets')
      .values({
        ...ticket,
        queue,
        state: 'open',
        origin_kind: 'agent',
        origin_agent: agent,
        opened_at_ms: atMs,
        contact_at_ms: atMs,
        assignee: agent,
        assigned_kind: 'agent',
        assigned_agent: agent,
        assigned_at_ms: atMs,
      })
      .returning(COLUMNS)
      .executeTakeFirstOrThrow()
      .catch((error) => {
        // The customer is gone since they were found.
        if (brokenConstraint(error)?.includes('customer')) {
          throw new TelltaleError('HANDLE_ENDED', {})
        }
        throw error
      })
    return done(trx, agent, atMs, opened, before)
  })
}

/** The one they want, if it is one of theirs; without a wish the first. */
async function queueFor(trx: Trx, agent: string, wanted: string | null): Promise<string> {
  const queues = await trx
    .selectFrom('support.members')
    .select('queue')
    .where('agent', '=', agent)
    .where(isActive(agent))
    .orderBy('queue')
    .execute()
  if (queues.length === 0) throw new TelltaleError('QUEUE_NONE', {})
  const found = wanted === null ? queues[0] : queues.find(({ queue }) => queue === wanted)
  if (found === undefined) throw new TelltaleError('QUEUE_NOT_YOURS', {})
  return found.queue
}

async function done(
  trx: Trx,
  agent: string,
  atMs: number,
  ticket: Listed,
  before: Before<Changed>,
): Promise<TicketRow> {
  await tellOf(trx, atMs, ticket.number, [agent])
  await before(changedOf(ticket))
  return rowOf(ticket)
}
