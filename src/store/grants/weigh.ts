/** A grant with what a decision on it depends on: how its person asks, and with whom. */

import { type RawBuilder, sql } from 'kysely'
import { DEVICE_SHARED_MS, GRANT_HABIT_MS } from '../../base/desk-limits.ts'
import { DAY_MS } from '../../base/durations.ts'
import type { Weighed } from '../../grants/stores.ts'
import type { Db } from '../facts.ts'
import { rankOf } from './people.ts'
import { grantOf, type Row } from './rows.ts'

/** A roster that says nothing of so long around now says nothing of now. */
const ROSTER_NEAR_MS = 7 * DAY_MS

type WeighedRow = Row & Omit<Weighed, keyof ReturnType<typeof grantOf>>

/** The grants for which `where` holds, in which they are `g`, weighed for a decision by `person`. */
export async function weigh(
  db: Db,
  person: string,
  atMs: number,
  where: RawBuilder<unknown>,
): Promise<Weighed[]> {
  const habitMs = atMs - GRANT_HABIT_MS
  const { rows } = await sql<WeighedRow>`
    select g.*, a.name as agent_name,
      ${rankOf(sql`g.person`)} as "askerRank",
      coalesce(a.status = 'active', false) as "askerActive",
      ${sharedDevice(person, atMs)} as "sameDevice",
      h.asked as "asked30d", h.approved as "approved30d", h.with_me as "approvedForThem7d",
      h.denied as "denied7d", h.wrong as "wrong90d",
      coalesce((
        select percentile_cont(0.5) within group (order by peer.asked) from (
          select count(p.id) filter (where p.asked_at_ms > ${habitMs}) as asked
          from telltale.agents b left join telltale.grants p on p.agent = b.id
          where b.team = a.team and b.status = 'active' and b.person <> g.person
          group by b.id) peer), 0) as "peersMedian30d",
      (select case when count(*) > 0
                   then bool_or(r.starts_at_ms <= ${atMs} and r.ends_at_ms > ${atMs}) end
       from telltale.rosters r
       where r.agent = g.agent and r.ends_at_ms > ${atMs - ROSTER_NEAR_MS}
         and r.starts_at_ms < ${atMs + ROSTER_NEAR_MS}) as "onDuty"
    from telltale.grants g
    left join telltale.agents a on a.id = g.agent
    cross join lateral (
      select count(*) filter (where o.asked_at_ms > ${habitMs}) as asked,
             count(*) filter (where o.asked_at_ms > ${habitMs} and o.decided_by is not null
                                and o.live_from_ms is not null) as approved,
             count(*) filter (where o.decided_person = ${person} and o.live_from_ms is not null
                                and o.decided_at_ms > ${atMs - 7 * DAY_MS}) as with_me,
             count(*) filter (where o.state = 'denied' and o.decided_at_ms > ${atMs - 7 * DAY_MS}
                                and o.customers && g.customers) as denied,
             count(*) filter (where o.review = 'wrong'
                                and o.reviewed_at_ms > ${atMs - 90 * DAY_MS}) as wrong
      from telltale.grants o where o.person = g.person) h
    where ${where}`.execute(db)
  return rows.map((row) => ({
    ...grantOf(row),
    askerRank: row.askerRank,
    askerActive: row.askerActive,
    sameDevice: row.sameDevice,
    asked30d: row.asked30d,
    approved30d: row.approved30d,
    peersMedian30d: row.peersMedian30d,
    approvedForThem7d: row.approvedForThem7d,
    denied7d: row.denied7d,
    wrong90d: row.wrong90d,
    onDuty: row.onDuty,
  }))
}

/** Whether accounts of two people, not of one, had sessions on one device lately. */
function sharedDevice(person: string, atMs: number): RawBuilder<boolean> {
  const sinceMs = atMs - DEVICE_SHARED_MS
  return sql<boolean>`exists (
    select from telltale.sessions s join telltale.agents mine on mine.id = s.agent
    join telltale.sessions o on o.device = s.device
    join telltale.agents theirs on theirs.id = o.agent
    where mine.person = ${person} and theirs.person = g.person and g.person <> ${person}
      and s.created_at_ms > ${sinceMs} and o.created_at_ms > ${sinceMs})`
}
