/** What the log is told of what was not shown. */
import type { Decision } from '../tlog/decision.ts'
import type { ReleaseRequest } from './ports.ts'

/** A reference or a text of the log is no longer (docs/formats.md, section 10.2). */
const TEXT_BYTES_MAX = 256

/** A refusal as a decision. */
export function refusalOf(
  { caller, because }: Pick<ReleaseRequest, 'caller' | 'because'>,
  customer: string | null,
  detail: string,
  atMs: number,
): Decision {
  const reference = because.kind === 'ticket' ? because.number : because.id
  return {
    act: 'reveal.refused',
    agent: caller.agent.id,
    atMs,
    customers: customer === null ? [] : [customer],
    detail: shortened(detail),
    reason: null,
    reference: isLoggable(reference) ? reference : null,
    session: caller.session.id,
    subject: null,
    writer: null,
  }
}

/** Whoever asks may ask by any text: what the log does not take is no ticket's number anyway. */
function isLoggable(text: string): boolean {
  return text !== '' && Buffer.byteLength(text) <= TEXT_BYTES_MAX && !/[\p{Cc}\p{Cs}]/u.test(text)
}

function shortened(text: string): string {
  let end = text.length
  while (Buffer.byteLength(text.slice(0, end)) > TEXT_BYTES_MAX) end--
  return text.slice(0, end)
}
