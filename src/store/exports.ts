/** Files of customers, each made once and marked with canaries of its own. */
import { randomBytes } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { TelltaleError } from '../base/errors.ts'
import type { CanaryPort } from '../disclosure/export.ts'
import { tell } from './events.ts'
import type { Tables } from './tables.ts'

/** Claims exports in the database: whoever loses a race makes no file. */
export function exportStore(db: Kysely<Tables>): CanaryPort {
  return {
    claim: ({ grant, agent, rows, canaries: count, atMs }, before) =>
      db.transaction().execute(async (trx) => {
        const ended = await trx
          .updateTable('telltale.grants')
          .set({ state: 'ended', ended_at_ms: atMs })
          .where('id', '=', grant)
          .where('agent', '=', agent)
          .where('kind', '=', 'export')
          .where('state', '=', 'approved')
          .where('live_from_ms', '<=', atMs)
          .where('live_until_ms', '>', atMs)
          .executeTakeFirst()
        if (ended.numUpdatedRows !== 1n) {
          throw new TelltaleError('GRANT_DECIDED', { why: 'its file was made, or it is over' })
        }
        const id = randomBytes(16).toString('base64url')
        const taken = await sql<{ customer: string }>`
          update telltale.canaries set export_id = ${id}
          where customer in (select customer from telltale.canaries where export_id is null
                             order by random() limit ${count} for update skip locked)
          returning customer`.execute(trx)
        if (taken.rows.length < count) throw new TelltaleError('EXPORT_UNMARKED', {})
        const canaries = taken.rows.map(({ customer }) => customer)
        await trx
          .insertInto('telltale.exports')
          .values({ id, grant_id: grant, agent, rows: rows + count, canaries, made_at_ms: atMs })
          .execute()
        await tell(trx, { kind: 'grant', atMs, agent, grant })
        await before({ id, canaries })
        return { id, canaries }
      }),
  }
}
