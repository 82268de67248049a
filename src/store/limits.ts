/** How many customers an agent may be shown now: docs/desk.md, "Budgets". */
import { type Kysely, sql } from 'kysely'
import { BUDGET_DEFAULTS } from '../base/desk-limits.ts'
import type { BudgetPort } from '../disclosure/ports.ts'
import type { Tables } from './tables.ts'

interface Row {
  readonly hour: number
  readonly day: number
  readonly week: number
  readonly extra: number
}

/** The agent's own limits, else their team's, else those of all, else the defaults; and as many more in
 * every window as grants of kind `budget` that hold now allow. A service account has no team's: that is
 * made from what people do. Throws STORE_UNAVAILABLE. */
export function budgetLimits(db: Kysely<Tables>): Pick<BudgetPort, 'limitsFor'> {
  return {
    limitsFor: async ({ id, team, kind }, atMs) => {
      const ofTeam = team === null || kind === 'service' ? [] : [`team:${team}`]
      const scopes = [`agent:${id}`, ...ofTeam, 'default']
      const { hour, day, week } = BUDGET_DEFAULTS
      const { rows } = await sql<Row>`
        select coalesce(b.per_hour, ${hour}) as hour, coalesce(b.per_day, ${day}) as day,
               coalesce(b.per_week, ${week}) as week, g.extra
        from (select coalesce(sum(extra), 0)::int as extra from telltale.grants
              where agent = ${id} and kind = 'budget' and state = 'approved'
                and live_from_ms <= ${atMs} and live_until_ms > ${atMs}) g
        left join lateral (
          select per_hour, per_day, per_week from telltale.budgets
          where scope = any (${scopes}) order by array_position(${scopes}::text[], scope) limit 1
        ) b on true`.execute(db)
      const [{ extra, ...limits }] = rows
      return {
        hour: limits.hour + extra,
        day: limits.day + extra,
        week: limits.week + extra,
      }
    },
  }
}
