/** Finding a customer by exactly one identifier: counted, logged, masked. docs/desk.md, "What is shown". */
import { randomBytes } from 'node:crypto'
import {
  SEARCH_MISSES_PER_HOUR_MAX,
  SEARCH_RESULTS_MAX,
  SEARCHES_PER_HOUR_MAX,
} from '../base/desk-limits.ts'
import { TelltaleError } from '../base/errors.ts'
import type { Caller, FieldSpec } from '../guard/facts.ts'
import { mask } from '../guard/mask.ts'
import type { Policies } from '../guard/policy.ts'
import type { Decision } from '../tlog/decision.ts'
import type { Handles } from './handles.ts'
import type { Found, Identifier, KeepShown, Search, SourcePort, Values } from './ports.ts'
import type { Recorder } from './recorder.ts'

/** Counts searches. */
export interface LookupStore {
  /** Counts a search as a miss, until `found`; or says which limit it would exceed, and until when.
   * Exact over parallel calls. */
  charge(search: {
    readonly id: string
    readonly agent: string
    readonly atMs: number
    /** In the last hour. */
    readonly limits: { readonly searches: number; readonly misses: number }
  }): Promise<{ readonly over: 'searches' | 'misses'; readonly untilMs: number } | null>
  found(id: string): Promise<void>
  /** In the last hour. */
  used(agent: string, atMs: number): Promise<{ searches: number; misses: number }>
}

/** What a search needs. */
export interface SearchPorts {
  readonly lookups: Pick<LookupStore, 'charge' | 'found'>
  readonly source: Pick<SourcePort, 'fields' | 'find' | 'valuesOf'>
  readonly recorder: Pick<Recorder, 'record'>
  /** To the log: durable when it resolves. */
  readonly decide: (decision: Decision) => Promise<unknown>
  readonly policies: Pick<Policies, 'answer'>
  readonly handles: Pick<Handles, 'seal'>
  /** Whether the caller's session still stands. */
  readonly stands: (caller: Caller) => Promise<boolean>
  /** Number of an open ticket of the agent's per customer. */
  readonly openOf: (
    agent: string,
    customers: readonly string[],
  ) => Promise<ReadonlyMap<string, string>>
  readonly keepShown: KeepShown
  readonly now: () => number
}

/** Searches through these. */
export function createSearch(ports: SearchPorts): Search {
  const shown = ports.source.fields.filter(isRecognised)

  return async (caller, by, text) => {
    await checkCaller(ports, caller)
    const value = identifier(by, text)
    const atMs = ports.now()
    const id = await chargeSearch(ports, caller, atMs)
    const keys = await ports.source.find(by, value, SEARCH_RESULTS_MAX + 1)
    if (keys.length === 0 || keys.length > SEARCH_RESULTS_MAX) {
      const what = keys.length === 0 ? 'nobody' : 'too many'
      await ports.decide(missed(caller, atMs, by, value, what))
      if (keys.length === 0) return []
      throw new TelltaleError('SEARCH_AMBIGUOUS', { limit: SEARCH_RESULTS_MAX })
    }
    const customers = [...new Set(keys)].sort((a, b) => (a < b ? -1 : 1))
    const names = shown.map(({ name }) => name)
    const [values, mine] = await Promise.all([
      ports.source.valuesOf(customers, names),
      ports.openOf(caller.agent.id, customers),
    ])
    const found = customers.map((customer) => ({
      handle: ports.handles.seal(caller, customer, atMs),
      fields: maskedOf(shown, values.get(customer) ?? {}),
      openTicketYours: mine.get(customer) ?? null,
    }))
    await record(ports, caller, { atMs, customers, names, query: `${by}: ${value}` })
    await ports.lookups.found(id)
    if (!(await ports.stands(caller))) throw new TelltaleError('SESSION_ENDED', {})
    return inNoOrder(found)
  }
}

/** What one recognises a customer by. */
function isRecognised({ class: kind }: FieldSpec): boolean {
  return kind === 'identity' || kind === 'contact'
}

async function checkCaller(ports: SearchPorts, caller: Caller): Promise<void> {
  const present = caller.agent.status === 'active' && (await ports.stands(caller))
  if (!present) throw new TelltaleError('SESSION_ENDED', {})
  const { roles, kind } = caller.agent
  const answer = ports.policies.answer({
    asker: { roles, kind },
    action: 'search',
    context: { present, steppedUp: false },
  })
  if (!answer.allowed) throw new TelltaleError('ROLE_NEEDED', { role: 'agent' })
}

// One whole identifier each. `*`, `%` and the like stand for themselves: nothing is matched by pattern.
const WHOLE: Readonly<Record<Identifier, RegExp>> = {
  mail: /^[^\s@\p{C}]{1,64}@[^\s@\p{C}]{1,190}$/u,
  phone: /^\+?[\d\s().\-/\u2010-\u2015]{5,40}$/,
  ticket: /^[^\s\p{C}]{1,64}$/u,
  customer: /^[^\p{C}]{1,128}$/u,
}

/** As it is searched for; the source knows how it writes it. Throws SEARCH_INVALID. */
function identifier(by: Identifier, text: string): string {
  // Full-width digits and signs are typed by mistake, except in keys, which are what they are.
  const value = (by === 'customer' ? text : text.normalize('NFKC')).trim()
  const digits = value.replace(/\D/g, '').length
  const isWhole = WHOLE[by].test(value) && (by !== 'phone' || (digits >= 5 && digits <= 17))
  if (!isWhole) throw new TelltaleError('SEARCH_INVALID', { by: WORDS[by] })
  return by === 'mail' ? value.toLowerCase() : value
}

const WORDS: Readonly<Record<Identifier, string>> = {
  mail: 'mail address',
  phone: 'phone number',
  ticket: 'ticket number',
  customer: 'customer number',
}

/** Counts a search as a miss, until it is found by this id. Throws SEARCH_TOO_MANY. */
export async function chargeSearch(
  { lookups }: { readonly lookups: Pick<LookupStore, 'charge'> },
  caller: Caller,
  atMs: number,
): Promise<string> {
  const id = randomBytes(16).toString('base64url')
  const limits = { searches: SEARCHES_PER_HOUR_MAX, misses: SEARCH_MISSES_PER_HOUR_MAX }
  const refused = await lookups.charge({ id, agent: caller.agent.id, atMs, limits })
  if (refused === null) return id
  const { over, untilMs } = refused
  const what = over === 'misses' ? 'searches that found nobody' : 'searches'
  const minutes = Math.max(1, Math.ceil((untilMs - atMs) / 60_000))
  throw new TelltaleError('SEARCH_TOO_MANY', { what, limit: limits[over], minutes })
}

/** What the log holds of a search that found nobody, or too many. */
export function missed(
  { agent, session }: Caller,
  atMs: number,
  by: Identifier,
  value: string,
  what: string,
): Decision {
  return {
    act: 'search.missed',
    agent: agent.id,
    atMs,
    customers: [],
    detail: what,
    reason: `${by}: ${value}`,
    reference: null,
    session: session.id,
    subject: null,
    writer: null,
  }
}

/** One disclosure for all that were found, before any of it is told. */
async function record(
  { recorder, keepShown }: SearchPorts,
  { agent, session }: Caller,
  {
    atMs,
    customers,
    names,
    query,
  }: {
    readonly atMs: number
    readonly customers: readonly string[]
    readonly names: readonly string[]
    readonly query: string
  },
): Promise<void> {
  const masked = [...names].sort((a, b) => (a < b ? -1 : 1))
  const { first } = await recorder.record({
    agent: agent.id,
    atMs,
    customers,
    fields: [],
    masked,
    grade: 'none',
    path: 'desk',
    purpose: 'none',
    query,
    queue: null,
    reference: null,
    session: session.id,
    writer: null,
  })
  keepShown({
    agent: agent.id,
    atMs,
    entry: first,
    path: 'desk',
    purpose: { kind: 'none', reference: null, queue: null, grade: 'none', ended: null },
    customers: customers.length,
    fields: [],
    masked,
  })
}

function maskedOf(specs: readonly FieldSpec[], values: Values): Found['fields'] {
  return specs.map(({ name, mask: kind }) => {
    const value = values[name] ?? null
    return { name, view: 'masked', value: value === null ? null : mask(kind, value) }
  })
}

/** The order of keys would tell something of them. */
function inNoOrder(found: readonly Found[]): readonly Found[] {
  const text = ({ fields }: Found) => fields.map(({ value }) => value ?? '').join('\n')
  return [...found].sort((a, b) => (text(a) < text(b) ? -1 : 1))
}
