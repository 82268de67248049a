/** Services in the database. */
import type { Kysely, Selectable } from 'kysely'
import type { Scope, ServiceRow } from '../../identity/ports.ts'
import type { ServiceStore } from '../../identity/stores.ts'
import type { Tables } from '../tables.ts'

/** Services of one desk. */
export function createServiceStore(db: Kysely<Tables>): ServiceStore {
  const services = () => db.selectFrom('telltale.services').selectAll()
  return {
    async add({ id, name, scopes, createdAtMs }, tokenHash, max) {
      const { count } = await db
        .selectFrom('telltale.services')
        .select((of) => of.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      if (count >= max) return false
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('telltale.services')
        .values({
          id,
          name,
          token_hash: tokenHash,
          scopes: [...scopes],
          created_at_ms: createdAtMs,
        })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .executeTakeFirst()
      return numInsertedOrUpdatedRows === 1n
    },
    async revoke(name, atMs) {
      const { numUpdatedRows } = await db
        .updateTable('telltale.services')
        .set({ revoked_at_ms: atMs })
        .where('name', '=', name)
        .where('revoked_at_ms', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },
    list: async () => (await services().orderBy('name').execute()).map(serviceOf),
    async find(tokenHash) {
      const row = await services().where('token_hash', '=', tokenHash).executeTakeFirst()
      return row ? serviceOf(row) : null
    },
  }
}

function serviceOf(row: Selectable<Tables['telltale.services']>): ServiceRow {
  const { id, name, created_at_ms: createdAtMs, revoked_at_ms: revokedAtMs } = row
  return { id, name, scopes: row.scopes as Scope[], createdAtMs, revokedAtMs }
}
