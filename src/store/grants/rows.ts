/** How rows of grants read. */
import type { GrantRow } from '../../grants/stores.ts'

/** A row of telltale.grants, as `g`, with the name of whoever asked. */
export interface Row {
  readonly id: string
  readonly kind: GrantRow['kind']
  readonly agent: string
  readonly agent_name: string | null
  readonly person: string
  readonly reason: string
  readonly text: string
  readonly ticket: string | null
  readonly customers: string[]
  readonly fields: string[]
  readonly extra: number
  readonly minutes: number
  readonly emergency: boolean
  readonly state: GrantRow['state']
  readonly asked_at_ms: number
  readonly decided_by: string | null
  readonly decided_person: string | null
  readonly decided_at_ms: number | null
  readonly decision_text: string | null
  readonly live_from_ms: number | null
  readonly live_until_ms: number | null
  readonly review: GrantRow['review']
  readonly reviewed_by: string | null
}

/** As the service knows it. */
export function grantOf(row: Row): GrantRow {
  return {
    id: row.id,
    kind: row.kind,
    agent: row.agent,
    // An account that was removed since is told by its id.
    agentName: row.agent_name ?? row.agent,
    person: row.person,
    reason: row.reason as GrantRow['reason'],
    text: row.text,
    ticket: row.ticket,
    customers: row.customers,
    fields: row.fields,
    extra: row.extra,
    minutes: row.minutes,
    emergency: row.emergency,
    state: row.state,
    askedAtMs: row.asked_at_ms,
    decidedBy: row.decided_by,
    decidedPerson: row.decided_person,
    decidedAtMs: row.decided_at_ms,
    decisionText: row.decision_text,
    liveFromMs: row.live_from_ms,
    liveUntilMs: row.live_until_ms,
    review: row.review,
    reviewedBy: row.reviewed_by,
  }
}
