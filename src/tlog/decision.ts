/** What is sealed of a decision: docs/formats.md section 10.2. */
import { TelltaleError } from '../base/errors.ts'
import { DECISION_CUSTOMERS_MAX } from '../base/limits.ts'
import { PLAIN_BYTES_MAX } from './cipher.ts'
import { ACTS, type Act, isEntryTime } from './header.ts'
import { type Raw, readCanonical, spellerOf } from './spelling.ts'

/** One act that decided something: who may see what, who stopped whom, who changed the rules. A text is
 * 1 to 256 bytes of UTF-8, the reason up to 8,192; none holds a lone surrogate or a control character,
 * but for tabs and line breaks in a reason. */
export interface Decision {
  readonly act: Act
  /** The name of who acted. */
  readonly agent: string
  readonly atMs: number
  /** Keys of the customers concerned, each once, ascending by UTF-16 code unit. At most 1,000, and in
   * all no more than one entry takes: with keys of up to 40 bytes it always does. */
  readonly customers: readonly string[]
  /** A short text that says more. */
  readonly detail: string | null
  /** The reason that somebody gave. */
  readonly reason: string | null
  /** Number of the ticket, grant or session. */
  readonly reference: string | null
  readonly session: string | null
  /** The name of another agent whom it concerns. */
  readonly subject: string | null
  /** The desk or gateway that reported it, if it came over the network. */
  readonly writer: string | null
}

/** The part of a decision that is sealed. */
export type SealedDecision = Omit<Decision, 'act' | 'atMs'>

const spell = spellerOf((problem) => wrong(problem))

/** The canonical JSON of what is sealed; throws DECISION_MALFORMED where the decision is not what its
 * type says. */
export function decisionText(d: Decision): string {
  if (!ACTS.includes(d.act)) throw wrong('its act is none that the log knows')
  if (!isEntryTime(d.atMs)) throw wrong('its time is not within the years 1990 to 9999')
  if (d.customers.length > DECISION_CUSTOMERS_MAX) {
    throw wrong(`it names more than ${DECISION_CUSTOMERS_MAX} customers`)
  }
  const text = spelled(d)
  if (Buffer.byteLength(text) > PLAIN_BYTES_MAX) {
    throw wrong('it does not fit into one entry: name fewer customers at once')
  }
  return text
}

function spelled(d: SealedDecision): string {
  let out = `{"agent":${spell.short(d.agent, 'agent')}`
  if (d.customers.length > 0) out += `,"customers":[${spell.list(d.customers, 'customers')}]`
  if (d.detail !== null) out += `,"detail":${spell.short(d.detail, 'detail')}`
  if (d.reason !== null) out += `,"reason":${spell.long(d.reason, 'reason')}`
  if (d.reference !== null) out += `,"reference":${spell.short(d.reference, 'reference')}`
  if (d.session !== null) out += `,"session":${spell.short(d.session, 'session')}`
  if (d.subject !== null) out += `,"subject":${spell.short(d.subject, 'subject')}`
  if (d.writer !== null) out += `,"writer":${spell.short(d.writer, 'writer')}`
  return `${out}}`
}

/** Reads the canonical JSON of what is sealed and nothing else; throws ENTRY_MALFORMED. */
export function parseDecisionText(text: string): SealedDecision {
  return readCanonical(text, ['customers'], sealedOf, spelled)
}

function sealedOf(raw: Raw): SealedDecision {
  return {
    agent: raw.agent,
    customers: raw.customers ?? [],
    detail: raw.detail ?? null,
    reason: raw.reason ?? null,
    reference: raw.reference ?? null,
    session: raw.session ?? null,
    subject: raw.subject ?? null,
    writer: raw.writer ?? null,
  }
}

function wrong(problem: string): TelltaleError {
  return new TelltaleError('DECISION_MALFORMED', { problem })
}
