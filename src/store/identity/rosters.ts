/** Rosters in the database. */
import type { Kysely } from 'kysely'
import type { RosterStore } from '../../identity/stores.ts'
import type { Tables } from '../tables.ts'

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
