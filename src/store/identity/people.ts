/** Agents, teams and rosters in the database. */
import type { Kysely } from 'kysely'
import type { PersonSpec } from '../../identity/ports.ts'
import type { PeopleStore, RosterStore } from '../../identity/stores.ts'
import { brokenConstraint } from '../faults.ts'
import type { Tables } from '../tables.ts'
import { personOf } from './rows.ts'
import { endAll } from './sessions.ts'

/** What each constraint that may break says. */
const BROKEN = {
  agents_external_id_key: 'external-id-taken',
  agents_pseudonym_key: 'pseudonym-taken',
  agents_team_fkey: 'team-unknown',
} as const

/** People of one desk. */
export function createPeopleStore(db: Kysely<Tables>): PeopleStore {
  const agents = () => db.selectFrom('telltale.agents').selectAll()
  return {
    async agent(id) {
      const row = await agents().where('id', '=', id).executeTakeFirst()
      return row ? personOf(row) : null
    },
    async list(after, limit) {
      const query = agents().orderBy('id').limit(limit)
      const rows = await (after === null ? query : query.where('id', '>', after)).execute()
      return rows.map(personOf)
    },
    teams: () => db.selectFrom('telltale.teams').select(['id', 'name']).orderBy('id').execute(),
    async putTeam({ id, name }, atMs) {
      await db
        .insertInto('telltale.teams')
        .values({ id, name, created_at_ms: atMs })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ name }))
        .execute()
    },
    async ownerOf(externalId) {
      const row = await agents().where('external_id', '=', externalId).executeTakeFirst()
      return row?.id ?? null
    },
    async put(spec, pseudonym, atMs) {
      try {
        await write(db, spec, pseudonym, atMs)
        return 'done'
      } catch (error) {
        const constraint = brokenConstraint(error) as keyof typeof BROKEN | null
        const broken = constraint && BROKEN[constraint]
        if (broken) return broken
        throw error
      }
    },
    suspend: (id, atMs, why) =>
      db.transaction().execute(async (tx) => {
        const before = await tx
          .selectFrom('telltale.agents')
          .select('status')
          .where('id', '=', id)
          .forNoKeyUpdate()
          .executeTakeFirst()
        if (!before) return null
        const wasActive = before.status === 'active'
        if (wasActive)
          await tx
            .updateTable('telltale.agents')
            .set({ status: 'suspended', suspended_at_ms: atMs, changed_at_ms: atMs })
            .where('id', '=', id)
            .execute()
        return { wasActive, sessions: await endAll(tx, id, null, atMs, why) }
      }),
    async resume(id, atMs) {
      await db
        .updateTable('telltale.agents')
        .set({ status: 'active', suspended_at_ms: null, changed_at_ms: atMs })
        .where('id', '=', id)
        .execute()
    },
  }
}

/** A person once given stays: of two who make the same agent at once, the second changes the rest. */
async function write(
  db: Kysely<Tables>,
  spec: PersonSpec,
  pseudonym: string,
  atMs: number,
): Promise<void> {
  const { name, mail, team } = spec
  const changing = { name, mail, team, roles: [...spec.roles], external_id: spec.externalId }
  await db
    .insertInto('telltale.agents')
    .values({
      ...changing,
      id: spec.id,
      person: spec.person,
      pseudonym,
      kind: 'person',
      status: 'active',
      created_at_ms: atMs,
      changed_at_ms: atMs,
    })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet({ ...changing, changed_at_ms: atMs }),
    )
    .execute()
}

/** Rows of one statement: each has three parameters, of which PostgreSQL takes 65,535. */
const ROWS_AT_ONCE = 10_000

/** Rosters of one desk. */
export function createRosterStore(db: Kysely<Tables>): RosterStore {
  return {
    async known(agents) {
      const query = db.selectFrom('telltale.agents').select('id')
      const rows = await query.where('id', 'in', [...agents, '']).execute()
      return rows.map(({ id }) => id)
    },
    put: (duties) =>
      db.transaction().execute(async (tx) => {
        for (const [agent, { fromMs, toMs }] of spansOf(duties))
          await tx
            .deleteFrom('telltale.rosters')
            .where('agent', '=', agent)
            .where('starts_at_ms', '<', toMs)
            .where('ends_at_ms', '>', fromMs)
            .execute()
        const rows = duties.map(({ agent, startsAtMs, endsAtMs }) => ({
          agent,
          starts_at_ms: startsAtMs,
          ends_at_ms: endsAtMs,
        }))
        for (let at = 0; at < rows.length; at += ROWS_AT_ONCE)
          await tx
            .insertInto('telltale.rosters')
            .values(rows.slice(at, at + ROWS_AT_ONCE))
            .execute()
      }),
    async between(agent, fromMs, toMs) {
      const rows = await db
        .selectFrom('telltale.rosters')
        .selectAll()
        .where('agent', '=', agent)
        .where('starts_at_ms', '<=', toMs)
        .where('ends_at_ms', '>=', fromMs)
        .execute()
      return rows.map((row) => ({
        agent,
        startsAtMs: row.starts_at_ms,
        endsAtMs: row.ends_at_ms,
      }))
    },
  }
}

function spansOf(duties: Parameters<RosterStore['put']>[0]) {
  const spans = new Map<string, { fromMs: number; toMs: number }>()
  for (const { agent, startsAtMs, endsAtMs } of duties) {
    const { fromMs, toMs } = spans.get(agent) ?? { fromMs: startsAtMs, toMs: endsAtMs }
    spans.set(agent, { fromMs: Math.min(fromMs, startsAtMs), toMs: Math.max(toMs, endsAtMs) })
  }
  return spans
}
