/** Searches, counted before they are made, all accounts of a person together: each is a miss until it
 * found somebody. */

import { type Kysely, sql } from 'kysely'
import { HOUR_MS } from '../base/durations.ts'
import type { LookupStore } from '../disclosure/search.ts'
import { countedBy } from './counted-by.ts'
import type { Tables } from './tables.ts'

/** Names the lock within which searches of one person are counted. */
const LOOKING = 7405

/** The searches of the schema `telltale`. */
export function createLookupStore(db: Kysely<Tables>): LookupStore {
  const used = async (on: Kysely<Tables>, agent: string, atMs: number) =>
    await on
      .selectFrom('telltale.lookups')
      .select(({ fn }) => [
        fn.countAll<number>().as('searches'),
        sql<number>`count(*) filter (where not found)`.as('misses'),
        sql<number>`coalesce(min(at_ms), 0)`.as('first'),
        sql<number>`coalesce(min(at_ms) filter (where not found), 0)`.as('firstMiss'),
      ])
      .where('agent', '=', countedBy(agent))
      .where('at_ms', '>', atMs - HOUR_MS)
      .executeTakeFirstOrThrow()

  return {
    charge: ({ id, agent, atMs, limits }) =>
      db.transaction().execute(async (trx) => {
        await sql`select pg_advisory_xact_lock(hashtextextended(${countedBy(agent)}, ${LOOKING}))`.execute(
          trx,
        )
        const { searches, misses, first, firstMiss } = await used(trx, agent, atMs)
        if (searches >= limits.searches) return { over: 'searches', untilMs: first + HOUR_MS }
        if (misses >= limits.misses) return { over: 'misses', untilMs: firstMiss + HOUR_MS }
        const row = { id, agent: countedBy(agent), at_ms: atMs, found: false }
        await trx.insertInto('telltale.lookups').values(row).execute()
        return null
      }),

    found: async (id) => {
      await db.updateTable('telltale.lookups').set({ found: true }).where('id', '=', id).execute()
    },

    used: async (agent, atMs) => {
      const { searches, misses } = await used(db, agent, atMs)
      return { searches, misses }
    },
  }
}
