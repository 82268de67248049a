/** Who asks and who decides, and how they usually do. */

import { type RawBuilder, sql } from 'kysely'
import { GRANT_HABIT_MS, GRANT_TEXTS_COMPARED, GRANT_WAIT_MS } from '../../base/desk-limits.ts'
import { DAY_MS } from '../../base/durations.ts'
import type { AskHabit, DecideHabit, Present } from '../../grants/stores.ts'
import type { AgentFacts, Caller } from '../../guard/facts.ts'
import { type Db, isGoodSession } from '../facts.ts'

/** The highest rank of any account of a person, suspended ones too. */
export function rankOf(person: RawBuilder<unknown>): RawBuilder<number> {
  return sql<number>`(
    select coalesce(max(case when 'officer' = any (r.roles) then 3 when 'lead' = any (r.roles) then 2
                             when 'agent' = any (r.roles) then 1 else 0 end), 0)
    from telltale.agents r where r.person = ${person})`
}

type PresentRow = Omit<AgentFacts, 'id'> & { readonly is_present: boolean; readonly rank: number }

function presentOf(row: PresentRow, id: string): Present {
  const { person, name, pseudonym, team, roles, kind, status, is_present, rank } = row
  const agent = { id, person, name, pseudonym, team, roles, kind, status }
  return { agent, isPresent: is_present, rank }
}

const PRESENT = sql`a.person, a.name, a.pseudonym, a.team, a.roles, a.kind, a.status`

/** The caller as the store knows them; an agent that is no more is not present. */
function absent({ agent }: Caller): Present {
  return { agent, isPresent: false, rank: 0 }
}

/** Whether the caller is there. */
export async function readPresent(db: Db, caller: Caller, atMs: number): Promise<Present> {
  const { rows } = await sql<PresentRow>`
    select ${PRESENT}, ${isGoodSession(caller.session, atMs)} as is_present,
           ${rankOf(sql`a.person`)} as rank
    from telltale.agents a where a.id = ${caller.agent.id}`.execute(db)
  return rows[0] ? presentOf(rows[0], caller.agent.id) : absent(caller)
}

/** How the caller asks. */
export async function readAskHabit(db: Db, caller: Caller, atMs: number): Promise<AskHabit> {
  const present = await readPresent(db, caller, atMs)
  const { rows } = await sql<Omit<AskHabit, keyof Present>>`
    select count(*) filter (where state = 'asked' and asked_at_ms > ${atMs - GRANT_WAIT_MS}) as waiting,
           count(*) filter (where emergency and state = 'approved' and live_until_ms > ${atMs})
             as "emergenciesLive",
           count(*) filter (where emergency and asked_at_ms > ${atMs - DAY_MS}) as "emergenciesToday",
           count(*) filter (where kind = 'budget' and (
             state = 'asked' and asked_at_ms > ${atMs - GRANT_WAIT_MS}
             or state = 'approved' and live_until_ms > ${atMs})) as budgets,
           array(select text from telltale.grants where person = ${present.agent.person}
                 order by asked_at_ms desc limit ${GRANT_TEXTS_COMPARED}) as texts
    from telltale.grants where person = ${present.agent.person}`.execute(db)
  return { ...present, ...rows[0] }
}

/** How the caller decides. */
export async function readDecideHabit(db: Db, caller: Caller, atMs: number): Promise<DecideHabit> {
  const present = await readPresent(db, caller, atMs)
  const { person } = present.agent
  const { rows } = await sql<Omit<DecideHabit, keyof Present>>`
    select count(*) filter (where decided_at_ms > ${atMs - DAY_MS}) as "decidedToday",
           count(*) filter (where decided_at_ms > ${atMs - DAY_MS} and live_from_ms is not null)
             as "approvedToday",
           percentile_cont(0.5) within group (order by (decided_at_ms - asked_at_ms) / 1000.0)
             as "medianSeconds",
           array(select decision_text from telltale.grants
                 where decided_person = ${person} and live_from_ms is not null
                   and decision_text is not null
                 order by decided_at_ms desc limit ${GRANT_TEXTS_COMPARED}) as texts
    from telltale.grants
    where decided_person = ${person} and decided_at_ms > ${atMs - GRANT_HABIT_MS}`.execute(db)
  return { ...present, ...rows[0] }
}
