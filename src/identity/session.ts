/** What a session is, and until when. */
import { SESSION_IDLE_MS, SESSION_MS } from '../base/desk-limits.ts'
import type { SessionFacts } from '../guard/facts.ts'
import { decisionOf } from './decisions.ts'
import type { Decisions, SessionRow } from './ports.ts'
import { newId } from './secrets.ts'
import type { SessionStore } from './stores.ts'

/** What sessions need. */
export interface SessionsDeps {
  readonly store: SessionStore
  readonly decisions: Decisions
  nowMs(): number
}

/** How sessions end. */
export interface Endings {
  /** Ended first, told afterwards: a log that fails keeps nobody in. */
  endNow(session: SessionFacts, by: string, why: string): Promise<void>
  tellEnd(session: Pick<SessionFacts, 'id' | 'agent'>, by: string, why: string): Promise<void>
}

/** `by` is the id of the agent who ends a session. */
export function createEndings({ store, decisions, nowMs }: SessionsDeps): Endings {
  const tellEnd: Endings['tellEnd'] = async ({ id, agent }, by, why) => {
    const subject = agent === by ? null : agent
    const said = { agent: by, atMs: nowMs(), detail: why, reference: id, subject }
    await decisions.decide(decisionOf({ act: 'session.ended', ...said }))
  }
  return {
    tellEnd,
    async endNow(session, by, why) {
      if (await store.end(session.id, nowMs(), why)) await tellEnd(session, by, why)
    },
  }
}

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
