/** What is sealed of a disclosure: docs/formats.md section 10.1. */
import { TelltaleError } from '../base/errors.ts'
import { DISCLOSURE_CUSTOMERS_MAX, DISCLOSURE_FIELDS_MAX } from '../base/limits.ts'
import { PLAIN_BYTES_MAX } from './cipher.ts'
import type { Grade, Path, Purpose } from './header.ts'
import { GRADES, isEntryTime, malformed, PATHS, PURPOSES } from './header.ts'
import { type Raw, readCanonical, spellerOf } from './spelling.ts'

/** One act by which an agent was shown fields of one or more customers. A text is 1 to 256 bytes of
 * UTF-8, the query up to 8,192; none holds a lone surrogate or a control character, but for tabs and
 * line breaks in a query. */
export interface Disclosure {
  readonly agent: string
  readonly atMs: number
  /** Their keys, at least one, each once, ascending by UTF-16 code unit. */
  readonly customers: readonly string[]
  /** Names of the fields shown clear, each once, ascending. */
  readonly fields: readonly string[]
  /** Names of the fields shown masked, likewise; none is also shown clear. */
  readonly masked: readonly string[]
  readonly grade: Grade
  readonly path: Path
  readonly purpose: Purpose
  readonly query: string | null
  /** The queue in which the customer was dealt with. */
  readonly queue: string | null
  /** Number of the ticket, call or grant; null where the purpose is `none`. */
  readonly reference: string | null
  readonly session: string | null
  /** The desk or gateway that reported the disclosure, if it came over the network. */
  readonly writer: string | null
}

/** The part of a disclosure that is sealed. */
export type Sealed = Pick<
  Disclosure,
  | 'agent'
  | 'customers'
  | 'fields'
  | 'masked'
  | 'query'
  | 'queue'
  | 'reference'
  | 'session'
  | 'writer'
>

/** The plain text of one of a disclosure's entries. */
export interface PlainPart {
  readonly text: string
  /** How many customers it names. */
  readonly customers: number
}

/** The canonical JSON of a sealed part, but for its customers. */
interface Frame {
  /** Up to the `[` of the customers. */
  readonly before: string
  /** From their `]` on. */
  readonly after: string
}

const CUSTOMERS = 'customers'
const spell = spellerOf((problem) => wrong(problem))

/** Checks that a disclosure is what its type says; throws DISCLOSURE_MALFORMED. */
export function checkDisclosure(d: Disclosure): void {
  checkValues(d)
  spelled(d)
}

/** What is sealed of a disclosure, in as few entries as take it: nearly always one. Throws
 * DISCLOSURE_MALFORMED. */
export function disclosureTexts(d: Disclosure): PlainPart[] {
  checkValues(d)
  const { before, after } = frameOf(d)
  const room = PLAIN_BYTES_MAX - Buffer.byteLength(before) - Buffer.byteLength(after)
  return dealtOut(d.customers, room).map(({ text, customers }) => ({
    text: before + text + after,
    customers,
  }))
}

/** Checks all but the texts; throws DISCLOSURE_MALFORMED. */
function checkValues(d: Disclosure): void {
  const { purpose } = d
  if (!isEntryTime(d.atMs)) throw wrong('its time is not within the years 1990 to 9999')
  if (!GRADES.includes(d.grade)) throw wrong(`its grade is none of ${GRADES.join(', ')}`)
  if (!PATHS.includes(d.path)) throw wrong(`its path is none of ${PATHS.join(', ')}`)
  if (!PURPOSES.includes(purpose)) throw wrong(`its purpose is none of ${PURPOSES.join(', ')}`)
  if (purpose === 'none' && d.reference !== null) throw wrong('it has a reference but no purpose')
  if (d.customers.length === 0) throw wrong('it names no customer')
  if (d.customers.length > DISCLOSURE_CUSTOMERS_MAX) {
    throw wrong(`it names more than ${DISCLOSURE_CUSTOMERS_MAX} customers`)
  }
  if (d.fields.length + d.masked.length > DISCLOSURE_FIELDS_MAX) {
    throw wrong(`it names more than ${DISCLOSURE_FIELDS_MAX} fields`)
  }
  if (hasTwice(d)) throw wrong('a field is both shown clear and masked')
}

function hasTwice({ fields, masked }: Sealed): boolean {
  return masked.some((name) => fields.includes(name))
}

function frameOf(d: Sealed): Frame {
  let after = ']'
  if (d.fields.length > 0) after += `,"fields":[${spell.list(d.fields, 'fields')}]`
  if (d.masked.length > 0) after += `,"masked":[${spell.list(d.masked, 'masked fields')}]`
  if (d.query !== null) after += `,"query":${spell.long(d.query, 'query')}`
  if (d.queue !== null) after += `,"queue":${spell.short(d.queue, 'queue')}`
  if (d.reference !== null) after += `,"reference":${spell.short(d.reference, 'reference')}`
  if (d.session !== null) after += `,"session":${spell.short(d.session, 'session')}`
  if (d.writer !== null) after += `,"writer":${spell.short(d.writer, 'writer')}`
  return { before: `{"agent":${spell.short(d.agent, 'agent')},"customers":[`, after: `${after}}` }
}

function spelled(d: Sealed): string {
  const { before, after } = frameOf(d)
  return before + spell.list(d.customers, CUSTOMERS) + after
}

/** Deals customers out to as few texts as take them, each of up to `room` bytes. */
function dealtOut(customers: readonly string[], room: number): PlainPart[] {
  const whole = spell.list(customers, CUSTOMERS)
  if (Buffer.byteLength(whole) <= room) return [{ text: whole, customers: customers.length }]
  const parts: PlainPart[] = []
  let from = 0
  let bytes = 0
  for (let i = 0; i <= customers.length; i++) {
    const more =
      i < customers.length ? Buffer.byteLength(spell.short(customers[i], CUSTOMERS)) + 1 : Infinity
    if (i > from && bytes + more > room + 1) {
      parts.push({ text: spell.list(customers.slice(from, i), CUSTOMERS), customers: i - from })
      from = i
      bytes = 0
    }
    bytes += more
  }
  return parts
}

/** Reads the canonical JSON of a sealed part and nothing else; throws ENTRY_MALFORMED. */
export function parseDisclosureText(text: string): Sealed {
  const sealed = readCanonical(text, ['customers', 'fields', 'masked'], sealedOf, spelled)
  if (hasTwice(sealed)) throw malformed('a field in it is both clear and masked')
  return sealed
}

function sealedOf(raw: Raw): Sealed {
  return {
    agent: raw.agent,
    customers: raw.customers ?? [],
    fields: raw.fields ?? [],
    masked: raw.masked ?? [],
    query: raw.query ?? null,
    queue: raw.queue ?? null,
    reference: raw.reference ?? null,
    session: raw.session ?? null,
    writer: raw.writer ?? null,
  }
}

/** The error of a disclosure that is none; `problem` is a clause without a full stop. */
export function wrong(problem: string): TelltaleError {
  return new TelltaleError('DISCLOSURE_MALFORMED', { problem })
}
