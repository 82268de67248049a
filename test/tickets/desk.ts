/** A whole desk on a database of its own, but for the log, which is a list, and the clock. */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { keepingShown } from '../../src/disclosure/access.ts'
import { createHandles } from '../../src/disclosure/handles.ts'
import type { Released } from '../../src/disclosure/ports.ts'
import { createRelease } from '../../src/disclosure/release.ts'
import { createSearch } from '../../src/disclosure/search.ts'
import type { Caller } from '../../src/guard/facts.ts'
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
import { createTickets, type WorkPorts } from '../../src/tickets/work.ts'
import { type Decision, decisionText } from '../../src/tlog/decision.ts'
import { checkDisclosure, type Disclosure } from '../../src/tlog/sealed.ts'
import { freshDatabase } from '../store/database.ts'
import { people, START_MS } from './people.ts'

export { DAY_MS, MINUTE_MS, START_MS } from './people.ts'

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
  const replies = { newMailId: () => `<${randomBytes(9).toString('hex')}@desk.example>` }
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
  const kept = keepingShown(shown, (error) => {
    throw error
  })
  const keepShown = kept.keep
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
  const parts = {
    board: store,
    store,
    facts,
    source,
    release,
    policies,
    handles,
    codes: codeStore,
    sender,
    replies,
    dialer,
    decide,
    now,
  } satisfies WorkPorts
  const tickets = createTickets(parts)
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
    replies,
    source,
    store,
    facts,
    codeStore,
    lookups,
    shown,
    settled: kept.settled,
    handles,
    budget,
    policies,
    release,
    tickets,
    /** The same, but for these. */
    ticketsWith: (other: Partial<WorkPorts>) => createTickets({ ...parts, ...other }),
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

/** How the fields of a release are shown. */
export function viewsOf({ fields }: Released): Record<string, string> {
  return Object.fromEntries(fields.map(({ field, view }) => [field.name, view]))
}

/** The code of what it fails with; else `done`. */
export function codeOf(asked: Promise<unknown>): Promise<unknown> {
  return asked.then(
    () => 'done',
    ({ code }) => code,
  )
}
