/** What is sealed of a disclosure: docs/formats.md section 10.1. */
import { TelltaleError } from '../base/errors.ts'
import {
  AT_MAX_MS,
  AT_MIN_MS,
  DISCLOSURE_CUSTOMERS_MAX,
  DISCLOSURE_FIELDS_MAX,
  KEY_BYTES_MAX,
  QUERY_BYTES_MAX,
} from '../base/limits.ts'
import type { Grade, Path, Purpose } from './header.ts'
import { GRADES, malformed, PATHS, PURPOSES } from './header.ts'

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

/** The canonical JSON of a sealed part, but for its customers. */
export interface PlainFrame {
  /** Up to the `[` of the customers. */
  readonly before: string
  /** From their `]` on. */
  readonly after: string
}

/** Checks that a disclosure is what its type says; throws DISCLOSURE_MALFORMED. */
export function checkDisclosure(d: Disclosure): void {
  checkValues(d)
  plainFrame(d)
  quotedNames(d.customers, 'customers')
}

/** Checks all but the texts; throws DISCLOSURE_MALFORMED. */
export function checkValues(d: Disclosure): void {
  const { atMs, purpose } = d
  if (!Number.isSafeInteger(atMs) || atMs < AT_MIN_MS || atMs > AT_MAX_MS) {
    throw wrong('its time is not within the years 1990 to 9999')
  }
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
  for (const name of d.masked) {
    if (d.fields.includes(name)) throw wrong('a field is both shown clear and masked')
  }
}

/** The frame of a disclosure's plain text; throws DISCLOSURE_MALFORMED where a text is not one. */
export function plainFrame(d: Sealed): PlainFrame {
  let after = ']'
  if (d.fields.length > 0) after += `,"fields":[${quotedNames(d.fields, 'fields')}]`
  if (d.masked.length > 0) after += `,"masked":[${quotedNames(d.masked, 'masked fields')}]`
  if (d.query !== null)
    after += `,"query":${quotedWithin(d.query, 'query', QUERY_BYTES_MAX, CONTROL_IN_QUERY)}`
  if (d.queue !== null) after += `,"queue":${quoted(d.queue, 'queue')}`
  if (d.reference !== null) after += `,"reference":${quoted(d.reference, 'reference')}`
  if (d.session !== null) after += `,"session":${quoted(d.session, 'session')}`
  if (d.writer !== null) after += `,"writer":${quoted(d.writer, 'writer')}`
  return { before: `{"agent":${quoted(d.agent, 'agent')},"customers":[`, after: `${after}}` }
}

/** Names as JSON, joined by commas; throws DISCLOSURE_MALFORMED unless ascending, each once. `what`
 * they are is said in errors. */
export function quotedNames(names: readonly string[], what: string): string {
  let out = quoted(names[0], what)
  for (let i = 1; i < names.length; i++) {
    out += `,${quoted(names[i], what)}`
    if (!(names[i - 1] < names[i])) throw wrong(`its ${what} are not in order, each once`)
  }
  return out
}

// Nothing in it that JSON escapes and no character of more than a byte: nearly every text.
const SIMPLE = /^[ !#-[\]-~]{1,256}$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const CONTROL_IN_QUERY = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/

/** A text as JSON; throws DISCLOSURE_MALFORMED where it is none. */
export function quoted(text: string, what: string): string {
  return typeof text === 'string' && SIMPLE.test(text)
    ? `"${text}"`
    : quotedWithin(text, what, KEY_BYTES_MAX, CONTROL)
}

function quotedWithin(text: string, what: string, bytesMax: number, control: RegExp): string {
  const found = (problem: string) => wrong(`a text in its ${what} ${problem}`)
  if (typeof text !== 'string') throw found('is no text')
  if (text === '') throw found('is empty')
  if (text.length > bytesMax || Buffer.byteLength(text) > bytesMax) {
    throw found(`is longer than ${bytesMax} bytes`)
  }
  if (control.test(text)) throw found('holds a control character')
  if (!text.isWellFormed()) throw found('is not Unicode')
  return JSON.stringify(text)
}

/** Reads the canonical JSON of a sealed part and nothing else; throws ENTRY_MALFORMED. */
export function parsePlain(text: string): Sealed {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw malformed('what is sealed in it is not JSON')
  }
  const raw = Object(value) as Record<string, never>
  const lists = [raw.customers, raw.fields ?? [], raw.masked ?? []]
  if (!lists.every(Array.isArray)) throw malformed('what is sealed in it has a list that is none')
  const sealed: Sealed = {
    agent: raw.agent,
    customers: raw.customers,
    fields: raw.fields ?? [],
    masked: raw.masked ?? [],
    query: raw.query ?? null,
    queue: raw.queue ?? null,
    reference: raw.reference ?? null,
    session: raw.session ?? null,
    writer: raw.writer ?? null,
  }
  if (sealed.masked.some((name) => sealed.fields.includes(name))) {
    throw malformed('a field in it is both clear and masked')
  }
  // Whatever was misspelt, not known, of the wrong type or out of order differs when it is written again.
  if (!isSpelling(text, sealed)) throw malformed('what is sealed in it is not in canonical form')
  return sealed
}

function isSpelling(text: string, sealed: Sealed): boolean {
  try {
    const { before, after } = plainFrame(sealed)
    return text === `${before}${quotedNames(sealed.customers, 'customers')}${after}`
  } catch (error) {
    if (error instanceof TelltaleError) return false
    throw error
  }
}

/** The error of a disclosure that is none; `problem` is a clause without a full stop. */
export function wrong(problem: string): TelltaleError {
  return new TelltaleError('DISCLOSURE_MALFORMED', { problem })
}
