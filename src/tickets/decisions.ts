/** What working on tickets tells the log. */
import type { Caller } from '../guard/facts.ts'
import type { Decision } from '../tlog/decision.ts'

/** A decision of the caller, now, from what is worth saying of it. */
export function decisionOf(
  { agent, session }: Caller,
  atMs: number,
  said: Pick<Decision, 'act'> & Partial<Decision>,
): Decision {
  return {
    agent: agent.id,
    atMs,
    customers: [],
    detail: null,
    reason: null,
    reference: null,
    session: session.id,
    subject: null,
    writer: null,
    ...said,
  }
}
