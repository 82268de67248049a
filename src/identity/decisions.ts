/** What this folder tells the log. */
import type { Decision } from '../tlog/decision.ts'

/** A decision from what is worth saying of it. */
export function decisionOf(
  said: Pick<Decision, 'act' | 'agent' | 'atMs'> & Partial<Decision>,
): Decision {
  return {
    customers: [],
    detail: null,
    reason: null,
    reference: null,
    session: null,
    subject: null,
    writer: null,
    ...said,
  }
}
