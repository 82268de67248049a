/** Agents and teams in the database. */
import { type Kysely, sql, type Transaction } from 'kysely'
import { SERVICE_PREFIX } from '../../identity/people-rules.ts'
import type { PersonSpec } from '../../identity/ports.ts'
import type { PeopleStore, Suspended } from '../../identity/stores.ts'
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
    async at(from, limit) {
      const { all } = await db
        .selectFrom('telltale.agents')
        .select((of) => of.fn.countAll<number>().as('all'))
        .executeTakeFirstOrThrow()
      const rows = await agents().orderBy('id').offset(from).limit(limit).execute()
      return { all, rows: rows.map(personOf) }
    },
    async members(of, limit) {
      const query = agents().orderBy('id').limit(limit)
      const rows = await ('team' in of
        ? query.where('team', '=', of.team)
        : query.where(sql<boolean>`roles @> array[${of.role}]`)
      ).execute()
      return rows.map(personOf)
    },
    async byExternalId(externalId) {
      const row = await agents().where('external_id', '=', externalId).executeTakeFirst()
      return row ? personOf(row) : null
    },
    removeTeam: (id) => removeTeam(db, id),
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
    suspend: (id, by, atMs, why) =>
      db.transaction().execute((tx) => suspend(tx, id, by, atMs, why)),
    async resume(id, atMs) {
      await db
        .updateTable('telltale.agents')
        .set({ status: 'active', suspended_at_ms: null, suspended_by: null, changed_at_ms: atMs })
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

/** Holds the agent's row, so that no session begins meanwhile. */
async function suspend(
  tx: Transaction<Tables>,
  id: string,
  by: string,
  atMs: number,
  why: string,
): Promise<Suspended | null> {
  const before = await tx
    .selectFrom('telltale.agents')
    .select(['status', 'suspended_by'])
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
  // Whom a person suspends stays so whatever a directory says, also where it was first.
  if (wasActive || before.suspended_by?.startsWith(SERVICE_PREFIX))
    await tx.updateTable('telltale.agents').set({ suspended_by: by }).where('id', '=', id).execute()
  return { wasActive, sessions: await endAll(tx, id, null, atMs, why) }
}

async function removeTeam(db: Kysely<Tables>, id: string): Promise<boolean> {
  try {
    await db.deleteFrom('telltale.teams').where('id', '=', id).execute()
    return true
  } catch (error) {
    if (brokenConstraint(error) === null) throw error
    return false
  }
}
