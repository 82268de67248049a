/** Listing our own tickets: nothing of a customer. */
import { type Kysely, sql } from 'kysely'
import type { TicketBoard } from '../../tickets/stores.ts'
import type { Tables } from '../tables.ts'
import { COLUMNS, rowOf } from './change.ts'

/** Since when a ticket waits: who writes twice does not lose their place, and who comes back after
 * somebody had served them waits since then. */
export const SINCE = sql<number>`case when t.assigned_at_ms is null then t.opened_at_ms else t.contact_at_ms end`

/** The tickets of the schema `support`. */
export function createTicketBoard(db: Kysely<Tables>): TicketBoard {
  return {
    mine: async (agent, after, limit) => {
      let query = db
        .selectFrom('support.tickets')
        .select(COLUMNS)
        .where('assignee', '=', agent)
        .where('state', '=', 'open')
      if (after !== null) {
        const place = sql`(${-after.priority}::int, ${after.contactAtMs}::bigint, ${after.number}::text)`
        query = query.where(sql<boolean>`(-priority, contact_at_ms, number) > ${place}`)
      }
      const rows = await query
        .orderBy('priority', 'desc')
        .orderBy('contact_at_ms')
        .orderBy('number')
        .limit(limit)
        .execute()
      return rows.map(rowOf)
    },

    waiting: async (agent) => {
      const { rows } = await sql<{ queue: string; count: number; oldest: number | null }>`
        select m.queue, count(t.number) as count, min(${SINCE}) as oldest
        from support.members m
        left join support.tickets t on t.queue = m.queue and t.state = 'open' and t.assignee is null
        where m.agent = ${agent}
        group by m.queue order by m.queue`.execute(db)
      return rows.map(({ queue, count, oldest }) => ({ queue, count, oldestAtMs: oldest }))
    },

    row: async (agent, number) => {
      const found = await db
        .selectFrom('support.tickets')
        .select(COLUMNS)
        .where('number', '=', number)
        .where('assignee', '=', agent)
        .executeTakeFirst()
      return found === undefined ? null : rowOf(found)
    },

    openOf: async (agent, customers) => {
      const { rows } = await sql<{ customer: string; number: string }>`
        select distinct on (customer) customer, number from support.tickets
        where assignee = ${agent} and state = 'open' and customer = any (${customers}::text[])
        order by customer, opened_at_ms desc, number`.execute(db)
      return new Map(rows.map(({ customer, number }) => [customer, number]))
    },
  }
}
