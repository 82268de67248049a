/** The budgets that are set, and who works in which team: docs/desk.md, "Budgets". */
import type { Kysely } from 'kysely'
import type { TeamBudgetStore } from '../disclosure/team-budgets.ts'
import { tell } from './events.ts'
import type { Tables } from './tables.ts'

/** The budgets of one desk. */
export function budgetSettings(db: Kysely<Tables>): TeamBudgetStore {
  return {
    async teams() {
      const rows = await db.selectFrom('telltale.teams').select('id').orderBy('id').execute()
      return rows.map(({ id }) => id)
    },
    async people() {
      const rows = await db
        .selectFrom('telltale.agents')
        .select(['id', 'team', 'kind'])
        .orderBy('id')
        .execute()
      return rows.map(({ id, team, kind }) => ({ agent: id, team, kind }))
    },
    async budgets() {
      const rows = await db.selectFrom('telltale.budgets').selectAll().orderBy('scope').execute()
      return rows.map((row) => ({
        scope: row.scope,
        limits: { hour: row.per_hour, day: row.per_day, week: row.per_week },
        basis: row.basis,
        setAtMs: row.set_at_ms,
        setBy: row.set_by,
      }))
    },
    set: (budgets) =>
      db.transaction().execute(async (tx) => {
        const rows = budgets.map(({ scope, limits, basis, setAtMs, setBy }) => ({
          scope,
          per_hour: limits.hour,
          per_day: limits.day,
          per_week: limits.week,
          basis: JSON.stringify(basis),
          set_at_ms: setAtMs,
          set_by: setBy,
        }))
        for (const row of rows) {
          const { scope: _, ...changed } = row
          await tx
            .insertInto('telltale.budgets')
            .values(row)
            .onConflict((conflict) => conflict.column('scope').doUpdateSet(changed))
            .execute()
        }
        const atMs = Math.max(...budgets.map(({ setAtMs }) => setAtMs))
        await tell(tx, { kind: 'budget', atMs, agent: null })
      }),
  }
}
