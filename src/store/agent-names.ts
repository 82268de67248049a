/** Agents by the names that others have for them: mail addresses, ids of a directory. */
import { type Kysely, sql } from 'kysely'
import type { Tables } from './tables.ts'

type By = 'mail' | 'external'

/** Looks agents up by a name. A name that two have is nobody's. */
export interface AgentNames {
  /** Mail addresses in lower case. */
  idsOf(by: By, names: readonly string[]): Promise<ReadonlyMap<string, string>>
  nameOf(by: By, agent: string): Promise<string | null>
}

/** The agents of `telltale.agents`, suspended ones too: their tickets are still theirs. */
export function createAgentNames(db: Kysely<Tables>): AgentNames {
  const column = (by: By) => (by === 'mail' ? sql`lower(mail)` : sql`external_id`)
  return {
    idsOf: async (by, names) => {
      if (names.length === 0) return new Map()
      const { rows } = await sql<{ name: string; id: string }>`
        select ${column(by)} as name, min(id) as id from telltale.agents
        where ${column(by)} = any (${[...names]}) group by 1 having count(*) = 1`.execute(db)
      return new Map(rows.map(({ name, id }) => [name, id]))
    },
    nameOf: async (by, agent) => {
      const { rows } = await sql<{ name: string | null }>`
        select ${column(by)} as name from telltale.agents where id = ${agent}`.execute(db)
      return rows[0]?.name ?? null
    },
  }
}
