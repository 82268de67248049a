/** Whether a sign-in is fresh enough for an act that cannot be taken back. */
import { STEP_UP_MS } from '../base/desk-limits.ts'
import { TelltaleError } from '../base/errors.ts'
import type { SessionFacts } from '../guard/facts.ts'

/** Throws STEP_UP_NEEDED. */
export function requireStepUp({ stepUpAtMs }: SessionFacts, nowMs: number): void {
  if (stepUpAtMs !== null && nowMs <= stepUpAtMs + STEP_UP_MS) return
  throw new TelltaleError('STEP_UP_NEEDED', { minutes: STEP_UP_MS / 60_000 })
}
