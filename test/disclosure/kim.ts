/** Kim, an agent whose ticket T-1 of customer c-1 was routed to them; and Lee, a lead. */
import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { Released, ReleaseRequest } from '../../src/disclosure/ports.ts'
import type { Caller, Counts } from '../../src/guard/facts.ts'
import { type TestDesk, testDesk } from './desk.ts'
import { NOW_MS } from './rows.ts'

export interface KimsDesk {
  readonly desk: TestDesk
  readonly kim: Caller
  readonly lee: Caller
}

/** Opened before the tests of a file, and as it was before each of them. */
export function kimsDesk(): KimsDesk {
  let opened: KimsDesk
  beforeAll(async () => {
    const desk = await testDesk()
    const kim = await desk.addAgent('kim', { team: 'billing' })
    const lee = await desk.addAgent('lee', { roles: ['lead'] })
    for (const key of ['c-1', 'c-2', 'c-3']) await desk.addCustomer(key)
    opened = { desk, kim, lee }
  })
  afterAll(() => opened.desk.close())
  beforeEach(() => asItWas(opened.desk))
  return {
    get desk() {
      return opened.desk
    },
    get kim() {
      return opened.kim
    },
    get lee() {
      return opened.lee
    },
  }
}

async function asItWas(desk: TestDesk): Promise<void> {
  const { db } = desk
  desk.clock.nowMs = NOW_MS
  const tables = [
    'support.messages',
    'support.tickets',
    'telltale.codes',
    'telltale.views',
    'telltale.budgets',
    'telltale.grants',
  ] as const
  for (const table of tables) await db.deleteFrom(table).execute()
  await db.updateTable('telltale.sessions').set({ ended_at_ms: null, seen_at_ms: NOW_MS }).execute()
  await db
    .updateTable('telltale.agents')
    .set({ status: 'active', person: 'kim' })
    .where('id', '=', 'kim')
    .execute()
  await desk.addTicket('T-1', 'c-1', { assignee: 'kim' })
  await db
    .insertInto('support.messages')
    .values({ ticket: 'T-1', at_ms: NOW_MS, direction: 'in', author: null, body: 'Hello' })
    .execute()
  desk.forget()
}

/** Kim looks at T-1, unless told otherwise. */
export function ask(at: KimsDesk, change: Partial<ReleaseRequest> = {}): Promise<Released> {
  return at.desk.release({
    caller: at.kim,
    because: { kind: 'ticket', number: 'T-1' },
    fields: [],
    act: 'look',
    path: 'desk',
    ...change,
  })
}

/** Changes T-1. */
export async function setTicket(at: KimsDesk, change: Record<string, unknown>): Promise<void> {
  await at.desk.db.updateTable('support.tickets').set(change).where('number', '=', 'T-1').execute()
}

/** Whom Kim was shown. */
export function usedByKim(at: KimsDesk): Promise<Counts> {
  return at.desk.ports.budget.used('kim', NOW_MS)
}
