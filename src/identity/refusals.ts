/** Telling the log of refused requests without letting who sends them fill it. */
import { REFUSALS_REMEMBERED_MAX, REFUSALS_TOLD_EVERY_MS } from '../base/identity-limits.ts'
import { decisionOf } from './decisions.ts'
import type { Decisions } from './ports.ts'

/** Tells that a session was refused: each session and reason once a minute, with the count since. */
export type TellRefusal = (
  session: { readonly id: string; readonly agent: string },
  why: string,
  atMs: number,
) => Promise<void>

/** What cannot be told, because the log does not take it, is refused all the same. */
export function createRefusals(decisions: Decisions): TellRefusal {
  let told = new Map<string, { atMs: number; since: number }>()
  return async (session, why, atMs) => {
    const key = `${session.id} ${why}`
    const before = told.get(key)
    if (before && atMs < before.atMs + REFUSALS_TOLD_EVERY_MS) {
      before.since++
      return
    }
    if (told.size >= REFUSALS_REMEMBERED_MAX) told = new Map()
    told.set(key, { atMs, since: 0 })
    const detail = before && before.since > 0 ? `${why}, ${before.since} more before` : why
    const { id, agent } = session
    await decisions
      .decide(decisionOf({ act: 'session.refused', agent, atMs, detail, reference: id }))
      .catch(() => {})
  }
}
