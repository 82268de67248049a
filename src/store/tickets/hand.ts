/** Handing a ticket on, ending it, joining two, writing on it. */
import { type Kysely, sql } from 'kysely'
import { TelltaleError } from '../../base/errors.ts'
import { type Grounded, lowerGrounds } from '../../tickets/grounds.ts'
import type { Before, Changed, Closed, NewMessage } from '../../tickets/stores.ts'
import { putIntoOutbox } from '../outbox.ts'
import type { Tables } from '../tables.ts'
import {
  assignedNow,
  COLUMNS_SQL,
  changedOf,
  isActive,
  type Listed,
  refusal,
  type Trx,
  tellOf,
} from './change.ts'

/** To another member of the ticket's queue, by whoever has it or leads. */
export function assignTicket(
  db: Kysely<Tables>,
  agent: string,
  number: string,
  to: string,
  atMs: number,
  before: Before<Changed>,
): Promise<void> {
  return db.transaction().execute(async (trx) => {
    const found = await mayAssign(trx, agent, number)
    if (found === null) throw await refusal(trx, agent, number)
    const { rows } = await sql<{ giver: string }>`
      select case when a.person = me.person then a.id else me.id end as giver
      from telltale.agents a
      join support.members m on m.agent = a.id and m.queue = ${found.queue}
      join telltale.agents me on me.id = ${agent}
      where a.id = ${to} and a.status = 'active' and a.kind = 'person'`.execute(trx)
    if (rows.length === 0) throw new TelltaleError('ASSIGNEE_UNKNOWN', {})
    // Whoever gives a ticket to an account of their own took it.
    await sql`
      update support.tickets t
      set assignee = ${to}, assigned_kind = 'agent', assigned_agent = ${rows[0].giver},
          assigned_at_ms = ${assignedNow(atMs)}
      where t.number = ${number}`.execute(trx)
    await tellOf(trx, atMs, number, [found.assignee, to])
    await before(changedOf(found))
  })
}

/** Locks the ticket if it is the agent's, somebody's of the team they lead, or waits in their queue and
 * they lead; null otherwise. */
async function mayAssign(trx: Trx, agent: string, number: string): Promise<Listed | null> {
  const { rows } = await sql<Listed>`
    select ${COLUMNS_SQL}
    from support.tickets t
    join telltale.agents me on me.id = ${agent} and me.status = 'active'
    where t.number = ${number} and t.state = 'open' and (
      t.assignee = me.id
      or 'lead' = any (me.roles) and case
        when t.assignee is null then exists (
          select from support.members m where m.queue = t.queue and m.agent = me.id)
        else exists (
          select from telltale.agents a where a.id = t.assignee and a.team = me.team) end)
    for update of t`.execute(trx)
  return rows[0] ?? null
}

/** It keeps its assignee, who alone may reopen it. */
export function closeTicket(
  db: Kysely<Tables>,
  agent: string,
  number: string,
  atMs: number,
  before: Before<Closed>,
): Promise<void> {
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql<Listed & { contacted: boolean }>`
      update support.tickets t set state = 'closed', closed_at_ms = ${atMs}
      where t.number = ${number} and t.assignee = ${agent} and t.state = 'open'
        and ${isActive(agent)}
      returning ${COLUMNS_SQL}, exists (
        select from support.messages m where m.ticket = t.number and m.direction = 'out'
          and m.at_ms >= t.assigned_at_ms and not exists (
            select from telltale.outbox o where o.message = m.id and o.state = 'failed')) as contacted`.execute(
      trx,
    )
    if (rows.length === 0) throw await refusal(trx, agent, number)
    await tellOf(trx, atMs, number, [agent])
    await before({ ...changedOf(rows[0]), isContacted: rows[0].contacted })
  })
}

type Mergeable = Listed & {
  origin_kind: Grounded['originKind']
  origin_agent: string | null
  assigned_kind: Grounded['assignedKind']
  assigned_agent: string | null
}

/** The first is closed and its messages go to the second, which keeps the lower grounds. */
export function mergeTickets(
  db: Kysely<Tables>,
  agent: string,
  number: string,
  into: string,
  atMs: number,
  before: Before<Changed>,
): Promise<void> {
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql<Mergeable>`
      select ${COLUMNS_SQL}, t.origin_kind, t.assigned_kind,
        ${asReader(agent, 'origin_agent')} as origin_agent,
        ${asReader(agent, 'assigned_agent')} as assigned_agent
      from support.tickets t
      where t.number in (${number}, ${into}) and t.assignee = ${agent} and t.state = 'open'
        and ${isActive(agent)}
      order by t.number for update of t`.execute(trx)
    const goes = rows.find((row) => row.number === number)
    const stays = rows.find((row) => row.number === into)
    if (goes === undefined) throw await refusal(trx, agent, number)
    if (stays === undefined) throw await refusal(trx, agent, into)
    if (goes === stays || goes.customer !== stays.customer) {
      throw new TelltaleError('TICKETS_DIFFER', {})
    }
    await join(trx, goes, stays, agent, atMs)
    await tellOf(trx, atMs, into, [agent])
    await before(changedOf(goes))
  })
}

/** Another account of the reader's own person is the reader. */
function asReader(agent: string, column: 'origin_agent' | 'assigned_agent') {
  return sql`case when exists (
    select from telltale.agents a join telltale.agents me on me.person = a.person
    where a.id = t.${sql.ref(column)} and me.id = ${agent}) then ${agent} else t.${sql.ref(column)} end`
}

async function join(trx: Trx, goes: Mergeable, stays: Mergeable, agent: string, atMs: number) {
  const kept = lowerGrounds(groundedOf(stays), groundedOf(goes), agent)
  await trx
    .updateTable('support.tickets')
    .set({
      origin_kind: kept.originKind,
      origin_agent: kept.originAgent,
      assigned_kind: kept.assignedKind,
      assigned_agent: kept.assignedAgent,
      contact_at_ms: kept.contactAtMs,
    })
    .where('number', '=', stays.number)
    .execute()
  await trx
    .updateTable('support.messages')
    .set({ ticket: stays.number })
    .where('ticket', '=', goes.number)
    .execute()
  await trx
    .updateTable('support.tickets')
    .set({ state: 'closed', closed_at_ms: atMs, merged_into: stays.number })
    .where('number', '=', goes.number)
    .execute()
}

function groundedOf(row: Mergeable): Grounded {
  return {
    originKind: row.origin_kind,
    originAgent: row.origin_agent,
    assignedKind: row.assigned_kind,
    assignedAgent: row.assigned_agent,
    contactAtMs: row.contact_at_ms,
  }
}

/** Only while it is open and the agent's. */
export function writeMessage(
  db: Kysely<Tables>,
  agent: string,
  number: string,
  message: NewMessage,
): Promise<void> {
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ id: number }>`
      insert into support.messages (ticket, at_ms, direction, author, body)
      select t.number, ${message.atMs}, ${message.direction}, ${message.author}, ${message.body}
      from support.tickets t
      where t.number = ${number} and t.assignee = ${agent} and t.state = 'open'
        and ${isActive(agent)}
      for share of t
      returning id`.execute(trx)
    if (rows.length === 0) throw await refusal(trx, agent, number)
    if (message.mailId !== null) {
      await putIntoOutbox(trx, agent, rows[0].id, message.mailId, message.atMs)
    }
    await tellOf(trx, message.atMs, number, [agent])
  })
}
