/** Brings the database to the form that this version works with: forward only, whole or not at all. */
import { type Kysely, type Migration, Migrator } from 'kysely'
import { TelltaleError } from '../base/errors.ts'
import { openDatabase } from './database.ts'
import { storeError } from './faults.ts'
import * as desk from './migrations/0001-desk.ts'
import * as access from './migrations/0002-access.ts'
import * as outbox from './migrations/0003-outbox.ts'
import type { Tables } from './tables.ts'

/** Every migration by its name, in order. One that was released is never changed. */
export const MIGRATIONS = {
  '0001-desk': desk,
  '0002-access': access,
  '0003-outbox': outbox,
} as const

/** Name of a migration: a form of the database. */
export type MigrationName = keyof typeof MIGRATIONS

const NAMES = Object.keys(MIGRATIONS)
/** Where Kysely keeps what was done. */
const TABLE = { schema: 'telltale', name: 'migrations', lock: 'migrations_lock' } as const

/**
 * Migrates the database at `url` to this version's form, or to that of `to`; others who try at the same
 * time wait. Answers the names of what was done. Throws STORE_NEWER where a later version has been here,
 * and what `openDatabase` does; then nothing was changed.
 */
export async function migrate(url: string, to?: MigrationName): Promise<readonly string[]> {
  const database = await openDatabase({ url, connectionsMax: 2, statementTimeoutMs: 0 })
  try {
    const migrator = new Migrator({
      db: database.db,
      provider: { getMigrations: async () => MIGRATIONS as unknown as Record<string, Migration> },
      migrationTableSchema: TABLE.schema,
      migrationTableName: TABLE.name,
      migrationLockTableName: TABLE.lock,
    })
    await refuseNewer(database.db)
    const { error, results } = await (to ? migrator.migrateTo(to) : migrator.migrateToLatest())
    if (error) throw storeError(error)
    return (results ?? []).map(({ migrationName }) => migrationName)
  } finally {
    await database.close()
  }
}

/** Name of the newest migration in the database; null where it is none of ours yet. */
export async function currentForm(db: Kysely<Tables>): Promise<string | null> {
  return (await doneIn(db)).at(-1) ?? null
}

async function refuseNewer(db: Kysely<Tables>): Promise<void> {
  const unknown = (await doneIn(db)).filter((name) => !NAMES.includes(name))
  if (unknown.length === 0) return
  const [found, known] = [unknown.at(-1)!, NAMES.at(-1)!]
  throw new TelltaleError('STORE_NEWER', { found, known })
}

async function doneIn(db: Kysely<Tables>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ schema, name }) => schema === TABLE.schema && name === TABLE.name)) return []
  const rows = await db
    .withTables<{ 'telltale.migrations': { name: string } }>()
    .selectFrom('telltale.migrations')
    .select('name')
    .orderBy('name')
    .execute()
  return rows.map(({ name }) => name)
}
