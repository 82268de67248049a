/** Budgets as admins see them: per team. */
import { type Kysely, sql } from 'kysely'
import { BUDGET_DEFAULTS } from '../base/desk-limits.ts'
import type { Counts } from '../guard/facts.ts'
import type { Tables } from './tables.ts'

/** What a team's agents may be shown, without grants and limits of their own, and how many they are. */
export interface TeamLimits {
  readonly agents: number
  readonly limits: Counts
}

interface Row extends Counts {
  readonly id: string
  readonly agents: number
}

/** By the id of the team. Throws STORE_UNAVAILABLE. */
export function teamLimits(db: Kysely<Tables>) {
  return {
    ofTeams: async (): Promise<ReadonlyMap<string, TeamLimits>> => {
      const { hour, day, week } = BUDGET_DEFAULTS
      const { rows } = await sql<Row>`
        select t.id, coalesce(b.per_hour, d.per_hour, ${hour}) as hour,
          coalesce(b.per_day, d.per_day, ${day}) as day,
          coalesce(b.per_week, d.per_week, ${week}) as week,
          (select count(*)::int from telltale.agents a where a.team = t.id) as agents
        from telltale.teams t
        left join telltale.budgets b on b.scope = 'team:' || t.id
        left join telltale.budgets d on d.scope = 'default'`.execute(db)
      return new Map(rows.map(({ id, agents, ...limits }) => [id, { agents, limits }]))
    },
  }
}
