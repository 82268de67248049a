/**
 * A desk to release through: a real database, a real log on a disk, the policies that are shipped. Every
 * port can be made to fail, or to be late.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OpenLog } from '../../src/cli/log/ports.ts'
import type { Message, ShownRow, SourcePort, Values } from '../../src/disclosure/ports.ts'
import type { Recorder } from '../../src/disclosure/recorder.ts'
import { createRelease, type ReleasePorts } from '../../src/disclosure/release.ts'
import type { FieldSpec } from '../../src/guard/facts.ts'
import { createLogTools } from '../../src/log-tools.ts'
import { readPolicies } from '../../src/policies.ts'
import { budgetStore } from '../../src/store/budgets.ts'
import type { Database } from '../../src/store/database.ts'
import { factsStore } from '../../src/store/facts.ts'
import { budgetLimits } from '../../src/store/limits.ts'
import type { Decision } from '../../src/tlog/decision.ts'
import { type Opened, sealerFor } from '../../src/tlog/entry.ts'
import type { Disclosure } from '../../src/tlog/sealed.ts'
import { strangerVerifies } from '../promises/stranger.ts'
import { freshDatabase } from '../store/database.ts'
import { type Makers, makers, NOW_MS } from './rows.ts'

/** What the desk's own customers have. */
export const FIELDS: readonly FieldSpec[] = [
  { name: 'name', class: 'identity', mask: 'name' },
  { name: 'mail', class: 'contact', mask: 'mail' },
  { name: 'phone', class: 'contact', mask: 'phone' },
  { name: 'product', class: 'reference', mask: 'reference' },
  { name: 'notes', class: 'text', mask: 'text' },
  { name: 'payment', class: 'sensitive', mask: 'text' },
]

/** Runs before a port does; what it throws, the port throws. */
type Hook = () => unknown
export type Port = 'facts' | 'charge' | 'values' | 'conversation' | 'record' | 'decide'

export interface TestDesk extends Makers {
  readonly db: Database['db']
  readonly database: Database
  readonly ports: ReleasePorts & { readonly source: SourcePort }
  readonly release: ReturnType<typeof createRelease>
  readonly clock: { nowMs: number }
  /** What the log has acknowledged, in order. */
  readonly logged: (Disclosure | Decision)[]
  readonly shown: ShownRow[]
  /** Which ports were called, in order. */
  readonly calls: Port[]
  /** Per port, what its n-th call from now (from 1) is preceded by. */
  before(port: Port, nth: number, hook: Hook): void
  /** Forgets what was logged, shown and called, and all hooks. */
  forget(): void
  /** Closes the log, has a stranger verify it, and opens what it holds. */
  entries(): Promise<Opened[]>
  close(): Promise<void>
}

/** Opens one; it takes a second. */
export async function testDesk(): Promise<TestDesk> {
  const database = await freshDatabase()
  const { db } = database
  const dir = mkdtempSync(join(tmpdir(), 'telltale-desk-'))
  const place = { dir: join(dir, 'log'), keys: join(dir, 'keys'), keyService: null }
  const tools = createLogTools()
  const vkey = await tools.init(place, 'log.example/desk', null)
  const log = await tools.open(place)
  let isClosed = false
  const clock = { nowMs: NOW_MS }
  const logged: (Disclosure | Decision)[] = []
  const shown: ShownRow[] = []
  const calls: Port[] = []
  const hooks = new Map<Port, Map<number, Hook>>()
  const called = async (port: Port) => {
    calls.push(port)
    const nth = calls.filter((one) => one === port).length
    await hooks.get(port)?.get(nth)?.()
  }
  const recorder: Pick<Recorder, 'record' | 'decide'> = {
    record: async (disclosure) => {
      await called('record')
      const recorded = await log.recorder.record(disclosure)
      logged.push(disclosure)
      return recorded
    },
    decide: async (decision) => {
      await called('decide')
      const recorded = await log.recorder.decide(decision)
      logged.push(decision)
      return recorded
    },
  }
  const facts = factsStore(db, () => clock.nowMs, null)
  const budget = budgetStore(db)
  const ports = {
    facts: {
      read: async (...args: Parameters<typeof facts.read>) => {
        await called('facts')
        return facts.read(...args)
      },
    },
    policies: await readPolicies(),
    budget: {
      ...budget,
      ...budgetLimits(db),
      charge: async (...args: Parameters<typeof budget.charge>) => {
        await called('charge')
        return budget.charge(...args)
      },
    },
    source: supportSource(db, called),
    recorder,
    keepShown: async (row: ShownRow) => void shown.push(row),
    nowMs: () => clock.nowMs,
  }
  const closeLog = async () => {
    if (!isClosed) await log.close()
    isClosed = true
  }
  return {
    db,
    database,
    ports,
    release: createRelease(ports),
    clock,
    logged,
    shown,
    calls,
    before: (port, nth, hook) => {
      const already = calls.filter((one) => one === port).length
      hooks.set(port, (hooks.get(port) ?? new Map<number, Hook>()).set(already + nth, hook))
    },
    ...makers(db, clock),
    forget: () => {
      for (const list of [logged, shown, calls]) list.length = 0
      hooks.clear()
    },
    entries: async () => {
      await closeLog()
      return opened(log, strangerVerifies(place.dir, vkey))
    },
    close: async () => {
      await closeLog()
      await database.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

function opened({ ring }: OpenLog, entries: readonly Buffer[]): Opened[] {
  const { open } = sealerFor(ring.current())
  return entries.map(open)
}

/** Reads support.customers, and nothing but what it is asked. */
function supportSource(db: Database['db'], called: (port: Port) => Promise<void>): SourcePort {
  const rowsOf = async (customers: readonly string[], fields: readonly string[]) => {
    const rows = await db
      .selectFrom('support.customers')
      .select('key')
      .select(fields as 'name'[])
      .where('key', 'in', customers.length > 0 ? customers : [''])
      .execute()
    return new Map(
      rows.map(({ key, ...values }): [string, Values] => [key, values as unknown as Values]),
    )
  }
  return {
    fields: FIELDS,
    values: async (customer, fields) => {
      await called('values')
      return (await rowsOf([customer], fields)).get(customer) ?? null
    },
    valuesOf: async (customers, fields) => {
      await called('values')
      return rowsOf(customers, fields)
    },
    find: async () => [],
    conversation: async (ticket, limit) => {
      await called('conversation')
      const rows = await db
        .selectFrom('support.messages')
        .selectAll()
        .where('ticket', '=', ticket)
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(
        ({ id, at_ms, direction, author, body }): Message => ({
          id: String(id),
          atMs: at_ms,
          direction,
          author,
          body,
          delivery: null,
        }),
      )
    },
  }
}
