/** What exceptions tell the log. */
import type { Caller } from '../guard/facts.ts'
import type { Decision } from '../tlog/decision.ts'
import type { Act } from '../tlog/header.ts'
import type { GrantRow } from './stores.ts'

/** One step of a grant, taken by the caller now, in whose words. */
export function decisionOf(
  { agent, session }: Caller,
  act: Act,
  grant: GrantRow,
  text: string,
  atMs: number,
): Decision {
  return {
    act,
    agent: agent.id,
    atMs,
    customers: [...grant.customers].sort((a, b) => (a < b ? -1 : 1)),
    detail: detailOf(grant),
    reason: text === '' ? null : text,
    reference: grant.id,
    session: session.id,
    subject: grant.agent === agent.id ? null : grant.agent,
    writer: null,
  }
}

/** What it is for, as far as 256 bytes take it: names of fields stand in the request, too. */
function detailOf({ kind, reason, fields, minutes, extra, emergency }: GrantRow): string {
  const what = kind === 'budget' ? `${extra} customers more` : fields.join(' ')
  const text = `${kind}, ${reason}, ${minutes} min${emergency ? ', emergency' : ''}: ${what}`
  return Buffer.byteLength(text) <= 256 ? text : `${text.slice(0, 60)}... ${fields.length} fields`
}
