/** Replies on their way: the table `telltale.outbox`. */

import { type Kysely, sql } from 'kysely'
import { HOUR_MS } from '../base/durations.ts'
import { TelltaleError } from '../base/errors.ts'
import {
  MAILS_NAMED_MAX,
  REPLIES_PER_HOUR_MAX,
  REPLY_LEASE_MS,
  REPLY_RETRY_MS,
} from '../base/ticket-limits.ts'
import type { DueReply, OutboxStore } from '../tickets/stores.ts'
import { tell } from './events.ts'
import type { Tables } from './tables.ts'
import type { Trx } from './tickets/change.ts'

/** Names the lock within which one agent's replies are counted, one after another. */
const WRITING = 7410

const ATTEMPTS_MAX = REPLY_RETRY_MS.length + 1

/** Why a reply failed whose last attempt ended with its process. */
const INTERRUPTED = 'INTERRUPTED'

/** Sends replies from the outbox. */
export function createOutboxStore(db: Kysely<Tables>): OutboxStore {
  return {
    take: (atMs) =>
      db.transaction().execute(async (trx) => {
        for (let due = await dueIn(trx, atMs); due !== null; due = await dueIn(trx, atMs)) {
          if (due.attempts < ATTEMPTS_MAX) return begun(trx, due, atMs)
          const why = due.lastError ?? INTERRUPTED
          await settle(trx, due.message, { state: 'failed', last_error_class: why }, atMs)
        }
        return null
      }),

    sent: (message, atMs) =>
      db.transaction().execute(async (trx) => {
        await settle(trx, message, { state: 'sent', last_error_class: null }, atMs)
      }),

    notSent: ({ message, attempt }, why, nextAtMs, atMs) =>
      db.transaction().execute(async (trx) => {
        const { numAffectedRows } = await sql`
          update telltale.outbox
          set last_error_class = ${why}, next_at_ms = ${nextAtMs ?? atMs}
          where message = ${message} and state = 'queued' and attempts = ${attempt}`.execute(trx)
        if (numAffectedRows !== 1n || nextAtMs !== null) return
        await settle(trx, message, { state: 'failed' }, atMs)
      }),
  }
}

interface Due {
  readonly message: string
  readonly attempts: number
  readonly lastError: string | null
}

/** Passes over what others are taking right now. */
async function dueIn(trx: Trx, atMs: number): Promise<Due | null> {
  const { rows } = await sql<Due>`
    select message::text as message, attempts, last_error_class as "lastError" from telltale.outbox
    where state = 'queued' and next_at_ms <= ${atMs}
    order by next_at_ms, message limit 1 for update skip locked`.execute(trx)
  return rows[0] ?? null
}

async function begun(trx: Trx, { message }: Due, atMs: number): Promise<DueReply> {
  const { rows } = await sql<Omit<DueReply, 'earlier'>>`
    update telltale.outbox o
    set attempts = o.attempts + 1, next_at_ms = ${atMs + REPLY_LEASE_MS}
    from support.messages m join support.tickets t on t.number = m.ticket
    where o.message = ${message} and m.id = o.message
    returning o.message::text as message, t.number as ticket, t.customer, t.topic, m.body,
      o.message_id_header as "mailId", o.attempts as attempt`.execute(trx)
  const [reply] = rows
  return { ...reply, earlier: await earlierThan(trx, reply) }
}

/** Mails of the conversation that the customer has: theirs, and those of ours that were sent. */
async function earlierThan(
  trx: Trx,
  { ticket, message }: Pick<DueReply, 'ticket' | 'message'>,
): Promise<DueReply['earlier']> {
  const { rows } = await sql<DueReply['earlier'][number]>`
    select coalesce(m.mail_id, o.message_id_header) as "mailId", m.mail_id is not null as "isTheirs"
    from support.messages m left join telltale.outbox o on o.message = m.id and o.state = 'sent'
    where m.ticket = ${ticket} and m.id < ${message}
      and (m.mail_id is not null or o.message is not null)
    order by m.id desc limit ${MAILS_NAMED_MAX}`.execute(trx)
  return rows.reverse()
}

type Settled = { readonly state: 'sent' | 'failed'; readonly last_error_class?: string | null }

/** The last that happens to a reply; whoever has its ticket is told to look again. */
async function settle(trx: Trx, message: string, to: Settled, atMs: number): Promise<void> {
  await trx.updateTable('telltale.outbox').set(to).where('message', '=', Number(message)).execute()
  const found = await trx
    .selectFrom('support.messages as m')
    .innerJoin('support.tickets as t', 't.number', 'm.ticket')
    .select(['t.number', 't.assignee'])
    .where('m.id', '=', Number(message))
    .executeTakeFirst()
  if (!found?.assignee) return
  await tell(trx, { kind: 'ticket', atMs, agent: found.assignee, ticket: found.number })
}

/** A place for a message's mail. Throws MESSAGES_TOO_MANY. */
export async function putIntoOutbox(
  trx: Trx,
  agent: string,
  message: number,
  mailId: string,
  atMs: number,
): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${agent}, ${WRITING}))`.execute(trx)
  const { rows } = await sql<{ count: number; oldest: number | null }>`
    select count(*) as count, min(queued_at_ms) as oldest from telltale.outbox
    where agent = ${agent} and queued_at_ms > ${atMs - HOUR_MS}`.execute(trx)
  const [{ count, oldest }] = rows
  if (count >= REPLIES_PER_HOUR_MAX) {
    const minutes = Math.max(1, Math.ceil(((oldest ?? atMs) + HOUR_MS - atMs) / 60_000))
    throw new TelltaleError('MESSAGES_TOO_MANY', { limit: REPLIES_PER_HOUR_MAX, minutes })
  }
  await trx
    .insertInto('telltale.outbox')
    .values({
      message,
      agent,
      state: 'queued',
      queued_at_ms: atMs,
      next_at_ms: atMs,
      message_id_header: mailId,
    })
    .execute()
}
