/** A whole desk on a database of its own, but for the log, which is a list, and the clock. */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { createHandles } from '../../src/disclosure/handles.ts'
import type { Released } from '../../src/disclosure/ports.ts'
import { createRelease } from '../../src/disclosure/release.ts'
import { createSearch } from '../../src/disclosure/search.ts'
import type { Caller, Role } from '../../src/guard/facts.ts'
import { readPolicies } from '../../src/policies.ts'
import { presetMap } from '../../src/source/mapping.ts'
import { openSource } from '../../src/source/postgres.ts'
import { createShownStore } from '../../src/store/access.ts'
import { budgetStore } from '../../src/store/budgets.ts'
import { createCodeStore } from '../../src/store/codes.ts'
import { factsStore } from '../../src/store/facts.ts'
import { budgetLimits } from '../../src/store/limits.ts'
import { createLookupStore } from '../../src/store/lookups.ts'
import { createTicketStore } from '../../src/store/tickets.ts'
import { createCodes } from '../../src/tickets/codes.ts'
import type { CodeSender, Dialer } from '../../src/tickets/ports.ts'
import { createTickets } from '../../src/tickets/work.ts'
import { type Decision, decisionText } from '../../src/tlog/decision.ts'
import { checkDisclosure, type Disclosure } from '../../src/tlog/sealed.ts'
import { freshDatabase } from '../store/database.ts'

export const START_MS = Date.UTC(2026, 2, 2, 9)
export const MINUTE_MS = 60_000
export const DAY_MS = 24 * 60 * MINUTE_MS

export type Desk = Awaited<ReturnType<typeof openDesk>>

interface SentCode {
  readonly to: string
  readonly code: string
  readonly ticket: string
}

export async function openDesk() {
  const database = await freshDatabase()
  const { db } = database
  const clock = { ms: START_MS }
  const now = () => clock.ms
  const log = openLog()
  const sent: SentCode[] = []
  const calls: Parameters<Dialer>[0][] = []
  const outside = { sends: true, dials: true }
  const sender: CodeSender = {
    channels: ['mail', 'phone'],
    send: async ({ value }, { code, ticket }) => {
      if (!outside.sends)
        throw Object.assign(new Error(`550 <${value}> refused`), { code: 'EENVELOPE' })
      sent.push({ to: value, code, ticket })
    },
  }
  const dialer: Dialer = async (call) => {
    if (!outside.dials) throw Object.assign(new Error(call.number), { code: 'STATUS_503' })
    calls.push(call)
  }
  const pool = new pg.Pool({ connectionString: database.url, max: 8 })
  const agents = { idsOf: async () => new Map<string, string>(), nameOf: async () => null }
  const mapping = presetMap('telltale')
  const source = await openSource({ mapping, pool, agents })
  const policies = await readPolicies()
  const store = createTicketStore(db)
  const facts = factsStore(db, now, null)
  const codeStore = createCodeStore(db)
  const lookups = createLookupStore(db)
  const shown = createShownStore(db)
  const handles = createHandles(randomBytes(32))
  const budget = { ...budgetStore(db), ...budgetLimits(db) }
  const { recorder } = log
  const { decide } = recorder
  const keepShown = shown.keep
  const release = createRelease({
    facts,
    policies,
    budget,
    source,
    recorder,
    keepShown,
    nowMs: now,
  })
  const stands = async (caller: Caller) =>
    (await facts.read(caller, { kind: 'ticket', number: '' })).sessionGood
  const tickets = createTickets({
    board: store,
    store,
    facts,
    source,
    release,
    policies,
    handles,
    codes: codeStore,
    sender,
    dialer,
    decide,
    now,
  })
  const codes = createCodes({
    facts,
    source,
    codes: codeStore,
    sender,
    decide,
    key: randomBytes(32),
    now,
  })
  const search = createSearch({
    lookups,
    source,
    recorder,
    decide,
    policies,
    handles,
    stands,
    openOf: store.openOf,
    keepShown,
    now,
  })
  return {
    ...people(database),
    database,
    db,
    clock,
    now,
    log,
    sent,
    calls,
    outside,
    sender,
    source,
    store,
    facts,
    codeStore,
    lookups,
    shown,
    handles,
    budget,
    policies,
    release,
    tickets,
    codes,
    search,
    close: async () => {
      await pool.end()
      await database.close()
    },
  }
}

/** The log as a list: takes what the real one takes, and fails where it is told to. */
function openLog() {
  const decisions: Decision[] = []
  const disclosures: Disclosure[] = []
  const state = { fails: false, onWrite: async () => {} }
  const write = async <T>(list: T[], one: T) => {
    if (state.fails) throw new Error('the disk is full')
    list.push(one)
    await state.onWrite()
    return { first: decisions.length + disclosures.length - 1, count: 1 }
  }
  const recorder = {
    record: async (disclosure: Disclosure) => {
      checkDisclosure(disclosure)
      return write(disclosures, disclosure)
    },
    decide: async (decision: Decision) => {
      decisionText(decision)
      return write(decisions, decision)
    },
  }
  return {
    state,
    decisions,
    disclosures,
    recorder,
    acts: () => decisions.map(({ act }) => act),
    last: () => decisions[decisions.length - 1],
  }
}

interface AgentSpec {
  readonly roles?: readonly Role[]
  readonly person?: string
  readonly team?: string | null
  readonly queues?: readonly string[]
  readonly mail?: string
}

interface TicketSpec {
  readonly customer?: string
  readonly queue?: string
  readonly priority?: number
  readonly origin?: readonly ['customer' | 'system' | 'agent', (string | null)?]
  readonly assignee?: string
  readonly by?: readonly ['router' | 'agent', (string | null)?]
  readonly assignedAtMs?: number
  readonly openedAtMs?: number
  readonly contactAtMs?: number
}

/** Puts people, customers and tickets there. */
function people({ db }: Awaited<ReturnType<typeof freshDatabase>>) {
  const callers = new Map<string, Caller>()

  async function agent(id: string, spec: AgentSpec = {}): Promise<Caller> {
    const { roles = ['agent'], person = id, team = 'red', queues = ['mail'], mail } = spec
    const at = START_MS - DAY_MS
    if (team !== null) {
      const row = { id: team, name: team, created_at_ms: at }
      await db
        .insertInto('telltale.teams')
        .values(row)
        .onConflict((on) => on.doNothing())
        .execute()
    }
    const pseudonym = `A-${id.toUpperCase()}`
    const base = { id, person, name: `Name of ${id}`, pseudonym, team, kind: 'person' as const }
    await db
      .insertInto('telltale.agents')
      .values({
        ...base,
        roles: [...roles],
        status: 'active',
        mail: mail ?? `${id}@desk.example`,
        created_at_ms: at,
        changed_at_ms: at,
      })
      .execute()
    for (const queue of queues) {
      await db
        .insertInto('support.queues')
        .values({ id: queue, name: queue })
        .onConflict((on) => on.doNothing())
        .execute()
      await db.insertInto('support.members').values({ queue, agent: id }).execute()
    }
    const caller = await session({ ...base, roles, status: 'active' })
    callers.set(id, caller)
    return caller
  }

  /** Another session of an agent. */
  async function session(of: Caller['agent']): Promise<Caller> {
    const id = randomBytes(9).toString('base64url')
    const expiresAtMs = START_MS + 400 * DAY_MS
    await db
      .insertInto('telltale.sessions')
      .values({
        id,
        secret_hash: randomBytes(32),
        agent: of.id,
        device: id,
        method: 'passkey',
        created_at_ms: START_MS,
        // Tests that jump by days are not about idle sessions.
        seen_at_ms: expiresAtMs,
        expires_at_ms: expiresAtMs,
      })
      .execute()
    const facts = { id, agent: of.id, device: id, createdAtMs: START_MS, stepUpAtMs: null }
    return { agent: of, session: { ...facts, expiresAtMs } }
  }

  async function customer(key: string, values: Record<string, string | null> = {}): Promise<void> {
    await db
      .insertInto('support.customers')
      .values({
        key,
        name: `Aiko ${key}`,
        mail: `${key.toLowerCase()}@customer.example`,
        phone: '+81312345678',
        locale: 'ja',
        created_at_ms: START_MS,
        ...values,
      })
      .onConflict((on) => on.doNothing())
      .execute()
  }

  async function ticket(number: string, spec: TicketSpec = {}): Promise<string> {
    const { customer: key = 'C1', queue = 'mail', origin = ['customer'], by, assignee } = spec
    await customer(key)
    const openedAtMs = spec.openedAtMs ?? START_MS - 60 * MINUTE_MS
    await db
      .insertInto('support.tickets')
      .values({
        number,
        customer: key,
        queue,
        topic: 'a topic',
        channel: 'mail',
        priority: spec.priority ?? 0,
        origin_kind: origin[0],
        origin_agent: origin[1] ?? null,
        opened_at_ms: openedAtMs,
        contact_at_ms: spec.contactAtMs ?? openedAtMs,
        state: 'open',
        assignee: assignee ?? null,
        assigned_kind: assignee ? (by?.[0] ?? 'router') : null,
        assigned_agent: by?.[1] ?? null,
        assigned_at_ms: assignee ? (spec.assignedAtMs ?? START_MS - 30 * MINUTE_MS) : null,
      })
      .execute()
    return number
  }

  const row = (number: string) =>
    db
      .selectFrom('support.tickets')
      .selectAll()
      .where('number', '=', number)
      .executeTakeFirstOrThrow()

  return { agent, session, customer, ticket, row }
}

/** How the fields of a release are shown. */
export function viewsOf({ fields }: Released): Record<string, string> {
  return Object.fromEntries(fields.map(({ field, view }) => [field.name, view]))
}
