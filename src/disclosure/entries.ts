/**
 * Disclosures as lines of JSON, the way desks, gateways and `telltale log append` hand them in and
 * an export writes them out.
 *
 * | key | value |
 * |---|---|
 * | `agent` | the agent's name |
 * | `customer` or `customers` | the customer's key, or a list of keys |
 * | `at` | when: RFC 3339 with its offset, or whole seconds or milliseconds since 1970 |
 * | `fields`, `masked` | names of the fields shown clear, or masked: a list, or one text with commas, semicolons or spaces between. Left out: not recorded |
 * | `purpose` | `ticket`, `call`, `grant` or `none`, or with the number: `call:4711`. Left out: `none`, or `ticket` where there is a `ticket` |
 * | `reference`, or `ticket` | number of the ticket, call or grant |
 * | `grade` | `customer`, `routed`, `colleague`, `self` or `none`. Left out: `none` |
 * | `path` | `desk`, `api`, `sql`, `export` or `import`. Left out: `api`, because programs write lines |
 * | `queue`, `session`, `query` | texts |
 * | `writer` | who reported it. Whoever takes lines from another machine puts the authenticated name here instead |
 *
 * Names and numbers of things may be JSON numbers where these are whole and below 2^53. `null` is as
 * good as left out, but for `agent`, `customer` and `at`.
 *
 * A line with the key `act` tells of a decision. An export writes such lines; none is taken.
 */
import { AT_MAX_MS, AT_MIN_MS } from '../base/limits.ts'
import type { Decision } from '../tlog/decision.ts'
import { type Grade, type Path, PURPOSES, type Purpose } from '../tlog/header.ts'
import { checkDisclosure, type Disclosure, wrong } from '../tlog/sealed.ts'

const KEYS = [
  'agent',
  'at',
  'customer',
  'customers',
  'fields',
  'grade',
  'masked',
  'path',
  'purpose',
  'query',
  'queue',
  'reference',
  'session',
  'ticket',
  'writer',
]

/** Integers below are seconds, others milliseconds: seconds reach the year 5138, milliseconds begin
 * in 1973. */
const SECONDS_BELOW = 1e11

type Line = Readonly<Record<string, unknown>>

/** Reads one line; `latestMs` is the latest time that it may have. Throws DISCLOSURE_MALFORMED. */
export function parseDisclosureLine(text: string, latestMs: number = AT_MAX_MS): Disclosure {
  const line = objectOf(text)
  const disclosure: Disclosure = {
    agent: nameOf(line, 'agent') ?? missing('agent'),
    atMs: timeOf(line.at, latestMs),
    customers: customersOf(line),
    fields: fieldsOf(line, 'fields'),
    masked: fieldsOf(line, 'masked'),
    grade: (textOf(line, 'grade') ?? 'none') as Grade,
    path: (textOf(line, 'path') ?? 'api') as Path,
    ...purposeOf(line),
    query: textOf(line, 'query'),
    queue: nameOf(line, 'queue'),
    session: nameOf(line, 'session'),
    writer: nameOf(line, 'writer'),
  }
  checkDisclosure(disclosure)
  return disclosure
}

/** The line, without LF, that reads as this disclosure. */
export function disclosureLine(d: Disclosure): string {
  const { agent, customers, fields, masked, purpose, reference, grade, path } = d
  return JSON.stringify({
    agent,
    ...(customers.length === 1 ? { customer: customers[0] } : { customers }),
    at: new Date(d.atMs).toISOString(),
    ...(fields.length > 0 && { fields }),
    ...(masked.length > 0 && { masked }),
    purpose,
    ...(reference !== null && { reference }),
    grade,
    path,
    ...(d.queue !== null && { queue: d.queue }),
    ...(d.session !== null && { session: d.session }),
    ...(d.query !== null && { query: d.query }),
    ...(d.writer !== null && { writer: d.writer }),
  })
}

/** The line, without LF, that tells of this decision. Nothing reads it back: a decision in a log says
 * that the program which keeps the log took it, and lines come from anywhere. */
export function decisionLine(d: Decision): string {
  const { act, agent, customers } = d
  return JSON.stringify({
    act,
    agent,
    ...(customers.length === 1 && { customer: customers[0] }),
    ...(customers.length > 1 && { customers }),
    at: new Date(d.atMs).toISOString(),
    ...(d.subject !== null && { subject: d.subject }),
    ...(d.reference !== null && { reference: d.reference }),
    ...(d.reason !== null && { reason: d.reason }),
    ...(d.detail !== null && { detail: d.detail }),
    ...(d.session !== null && { session: d.session }),
    ...(d.writer !== null && { writer: d.writer }),
  })
}

function objectOf(text: string): Line {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw wrong('it is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrong('it is not a JSON object')
  }
  const keys = Object.keys(value)
  if (keys.includes('act')) throw wrong('it is a decision, which no line can put into a log')
  const unknown = keys.find((key) => !KEYS.includes(key))
  if (unknown !== undefined) {
    throw wrong(`it has a key that is not known; there are ${KEYS.join(', ')}`)
  }
  for (const one of Object.values(value).flat()) {
    if (typeof one === 'object' && one !== null) throw wrong('it holds an object within another')
  }
  // JSON.parse keeps the last of two, and another reader may keep the first.
  if (keysSpelt(text) !== keys.length) throw wrong('it has a key twice')
  return value as Line
}

/** How many keys a JSON object spells out, none of whose values is an object. By hand: a regular
 * expression over a text of any length runs out of stack. */
function keysSpelt(text: string): number {
  let count = 0
  for (let open = text.indexOf('"'); open >= 0; ) {
    let close = text.indexOf('"', open + 1)
    while (isEscaped(text, close)) close = text.indexOf('"', close + 1)
    let next = close + 1
    while (' \t\n\r'.includes(text[next])) next++
    if (text[next] === ':') count++
    open = text.indexOf('"', close + 1)
  }
  return count
}

/** Whether an odd number of backslashes stands before this place. */
function isEscaped(text: string, at: number): boolean {
  let from = at
  while (text[from - 1] === '\\') from--
  return (at - from) % 2 === 1
}

function missing(key: string): never {
  throw wrong(`it has no ${key}`)
}

/** A name, or the number of something, as text; null where there is none. */
function nameOf(line: Line, key: string): string | null {
  const value = line[key]
  return typeof value === 'number' ? numberText(value, key) : textOf(line, key)
}

function textOf(line: Line, key: string): string | null {
  const value = line[key] ?? null
  if (value !== null && typeof value !== 'string') throw wrong(`its ${key} is no text`)
  return value
}

function numberText(value: number, key: string): string {
  if (Number.isSafeInteger(value)) return String(value)
  throw wrong(`a number in its ${key} is not whole or beyond 2^53: write it as a text`)
}

function customersOf(line: Line): string[] {
  const { customer = null, customers = null } = line
  if (customer !== null && customers !== null) throw wrong('it has both customer and customers')
  if (customers === null) return [nameOf(line, 'customer') ?? missing('customer')]
  if (!Array.isArray(customers)) throw wrong('its customers are no list')
  return inOrder(customers.map((one) => itemOf(one, 'customers')))
}

function fieldsOf(line: Line, key: 'fields' | 'masked'): string[] {
  const value = line[key] ?? []
  if (typeof value === 'string') return inOrder(value.split(/[,; ]+/).filter((name) => name !== ''))
  if (!Array.isArray(value)) throw wrong(`its ${key} are neither a list nor a text`)
  return inOrder(value.map((one) => itemOf(one, key)))
}

function itemOf(value: unknown, key: string): string {
  if (typeof value === 'number') return numberText(value, key)
  if (typeof value !== 'string') throw wrong(`one of its ${key} is no text`)
  return value
}

function inOrder(names: readonly string[]): string[] {
  return [...new Set(names)].sort((a, b) => (a < b ? -1 : 1))
}

function purposeOf(line: Line): { purpose: Purpose; reference: string | null } {
  const references = [nameOf(line, 'reference'), nameOf(line, 'ticket')]
  const said = textOf(line, 'purpose')
  const colon = said?.indexOf(':') ?? -1
  if (said !== null && colon >= 0) references.push(said.slice(colon + 1))
  const given = references.filter((one) => one !== null)
  if (given.length > 1) throw wrong('it has more than one reference')
  const isTicket = references[1] !== null
  const kind = colon >= 0 ? said?.slice(0, colon) : (said ?? (isTicket ? 'ticket' : 'none'))
  const purpose = PURPOSES.find((known) => known === kind)
  if (purpose === undefined) {
    throw wrong(`its purpose is none of ${PURPOSES.join(', ')}, alone or as in ticket:T-1`)
  }
  if (isTicket && purpose !== 'ticket') throw wrong(`it has a ticket, but the purpose ${purpose}`)
  return { purpose, reference: given[0] ?? null }
}

// RFC 3339, section 5.6; its offsets as far as clocks have them.
const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d+))?(?:[Zz]|([+-])(0\d|1[0-8]):([0-5]\d))$/

function timeOf(at: unknown, latestMs: number): number {
  const atMs = typeof at === 'number' ? numberTime(at) : textTime(at)
  if (atMs < AT_MIN_MS) throw wrong('its time lies before 1990')
  if (atMs > latestMs) throw wrong('its time lies in the future')
  return atMs
}

function numberTime(at: number): number {
  if (!Number.isSafeInteger(at)) throw wrong('its time is no whole number')
  return at < SECONDS_BELOW ? at * 1000 : at
}

function textTime(at: unknown): number {
  if (at === undefined || at === null) missing('at')
  const match = typeof at === 'string' ? DATE_TIME.exec(at) : null
  if (match === null) {
    throw wrong('its time is not like 2026-03-01T14:05:00+01:00, with the offset or Z at its end')
  }
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number)
  const ms = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3))
  const midnight = new Date(0)
  midnight.setUTCFullYear(year, month - 1, day)
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) {
    throw wrong('its time names a day that the calendar does not have')
  }
  const sign = match[8] === '-' ? -1 : 1
  const offsetMin = match[8] === undefined ? 0 : sign * (Number(match[9]) * 60 + Number(match[10]))
  return midnight.getTime() + ((hour * 60 + minute - offsetMin) * 60 + second) * 1000 + ms
}
