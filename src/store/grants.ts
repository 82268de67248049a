/** Exceptions in the database. Each change is one transaction, in which the log is told last. */

import { type Kysely, type RawBuilder, sql } from 'kysely'
import { GRANT_WAIT_MS } from '../base/desk-limits.ts'
import { MINUTE_MS } from '../base/durations.ts'
import { TelltaleError } from '../base/errors.ts'
import type { Before, GrantPlace, GrantRow, GrantStore, Weighed } from '../grants/stores.ts'
import type { Caller } from '../guard/facts.ts'
import { tell } from './events.ts'
import type { Db } from './facts.ts'
import { rankOf, readAskHabit, readDecideHabit, readPresent } from './grants/people.ts'
import { grantOf, type Row } from './grants/rows.ts'
import { weigh } from './grants/weigh.ts'
import type { Tables } from './tables.ts'

/** Names the locks within which a person asks, and decides: one after the other. */
const ASKING = 7407
const DECIDING = 7408

/** The grants of the schema `telltale`. */
export function grantStore(db: Kysely<Tables>): GrantStore {
  return { ...createReads(db), ...createUses(db), ...createJudgements(db) }
}

function createReads(db: Db): Pick<GrantStore, 'one' | 'mine' | 'pending'> {
  return {
    one: (id) => oneWhere(db, sql`g.id = ${id}`),

    mine: (agent, after, limit) =>
      select(
        db,
        sql`g.agent = ${agent}${afterwards(after, '<')}
            order by g.asked_at_ms desc, g.id desc limit ${limit}`,
      ),

    pending: async (caller, { files, rankBelow, reviews }, after, limit, atMs) => {
      const habit = await readDecideHabit(db, caller, atMs)
      const waits = sql`g.state = 'asked' and g.asked_at_ms > ${atMs - GRANT_WAIT_MS}
        and (${files} or g.kind <> 'export') and ${rankOf(sql`g.person`)} < ${rankBelow}`
      const unreviewed = sql`${reviews} and g.emergency and g.reviewed_at_ms is null`
      const { person } = habit.agent
      const where = sql`g.person <> ${person} and (${waits} or ${unreviewed})${afterwards(after, '>')}
        order by g.asked_at_ms, g.id limit ${limit}`
      return { habit, grants: await weigh(db, person, atMs, where) }
    },
  }
}

function createUses(db: Db): Pick<GrantStore, 'ask' | 'end'> {
  return {
    ask: (caller, grant, atMs, check, before) =>
      db.transaction().execute(async (trx) => {
        await lock(trx, ASKING, caller)
        const habit = await readAskHabit(trx, caller, atMs)
        check(habit)
        const { agent } = habit
        await trx
          .insertInto('telltale.grants')
          .values({
            id: grant.id,
            kind: grant.kind,
            agent: agent.id,
            person: agent.person,
            reason: grant.reason,
            text: grant.text,
            ticket: grant.ticket,
            customers: [...grant.customers],
            fields: [...grant.fields],
            extra: grant.extra,
            minutes: grant.minutes,
            emergency: grant.emergency,
            state: grant.emergency ? 'approved' : 'asked',
            asked_at_ms: atMs,
            live_from_ms: grant.liveFromMs,
            live_until_ms: grant.liveUntilMs,
          })
          .execute()
        return done(trx, grant.id, atMs, before)
      }),

    end: (caller, id, atMs, check, before) =>
      db.transaction().execute(async (trx) => {
        await locked(trx, id)
        check(await readPresent(trx, caller, atMs), await oneWhere(trx, sql`g.id = ${id}`))
        const { rowCount } = await counted(
          trx,
          sql`update telltale.grants set state = 'ended', ended_at_ms = ${atMs}
              where id = ${id} and (state = 'asked' or state = 'approved' and live_until_ms > ${atMs})`,
        )
        if (rowCount !== 1n) throw decided()
        return done(trx, id, atMs, before)
      }),
  }
}

function createJudgements(db: Db): Pick<GrantStore, 'decide' | 'review'> {
  return {
    decide: (caller, id, { approve, text }, atMs, check, before) =>
      db.transaction().execute(async (trx) => {
        const { habit, weighed } = await judged(trx, caller, id, atMs)
        check(habit, weighed)
        const { numUpdatedRows } = await trx
          .updateTable('telltale.grants')
          .set({
            state: approve ? 'approved' : 'denied',
            decided_by: habit.agent.id,
            decided_person: habit.agent.person,
            decided_at_ms: atMs,
            decision_text: text,
            live_from_ms: approve ? atMs : null,
            live_until_ms: approve ? sql`${atMs}::bigint + minutes * ${MINUTE_MS}::bigint` : null,
          })
          .where('id', '=', id)
          .where('state', '=', 'asked')
          .where('asked_at_ms', '>', atMs - GRANT_WAIT_MS)
          .executeTakeFirst()
        if (numUpdatedRows !== 1n) throw decided()
        return done(trx, id, atMs, before)
      }),

    review: (caller, id, { verdict, text }, atMs, check, before) =>
      db.transaction().execute(async (trx) => {
        const { habit, weighed } = await judged(trx, caller, id, atMs)
        check(habit, weighed)
        const isOver = verdict === 'wrong' && weighed?.state === 'approved'
        const { numUpdatedRows } = await trx
          .updateTable('telltale.grants')
          .set({
            review: verdict,
            review_text: text,
            reviewed_by: habit.agent.id,
            reviewed_at_ms: atMs,
            ...(isOver && { state: 'ended', ended_at_ms: atMs }),
          })
          .where('id', '=', id)
          .where('reviewed_at_ms', 'is', null)
          .executeTakeFirst()
        if (numUpdatedRows !== 1n) throw decided()
        return done(trx, id, atMs, before)
      }),
  }
}

async function select(db: Db, where: RawBuilder<unknown>): Promise<GrantRow[]> {
  const { rows } = await sql<Row>`
    select g.*, a.name as agent_name
    from telltale.grants g left join telltale.agents a on a.id = g.agent
    where ${where}`.execute(db)
  return rows.map(grantOf)
}

async function oneWhere(db: Db, where: RawBuilder<unknown>): Promise<GrantRow | null> {
  return (await select(db, where))[0] ?? null
}

function afterwards(after: GrantPlace | null, sign: '<' | '>'): RawBuilder<unknown> {
  if (after === null) return sql``
  return sql` and (g.asked_at_ms, g.id) ${sql.raw(sign)} (${after.askedAtMs}, ${after.id})`
}

/** Whoever decides, and what on: neither changes until the transaction ends. */
async function judged(trx: Db, caller: Caller, id: string, atMs: number) {
  await lock(trx, DECIDING, caller)
  await locked(trx, id)
  const habit = await readDecideHabit(trx, caller, atMs)
  const [weighed]: (Weighed | undefined)[] = await weigh(
    trx,
    habit.agent.person,
    atMs,
    sql`g.id = ${id}`,
  )
  return { habit, weighed: weighed ?? null }
}

/** By person: two accounts of one are counted together. */
async function lock(trx: Db, what: number, { agent }: Caller): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(
    coalesce((select person from telltale.agents where id = ${agent.id}), ''), ${what}))`.execute(
    trx,
  )
}

async function locked(trx: Db, id: string): Promise<void> {
  await sql`select from telltale.grants where id = ${id} for update`.execute(trx)
}

async function counted(trx: Db, statement: RawBuilder<unknown>): Promise<{ rowCount: bigint }> {
  const { numAffectedRows } = await statement.execute(trx)
  return { rowCount: numAffectedRows ?? 0n }
}

/** Tells whoever it concerns, and the log last of all. */
async function done(
  trx: Db,
  id: string,
  atMs: number,
  before: Before<GrantRow>,
): Promise<GrantRow> {
  const grant = await oneWhere(trx, sql`g.id = ${id}`)
  if (grant === null) throw decided()
  await tell(trx, { kind: 'grant', atMs, agent: grant.agent, grant: id })
  await tell(trx, { kind: 'request', atMs, agent: null, grant: id })
  if (grant.kind === 'budget') await tell(trx, { kind: 'budget', atMs, agent: grant.agent })
  await before(grant)
  return grant
}

function decided(): TelltaleError {
  return new TelltaleError('GRANT_DECIDED', { why: 'somebody was quicker, or it is over' })
}
