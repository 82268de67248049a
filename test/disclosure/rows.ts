/** Rows of a desk that tests need. */
import type { Caller, Role } from '../../src/guard/facts.ts'
import type { Database } from '../../src/store/database.ts'

export const NOW_MS = Date.UTC(2026, 4, 4, 9)
export const HOUR_MS = 3_600_000

export const CUSTOMER = {
  name: 'Aiko Tanaka',
  mail: 'aiko@example.com',
  phone: '+819012345612',
  product: 'Router X',
  notes: 'Called twice.',
  payment: 'DE02 1203 0000 0000 2020 51',
} as const

export interface Makers {
  addAgent(
    id: string,
    change?: Partial<{ person: string; team: string; roles: Role[] }>,
  ): Promise<Caller>
  addCustomer(key: string, values?: Partial<Record<string, string | null>>): Promise<void>
  /** Routed to the agent, unless told otherwise. */
  addTicket(
    number: string,
    customer: string,
    change?: Readonly<Record<string, unknown>>,
  ): Promise<void>
}

/** Puts rows into a desk's database, at the time of its clock. */
export function makers(db: Database['db'], clock: { readonly nowMs: number }): Makers {
  return {
    addAgent: async (id, { person = id, team, roles = ['agent' as const] } = {}) => {
      const atMs = clock.nowMs
      if (team !== undefined) {
        const row = { id: team, name: team, created_at_ms: atMs }
        await db
          .insertInto('telltale.teams')
          .values(row)
          .onConflict((on) => on.doNothing())
          .execute()
      }
      const facts = { id, person, name: `Name of ${id}`, pseudonym: `A-${id}`, roles: [...roles] }
      const rest = { kind: 'person', status: 'active', team: team ?? null } as const
      await db
        .insertInto('telltale.agents')
        .values({ ...facts, ...rest, created_at_ms: atMs, changed_at_ms: atMs })
        .execute()
      const session = {
        id: `session-${id}`,
        agent: id,
        device: `device-${id}`,
        createdAtMs: atMs,
        expiresAtMs: atMs + 8 * HOUR_MS,
        stepUpAtMs: atMs,
      }
      await db
        .insertInto('telltale.sessions')
        .values({
          id: session.id,
          secret_hash: Buffer.from(session.id),
          agent: id,
          device: session.device,
          method: 'demo',
          created_at_ms: atMs,
          seen_at_ms: atMs,
          expires_at_ms: session.expiresAtMs,
          step_up_at_ms: atMs,
        })
        .execute()
      return { agent: { ...facts, ...rest }, session }
    },
    addCustomer: async (key, values = {}) => {
      await db
        .insertInto('support.customers')
        .values({ key, ...CUSTOMER, ...values, created_at_ms: clock.nowMs })
        .execute()
    },
    addTicket: async (number, customer, change = {}) => {
      await db
        .insertInto('support.tickets')
        .values({
          number,
          customer,
          queue: 'billing',
          channel: 'mail',
          origin_kind: 'customer',
          opened_at_ms: clock.nowMs - HOUR_MS,
          state: 'open',
          assigned_kind: 'router',
          assigned_at_ms: clock.nowMs - HOUR_MS,
          contact_at_ms: clock.nowMs - HOUR_MS,
          ...change,
        })
        .execute()
    },
  }
}

/** A grant of Kim's to see c-2, as the store has it. */
export const grantRow = (change: Record<string, unknown> = {}) => ({
  id: 'g-1',
  kind: 'see' as const,
  agent: 'kim',
  person: 'kim',
  reason: 'safety',
  text: 'A customer is in danger now',
  customers: ['c-2'],
  fields: ['phone', 'payment', 'product'],
  extra: 0,
  minutes: 60,
  emergency: false,
  state: 'approved' as const,
  asked_at_ms: NOW_MS - 1000,
  live_from_ms: NOW_MS - 1000,
  live_until_ms: NOW_MS + 10 * 60_000,
  ...change,
})
