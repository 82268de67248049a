/** Exceptions at a desk of agents, leads and officers, before each test as it was. */
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { createExport } from '../../src/disclosure/export.ts'
import { createHandles } from '../../src/disclosure/handles.ts'
import { createTicketCustomers } from '../../src/disclosure/ticket-customers.ts'
import { createGrants } from '../../src/grants/grants.ts'
import type { Ask, Grant, Grants } from '../../src/grants/ports.ts'
import type { Caller } from '../../src/guard/facts.ts'
import { exportStore } from '../../src/store/exports.ts'
import { grantStore } from '../../src/store/grants.ts'
import { createLookupStore } from '../../src/store/lookups.ts'
import { createTicketStore } from '../../src/store/tickets.ts'
import { FIELDS, type TestDesk, testDesk } from '../disclosure/desk.ts'
import { NOW_MS } from '../disclosure/rows.ts'

export interface Exceptions {
  readonly desk: TestDesk
  readonly grants: Grants
  /** kim and bo are agents, lea and lou leads, ola and oki officers. */
  readonly who: Readonly<Record<'kim' | 'bo' | 'lea' | 'lou' | 'ola' | 'oki', Caller>>
  /** A handle of a search by this caller. */
  handle(caller: Caller, customer: string): string
}

const handles = createHandles(Buffer.alloc(32, 7))
let number = 0

/** Opened before the tests of a file. */
export function exceptions(): Exceptions {
  let opened: Exceptions
  beforeAll(async () => {
    opened = await open()
  })
  afterAll(() => opened.desk.close())
  beforeEach(() => asItWas(opened.desk))
  return {
    get desk() {
      return opened.desk
    },
    get grants() {
      return opened.grants
    },
    get who() {
      return opened.who
    },
    handle: (caller, customer) => handles.seal(caller, customer, opened.desk.clock.nowMs),
  }
}

async function open(): Promise<Exceptions> {
  const desk = await testDesk()
  const { db, ports } = desk
  const who = {
    kim: await desk.addAgent('kim', { team: 'billing' }),
    bo: await desk.addAgent('bo', { team: 'billing' }),
    lea: await desk.addAgent('lea', { roles: ['lead'] }),
    lou: await desk.addAgent('lou', { roles: ['agent', 'lead'] }),
    ola: await desk.addAgent('ola', { roles: ['officer'] }),
    oki: await desk.addAgent('oki', { roles: ['officer'] }),
  }
  for (const key of ['c-1', 'c-2', 'c-3', 'k-1', 'k-2', 'k-3', 'k-4']) await desk.addCustomer(key)
  const grants = createGrants({
    store: grantStore(db),
    policies: ports.policies,
    decide: ports.recorder.decide,
    release: desk.release,
    releaseExport: createExport({ ...ports, canaries: exportStore(db) }),
    meant: {
      ofHandle: handles.open,
      ofTickets: createTicketCustomers({
        lookups: createLookupStore(db),
        decide: ports.recorder.decide,
        ticket: async (number) => {
          const query = db.selectFrom('support.tickets').select(['customer', 'assignee'])
          return (await query.where('number', '=', number).executeTakeFirst()) ?? null
        },
      }),
    },
    openOf: createTicketStore(db).openOf,
    fields: FIELDS,
    nowMs: ports.nowMs,
  })
  return { desk, grants, who, handle: () => '' }
}

async function asItWas(desk: TestDesk): Promise<void> {
  const { db } = desk
  desk.clock.nowMs = NOW_MS
  const tables = [
    'telltale.exports',
    'telltale.canaries',
    'telltale.grants',
    'telltale.rosters',
    'telltale.views',
    'telltale.lookups',
    'telltale.events',
    'support.tickets',
  ] as const
  for (const table of tables) await db.deleteFrom(table).execute()
  await db.updateTable('telltale.sessions').set({ ended_at_ms: null, seen_at_ms: NOW_MS }).execute()
  await db.updateTable('telltale.agents').set({ status: 'active' }).execute()
  await desk.addTicket('T-1', 'c-1', { assignee: 'kim' })
  await desk.addTicket('T-2', 'c-2', { assignee: 'bo' })
  desk.forget()
}

/** A request that says something, and something else each time. */
export function asked(change: Partial<Ask> = {}): Ask {
  const word = [...String(++number)].map((digit) => 'abcdefghij'[Number(digit)]).join('')
  return {
    kind: 'see',
    reason: 'callback-promised',
    text: `We promised them a call back about case ${word}`,
    ticket: null,
    handles: [],
    tickets: ['T-1'],
    fields: ['phone'],
    minutes: 60,
    extra: 0,
    emergency: false,
    ...change,
  }
}

/** A lead or officer says yes, in other words each time. */
export function yes(at: Exceptions, by: Caller, { id }: Pick<Grant, 'id'>): Promise<Grant> {
  const { text } = asked()
  return at.grants.decide(by, id, true, `Checked the ticket. ${text}`)
}

/** The caller without a fresh sign-in. */
export function stale(caller: Caller): Caller {
  return { ...caller, session: { ...caller.session, stepUpAtMs: NOW_MS - 6 * 60_000 } }
}
