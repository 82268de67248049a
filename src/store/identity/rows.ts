/** How rows of people and sessions read as facts. */
import type { Selectable } from 'kysely'
import type { AgentFacts, Role } from '../../guard/facts.ts'
import type { Method, PersonRow, SessionRow } from '../../identity/ports.ts'
import type { Tables } from '../tables.ts'

type AgentRow = Selectable<Tables['telltale.agents']>
type SessionColumns = Omit<Selectable<Tables['telltale.sessions']>, 'secret_hash' | 'device_key'>

/** Columns of `telltale.agents` that `agentOf` reads; the alias of the table is `a`. */
export const AGENT_COLUMNS = [
  'a.id as a_id',
  'a.person',
  'a.name',
  'a.pseudonym',
  'a.team',
  'a.roles',
  'a.kind',
  'a.status',
] as const

/** Columns of `telltale.sessions` that `sessionOf` reads. */
export const SESSION_COLUMNS = [
  's.id',
  's.agent',
  's.device',
  's.method',
  's.created_at_ms',
  's.seen_at_ms',
  's.expires_at_ms',
  's.step_up_at_ms',
  's.ended_at_ms',
  's.ended_why',
] as const

/** An agent as the guard sees them. */
export function agentOf(
  row: Pick<AgentRow, 'person' | 'name' | 'pseudonym' | 'team' | 'roles' | 'kind' | 'status'>,
  id: string,
): AgentFacts {
  const { person, name, pseudonym, team, kind, status } = row
  return { id, person, name, pseudonym, team, roles: row.roles as Role[], kind, status }
}

/** An agent as administration sees them. */
export function personOf(row: AgentRow): PersonRow {
  return {
    ...agentOf(row, row.id),
    mail: row.mail,
    externalId: row.external_id,
    createdAtMs: row.created_at_ms,
    changedAtMs: row.changed_at_ms,
    suspendedBy: row.suspended_by,
  }
}

/** A session without its secret. */
export function sessionOf(row: SessionColumns): SessionRow {
  return {
    id: row.id,
    agent: row.agent,
    device: row.device,
    method: row.method as Method,
    createdAtMs: row.created_at_ms,
    seenAtMs: row.seen_at_ms,
    expiresAtMs: row.expires_at_ms,
    stepUpAtMs: row.step_up_at_ms,
    endedAtMs: row.ended_at_ms,
  }
}
