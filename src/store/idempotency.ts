/** Writes by the number that their sender gave them, so that one that is sent again happens once. */
import { type Kysely, sql } from 'kysely'
import type { Tables } from './tables.ts'

/** A write, as its sender numbers it. */
interface Numbered {
  readonly agent: string
  readonly key: string
  readonly route: string
  /** SHA-256 of address and body. */
  readonly hash: Uint8Array
}

/** What became of a numbered write. */
type Outcome =
  | { readonly state: 'new' | 'running' | 'mismatch' }
  | { readonly state: 'done'; readonly status: number; readonly body: unknown }

/** Remembers writes until they are forgotten with `forgetBefore`. Bodies are kept as they are given:
 * nothing of a customer may be in them. */
export interface IdempotencyStore {
  /** Claims the number, or says what became of it; atomic over all desks. */
  begin(numbered: Numbered): Promise<Outcome>
  finish(numbered: Numbered, status: number, body: unknown): Promise<void>
  /** Frees the number of a write that did not happen. */
  forget(numbered: Numbered): Promise<void>
  /** Answers how many. */
  forgetBefore(beforeMs: number): Promise<number>
}

/** The rows of `telltale.idempotency`. */
export function createIdempotencyStore(db: Kysely<Tables>, now: () => number): IdempotencyStore {
  return {
    begin: async ({ agent, key, route, hash }) => {
      const claim = { agent, key, route, request_hash: hash, created_at_ms: now() }
      // A number that is freed between the two statements is claimed by the second round.
      for (let round = 0; round < 2; round++) {
        const { numInsertedOrUpdatedRows } = await db
          .insertInto('telltale.idempotency')
          .values(claim)
          .onConflict((on) => on.doNothing())
          .executeTakeFirst()
        if (numInsertedOrUpdatedRows === 1n) return { state: 'new' }
        const found = await db
          .selectFrom('telltale.idempotency')
          .select(['route', 'request_hash', 'status', 'body'])
          .where('agent', '=', agent)
          .where('key', '=', key)
          .executeTakeFirst()
        if (found === undefined) continue
        const isSame = found.route === route && Buffer.from(hash).equals(found.request_hash)
        if (!isSame) return { state: 'mismatch' }
        if (found.status === null) return { state: 'running' }
        return { state: 'done', status: found.status, body: found.body }
      }
      return { state: 'running' }
    },

    finish: async ({ agent, key, hash }, status, body) => {
      await db
        .updateTable('telltale.idempotency')
        .set({ status, body: body === null || body === undefined ? null : JSON.stringify(body) })
        .where('agent', '=', agent)
        .where('key', '=', key)
        .where('request_hash', '=', hash)
        .where('status', 'is', null)
        .execute()
    },

    forget: async ({ agent, key, hash }) => {
      await db
        .deleteFrom('telltale.idempotency')
        .where('agent', '=', agent)
        .where('key', '=', key)
        .where('request_hash', '=', hash)
        .where('status', 'is', null)
        .execute()
    },

    forgetBefore: async (beforeMs) => {
      const { numAffectedRows } = await sql`
        delete from telltale.idempotency where created_at_ms < ${beforeMs}`.execute(db)
      return Number(numAffectedRows)
    },
  }
}
