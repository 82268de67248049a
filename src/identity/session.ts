/** What a session is, and until when. */
import { SESSION_IDLE_MS, SESSION_MS } from '../base/desk-limits.ts'
import type { SessionFacts } from '../guard/facts.ts'
import type { Decisions, SessionRow } from './ports.ts'
import { newId } from './secrets.ts'
import type { SessionStore } from './stores.ts'

/** What sessions need. */
export interface SessionsDeps {
  readonly store: SessionStore
  readonly decisions: Decisions
  nowMs(): number
}

/** Ends a session, by the agent with the id `by`, and tells so. */
export type EndSession = (session: SessionFacts, by: string, why: string) => Promise<void>

/** A session that begins now. */
export function newSession(agent: string, atMs: number, stepUpAtMs: number | null): SessionFacts {
  return {
    id: newId(),
    agent,
    device: null,
    createdAtMs: atMs,
    expiresAtMs: atMs + SESSION_MS,
    stepUpAtMs,
  }
}

/** Whether a session still lets anybody in. */
export function isLive({ endedAtMs, expiresAtMs, seenAtMs }: SessionRow, nowMs: number): boolean {
  return endedAtMs === null && nowMs < expiresAtMs && nowMs < seenAtMs + SESSION_IDLE_MS
}

/** A session as the guard sees it. */
export function factsOf(row: SessionRow): SessionFacts {
  const { id, agent, device, createdAtMs, expiresAtMs, stepUpAtMs } = row
  return { id, agent, device, createdAtMs, expiresAtMs, stepUpAtMs }
}
