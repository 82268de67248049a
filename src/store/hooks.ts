/** Webhooks that were taken, and whom they name. */
import { type Kysely, sql } from 'kysely'
import type { Hooked, InboundStore } from '../tickets/inbound.ts'
import type { Tables } from './tables.ts'
import type { Trx } from './tickets/change.ts'

/** Whom a webhook names, as we know them; null: nobody, or nobody we know. */
export interface NamedAgents {
  readonly assignee: string | null
  /** Who did it. Whoever gave a ticket to an account of their own is named as that account. */
  readonly by: string | null
}

/** What a webhook changes. */
type Effect = (trx: Trx, hooked: Hooked, named: NamedAgents) => Promise<void>

/** Takes each webhook once: whoever brings it again, even at the same time, changes nothing. */
export function takingOnce(db: Kysely<Tables>, effect: Effect): InboundStore {
  return {
    take: (hooked, receivedAtMs) =>
      db.transaction().execute(async (trx) => {
        const { numInsertedOrUpdatedRows } = await trx
          .insertInto('telltale.hooks')
          .values({
            id: `${hooked.source}/${hooked.id}`,
            source: hooked.source,
            received_at_ms: receivedAtMs,
          })
          .onConflict((on) => on.doNothing())
          .executeTakeFirst()
        if (numInsertedOrUpdatedRows !== 1n) return false
        await effect(trx, hooked, await namedIn(trx, hooked))
        return true
      }),
  }
}

/** Forgets ids that nobody sends again; answers how many. */
export async function forgetHooks(db: Kysely<Tables>, beforeMs: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('telltale.hooks')
    .where('received_at_ms', '<', beforeMs)
    .executeTakeFirst()
  return Number(numDeletedRows)
}

async function namedIn(trx: Trx, { assignee, by }: Hooked): Promise<NamedAgents> {
  const [to, from] = [await agentOf(trx, assignee), await agentOf(trx, by?.agent ?? null)]
  const isSamePerson = to !== null && from !== null && to.person === from.person
  return { assignee: to?.id ?? null, by: (isSamePerson ? to.id : from?.id) ?? null }
}

/** By the id that the directory gave them before our own. */
async function agentOf(
  trx: Trx,
  name: string | null,
): Promise<{ id: string; person: string } | null> {
  if (name === null) return null
  const { rows } = await sql<{ id: string; person: string }>`
    select id, person from telltale.agents where external_id = ${name} or id = ${name}
    order by external_id = ${name} desc nulls last limit 1`.execute(trx)
  return rows[0] ?? null
}
