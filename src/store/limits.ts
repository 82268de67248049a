/** How many customers an agent may be shown now: docs/desk.md, "Budgets". */
import { type Kysely, type RawBuilder, sql } from 'kysely'
import { BUDGET_DEFAULTS } from '../base/desk-limits.ts'
import type { BudgetPort } from '../disclosure/ports.ts'
import type { Counts } from '../guard/facts.ts'
import type { Tables } from './tables.ts'

/** What the statement answers. */
export interface LimitsRow extends Counts {
  readonly extra: number
}

/** The agent's own limits, else their team's, else those of all, else the defaults; and as many more in
 * every window as grants of kind `budget` that hold now allow. A service account has no team's: that is
 * made from what people do. Throws STORE_UNAVAILABLE. */
export function budgetLimits(db: Kysely<Tables>): Pick<BudgetPort, 'limitsFor'> {
  return {
    limitsFor: async ({ id, team, kind }, atMs) => {
      const { rows } = await sql<LimitsRow>`
        select limits.* from (select ${id}::text as id, ${team}::text as team, ${kind}::text as kind) a,
          lateral (${limitsOf(atMs)}) limits`.execute(db)
      return limitsIn(rows[0])
    },
  }
}

/** A statement that answers a `LimitsRow` for the agent `a`. */
export function limitsOf(atMs: number): RawBuilder<LimitsRow> {
  const { hour, day, week } = BUDGET_DEFAULTS
  return sql<LimitsRow>`
    select coalesce(b.per_hour, ${hour}) as hour, coalesce(b.per_day, ${day}) as day,
           coalesce(b.per_week, ${week}) as week, g.extra
    from (select coalesce(sum(extra), 0)::int as extra from telltale.grants
          where agent = a.id and kind = 'budget' and state = 'approved'
            and live_from_ms <= ${atMs} and live_until_ms > ${atMs}) g
    left join lateral (
      select per_hour, per_day, per_week from telltale.budgets
      where scope in ('agent:' || a.id, 'default')
         or (scope = 'team:' || a.team and a.kind <> 'service')
      order by array_position(array['agent', 'team', 'default'], split_part(scope, ':', 1)) limit 1
    ) b on true`
}

/** Its limits, with what grants add. */
export function limitsIn({ hour, day, week, extra }: LimitsRow): Counts {
  return { hour: hour + extra, day: day + extra, week: week + extra }
}
