/** By which account a person is counted, whichever of their accounts they use. */
import { type RawBuilder, sql } from 'kysely'

/** The id of the oldest account of the agent's person, suspended ones too: a newer one changes nothing.
 * Whoever is no agent is counted by their own id. */
export function countedBy(agent: string): RawBuilder<string> {
  return sql<string>`coalesce((
    select b.id from telltale.agents a join telltale.agents b on b.person = a.person
    where a.id = ${agent} order by b.created_at_ms, b.id limit 1), ${agent})`
}
