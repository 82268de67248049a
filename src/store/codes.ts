/** Customer-present codes: counted per ticket, agent and customer; each attempt is used up before it is
 * looked at. */

import { type Kysely, type RawBuilder, sql } from 'kysely'
import { CODE_ATTEMPTS_MAX, CODES_PER_HOUR_MAX } from '../base/desk-limits.ts'
import { DAY_MS, HOUR_MS } from '../base/durations.ts'
import { TelltaleError } from '../base/errors.ts'
import { CODE_MISSES_PER_DAY_MAX, CODES_PER_AGENT_PER_HOUR_MAX } from '../base/ticket-limits.ts'
import type { CodeFor, CodeStore, KeptCode } from '../tickets/stores.ts'
import { tell } from './events.ts'
import type { Tables } from './tables.ts'
import type { Trx } from './tickets/change.ts'

/** Name the locks within which codes of one ticket, agent, customer are counted, taken in this order by
 * everybody, so that nobody waits in a ring. */
const LOCKS = { ticket: 7406, agent: 7407, customer: 7408 } as const

/** The codes of the schema `telltale`. */
export function createCodeStore(db: Kysely<Tables>): CodeStore {
  return {
    keep: (code, before) =>
      db.transaction().execute(async (trx) => {
        await checkCounts(trx, code)
        await trx.insertInto('telltale.codes').values(columnsOf(code)).execute()
        await before()
      }),

    spoil: async (id) => {
      await db
        .updateTable('telltale.codes')
        .set({ attempts: CODE_ATTEMPTS_MAX, expires_at_ms: sql`sent_at_ms` })
        .where('id', '=', id)
        .where('passed_at_ms', 'is', null)
        .execute()
    },

    live: async (of, atMs) => {
      const { rows } = await sql<{ sent_at_ms: number; expires_at_ms: number; attempts: number }>`
        select sent_at_ms, expires_at_ms, attempts from telltale.codes c
        where c.id = ${newest(of)} and ${isLive(atMs)}`.execute(db)
      if (rows.length === 0) return null
      const [{ sent_at_ms, expires_at_ms, attempts }] = rows
      return {
        sentAtMs: sent_at_ms,
        expiresAtMs: expires_at_ms,
        attemptsLeft: CODE_ATTEMPTS_MAX - attempts,
      }
    },

    attempt: async (of, atMs) => {
      const { rows } = await sql<{ id: string; code_hash: Uint8Array; attempts: number }>`
        update telltale.codes c set attempts = c.attempts + 1
        where c.id = ${newest(of)} and ${isLive(atMs)}
        returning id, code_hash, attempts`.execute(db)
      if (rows.length === 0) return null
      const [{ id, code_hash, attempts }] = rows
      return { id, codeHash: code_hash, left: CODE_ATTEMPTS_MAX - attempts }
    },

    pass: (id, atMs, before) =>
      db.transaction().execute(async (trx) => {
        const passed = await trx
          .updateTable('telltale.codes')
          .set({ passed_at_ms: atMs })
          .where('id', '=', id)
          .where('passed_at_ms', 'is', null)
          .where('expires_at_ms', '>', atMs)
          .returning(['ticket', 'agent'])
          .executeTakeFirst()
        if (passed === undefined) return false
        await tell(trx, { kind: 'ticket', atMs, ...passed })
        await before()
        return true
      }),

    isColleague: async (mail) => {
      const found = await db
        .selectFrom('telltale.agents')
        .select('id')
        .where(sql<boolean>`${mailbox(sql.ref('mail'))} = ${mailbox(sql.val(mail))}`)
        .executeTakeFirst()
      return found !== undefined
    },
  }
}

/** What comes after `+` reaches the same person. */
function mailbox(mail: RawBuilder<unknown>) {
  return sql`lower(regexp_replace(${mail}, '\\+[^@]*@', '@'))`
}

/** Only the newest code of an agent on a ticket can be read back. */
function newest({ ticket, agent, assignedAtMs }: CodeFor) {
  return sql`(
    select n.id from telltale.codes n
    where n.ticket = ${ticket} and n.agent = ${agent}
      and n.assigned_at_ms is not distinct from ${assignedAtMs}::bigint
    order by n.sent_at_ms desc, n.id desc limit 1)`
}

function isLive(atMs: number) {
  return sql`c.passed_at_ms is null and c.attempts < ${CODE_ATTEMPTS_MAX}
    and c.expires_at_ms > ${atMs}`
}

/** Throws CODE_TOO_MANY, exactly: who else sends to the same ticket or customer, or as the same agent,
 * waits until this one counts. */
async function checkCounts(trx: Trx, code: KeptCode): Promise<void> {
  for (const each of ['ticket', 'agent', 'customer'] as const) {
    await sql`select pg_advisory_xact_lock(hashtextextended(${code[each]}, ${LOCKS[each]}))`.execute(
      trx,
    )
  }
  const atMs = code.sentAtMs
  const limits = [
    { of: 'ticket', limit: CODES_PER_HOUR_MAX, what: 'three an hour for one ticket' },
    { of: 'customer', limit: CODES_PER_HOUR_MAX, what: 'three an hour for one customer' },
    {
      of: 'agent',
      limit: CODES_PER_AGENT_PER_HOUR_MAX,
      what: `${CODES_PER_AGENT_PER_HOUR_MAX} an hour for one agent`,
    },
  ] as const
  for (const { of, limit, what } of limits) {
    const sent = await sentSince(trx, of, code[of], atMs - HOUR_MS)
    if (sent.count >= limit) throw tooMany(what, sent.first + HOUR_MS - atMs)
  }
  const missed = await missesSince(trx, code.agent, atMs - DAY_MS)
  if (missed.count >= CODE_MISSES_PER_DAY_MAX) {
    const what = `${missed.count} wrong ones in a day`
    throw tooMany(what, missed.first + DAY_MS - atMs)
  }
}

async function sentSince(
  trx: Trx,
  of: 'ticket' | 'agent' | 'customer',
  id: string,
  sinceMs: number,
): Promise<{ count: number; first: number }> {
  return await trx
    .selectFrom('telltale.codes')
    .select(({ fn }) => [
      fn.countAll<number>().as('count'),
      sql<number>`coalesce(min(sent_at_ms), 0)`.as('first'),
    ])
    .where(of, '=', id)
    .where('sent_at_ms', '>', sinceMs)
    .executeTakeFirstOrThrow()
}

/** The attempt that passed was no miss. */
async function missesSince(
  trx: Trx,
  agent: string,
  sinceMs: number,
): Promise<{ count: number; first: number }> {
  return await trx
    .selectFrom('telltale.codes')
    .select([
      sql<number>`coalesce(sum(attempts - (passed_at_ms is not null)::int), 0)::int`.as('count'),
      sql<number>`coalesce(min(sent_at_ms), 0)`.as('first'),
    ])
    .where('agent', '=', agent)
    .where('sent_at_ms', '>', sinceMs)
    .where(sql<boolean>`expires_at_ms > sent_at_ms`)
    .where('attempts', '>', 0)
    .executeTakeFirstOrThrow()
}

function tooMany(what: string, waitMs: number): TelltaleError {
  return new TelltaleError('CODE_TOO_MANY', {
    what,
    minutes: Math.max(1, Math.ceil(waitMs / 60_000)),
  })
}

function columnsOf(code: KeptCode) {
  return {
    id: code.id,
    ticket: code.ticket,
    customer: code.customer,
    agent: code.agent,
    assigned_at_ms: code.assignedAtMs,
    field: code.field,
    code_hash: code.codeHash,
    sent_at_ms: code.sentAtMs,
    expires_at_ms: code.expiresAtMs,
  }
}
