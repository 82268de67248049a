/** Sessions in the database. */
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Bound, SessionStore } from '../../identity/stores.ts'
import { brokenConstraint } from '../faults.ts'
import type { Tables } from '../tables.ts'
import { AGENT_COLUMNS, agentOf, SESSION_COLUMNS, sessionOf } from './rows.ts'

/** One after the other, even where one device binds several at once. */
const BIND_ATTEMPTS = 8

/** Whoever adds a session holds the agent's row shared, whoever suspends holds it alone: so a
 * suspension sees every session, or the session sees the suspension. */
export function createSessionStore(db: Kysely<Tables>): SessionStore {
  const known = () =>
    db
      .selectFrom('telltale.sessions as s')
      .innerJoin('telltale.agents as a', 'a.id', 's.agent')
      .select(SESSION_COLUMNS)
      .select(AGENT_COLUMNS)
  const live = (id: string) =>
    db.updateTable('telltale.sessions').where('id', '=', id).where('ended_at_ms', 'is', null)
  const read = async (query: ReturnType<typeof known>) => {
    const row = await query.executeTakeFirst()
    return row ? { session: sessionOf(row), agent: agentOf(row, row.a_id) } : null
  }
  const isOne = ({ numUpdatedRows }: { numUpdatedRows: bigint }) => numUpdatedRows === 1n

  return {
    async agent(id) {
      const query = db.selectFrom('telltale.agents as a').select(AGENT_COLUMNS)
      const row = await query.where('a.id', '=', id).executeTakeFirst()
      return row ? agentOf(row, id) : null
    },
    add: (session, method, secretHash, liveMax) =>
      db.transaction().execute(async (tx) => {
        const row = await tx
          .selectFrom('telltale.agents as a')
          .select(AGENT_COLUMNS)
          .where('a.id', '=', session.agent)
          .where('a.status', '=', 'active')
          .forNoKeyUpdate()
          .executeTakeFirst()
        if (!row) return null
        await endBeyond(tx, session.agent, liveMax - 1, session.createdAtMs)
        await tx
          .insertInto('telltale.sessions')
          .values({
            id: session.id,
            secret_hash: secretHash,
            agent: session.agent,
            method,
            created_at_ms: session.createdAtMs,
            seen_at_ms: session.createdAtMs,
            expires_at_ms: session.expiresAtMs,
            step_up_at_ms: session.stepUpAtMs,
          })
          .execute()
        return agentOf(row, row.a_id)
      }),
    find: (secretHash) => read(known().where('s.secret_hash', '=', secretHash)),
    byId: (id) => read(known().where('s.id', '=', id)),
    bind: (id, device, key, atMs) => bindOnce(db, id, device, JSON.stringify(key), atMs),
    touch: async (id, seenAtMs) =>
      isOne(
        await live(id)
          // A clock that was set back makes no session older than it is.
          .set({ seen_at_ms: sql`greatest(seen_at_ms, ${seenAtMs}::bigint)` })
          .executeTakeFirst(),
      ),
    stepUp: async (id, atMs) =>
      isOne(await live(id).set({ step_up_at_ms: atMs }).executeTakeFirst()),
    async list(agent, limit) {
      const query = db.selectFrom('telltale.sessions as s').select(SESSION_COLUMNS)
      const newest = query.where('s.agent', '=', agent).orderBy('s.created_at_ms', 'desc')
      return (await newest.limit(limit).execute()).map(sessionOf)
    },
    end: async (id, atMs, why) =>
      isOne(await live(id).set({ ended_at_ms: atMs, ended_why: why }).executeTakeFirst()),
    endAll: (agent, exceptId, atMs, why) => endAll(db, agent, exceptId, atMs, why),
  }
}

/** Ends every session of an agent but one; answers how many. */
export async function endAll(
  db: Kysely<Tables>,
  agent: string,
  exceptId: string | null,
  atMs: number,
  why: string,
): Promise<number> {
  const query = db
    .updateTable('telltale.sessions')
    .set({ ended_at_ms: atMs, ended_why: why })
    .where('agent', '=', agent)
    .where('ended_at_ms', 'is', null)
    .where('expires_at_ms', '>', atMs)
  const but = exceptId === null ? query : query.where('id', '<>', exceptId)
  return Number((await but.executeTakeFirst()).numUpdatedRows)
}

/** Tries again where another session of the same device was bound at the same time. */
async function bindOnce(
  db: Kysely<Tables>,
  id: string,
  device: string,
  key: string,
  atMs: number,
  attempts = BIND_ATTEMPTS,
): Promise<Bound> {
  try {
    return await db.transaction().execute((tx) => bindIn(tx, id, device, key, atMs))
  } catch (error) {
    if (brokenConstraint(error) !== 'sessions_device' || attempts === 1) throw error
    return bindOnce(db, id, device, key, atMs, attempts - 1)
  }
}

async function bindIn(
  tx: Transaction<Tables>,
  id: string,
  device: string,
  key: string,
  atMs: number,
): Promise<Bound> {
  const row = await tx
    .selectFrom('telltale.sessions')
    .select(['device', 'ended_at_ms'])
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
  if (!row || row.ended_at_ms !== null) return { device: null, ended: [] }
  if (row.device !== null) return { device: row.device, ended: [] }
  const others = await tx
    .updateTable('telltale.sessions as s')
    .set({ ended_at_ms: atMs, ended_why: 'signed-in-again' })
    .where('device', '=', device)
    .where('ended_at_ms', 'is', null)
    .returning(SESSION_COLUMNS)
    .execute()
  await tx
    .updateTable('telltale.sessions')
    .set({ device, device_key: key })
    .where('id', '=', id)
    .execute()
  return { device, ended: others.map(sessionOf) }
}

/** Leaves the newest `kept` sessions of an agent. */
async function endBeyond(
  tx: Transaction<Tables>,
  agent: string,
  kept: number,
  atMs: number,
): Promise<void> {
  const live = tx
    .selectFrom('telltale.sessions')
    .select('id')
    .where('agent', '=', agent)
    .where('ended_at_ms', 'is', null)
    .where('expires_at_ms', '>', atMs)
  const oldest = live.orderBy('created_at_ms', 'desc').orderBy('id').offset(kept)
  await tx
    .updateTable('telltale.sessions')
    .set({ ended_at_ms: atMs, ended_why: 'too-many' })
    .where('id', 'in', oldest)
    .execute()
}
