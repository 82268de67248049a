/** Grants as their people see them, page by page. */
import { TelltaleError } from '../base/errors.ts'
import type { AgentFacts } from '../guard/facts.ts'
import type { Grant } from './ports.ts'
import type { GrantPlace, GrantRow } from './stores.ts'

/** Customers are counted and numbered, never named. */
export function grantOf(row: GrantRow): Grant {
  const { id, kind, agent, agentName, reason, text, ticket, customers, fields } = row
  const { minutes, extra, emergency, state, askedAtMs, liveFromMs, liveUntilMs } = row
  const { decidedBy, decidedAtMs, decisionText, review, reviewedBy } = row
  return {
    id,
    kind,
    agent,
    agentName,
    reason,
    text,
    ticket,
    customerCount: customers.length,
    fields,
    minutes,
    extra,
    emergency,
    state,
    askedAtMs,
    liveFromMs,
    liveUntilMs,
    decidedBy,
    decidedAtMs,
    decisionText,
    review,
    reviewedBy,
  }
}

/** Whether somebody decides on others' exceptions at all. */
export function decides({ roles }: Pick<AgentFacts, 'roles'>): boolean {
  return roles.includes('lead') || roles.includes('officer')
}

/** Where the next page begins; null where this is the last. */
export function cursorOf(
  found: readonly GrantPlace[],
  shown: readonly GrantPlace[],
): string | null {
  const last = shown.at(-1)
  return last === undefined || found.length === shown.length ? null : `${last.askedAtMs}.${last.id}`
}

/** Throws CURSOR_INVALID for what `cursorOf` does not give. */
export function placeOf(cursor: string | null): GrantPlace | null {
  if (cursor === null) return null
  const match = /^(\d{1,15})\.([\w-]{1,64})$/.exec(cursor)
  if (match === null) throw new TelltaleError('CURSOR_INVALID', {})
  return { askedAtMs: Number(match[1]), id: match[2] }
}
