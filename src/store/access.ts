/** What agents were shown, for themselves to look up: written after the log, which has all of it. */
import { type Kysely, type Selectable, sql } from 'kysely'
import type { ShownStore } from '../disclosure/access.ts'
import type { ShownRow } from '../disclosure/ports.ts'
import type { Grade, Path, Purpose } from '../tlog/header.ts'
import type { Tables } from './tables.ts'

/** The rows of `telltale.shown`. */
export function createShownStore(db: Kysely<Tables>): ShownStore {
  return {
    keep: async (rows) => {
      const listed = rows.map(({ purpose, atMs, ...row }) => ({
        ...row,
        at_ms: atMs,
        purpose: purpose.kind,
        reference: purpose.reference,
        queue: purpose.queue,
        grade: purpose.grade,
      }))
      await sql`
        insert into telltale.shown
          (agent, at_ms, entry, path, purpose, reference, queue, grade, customers, fields, masked)
        select agent, at_ms, entry, path, purpose, reference, queue, grade, customers, fields, masked
        from jsonb_populate_recordset(null::telltale.shown, ${JSON.stringify(listed)}::jsonb)
      `.execute(db)
    },

    page: async (agent, sinceMs, before, limit) => {
      let query = db
        .selectFrom('telltale.shown')
        .selectAll()
        .where('agent', '=', agent)
        .where('at_ms', '>', sinceMs)
      if (before !== null) query = query.where('id', '<', before)
      const rows = await query.orderBy('id', 'desc').limit(limit).execute()
      return rows.map((row) => ({ id: row.id, row: shownOf(row) }))
    },

    forget: async (beforeMs) => {
      const { numDeletedRows } = await db
        .deleteFrom('telltale.shown')
        .where('at_ms', '<', beforeMs)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}

function shownOf(row: Selectable<Tables['telltale.shown']>): ShownRow {
  return {
    agent: row.agent,
    atMs: row.at_ms,
    entry: row.entry,
    path: row.path as Path,
    purpose: {
      kind: row.purpose as Purpose,
      reference: row.reference,
      queue: row.queue,
      grade: row.grade as Grade,
      ended: null,
    },
    customers: row.customers,
    fields: row.fields,
    masked: row.masked,
  }
}
