/** People, customers and tickets of a test's desk. */
import { randomBytes } from 'node:crypto'
import type { Caller, Role } from '../../src/guard/facts.ts'
import type { TestDatabase } from '../store/database.ts'

export const START_MS = Date.UTC(2026, 2, 2, 9)
export const MINUTE_MS = 60_000
export const DAY_MS = 24 * 60 * MINUTE_MS

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
export function people({ db }: Pick<TestDatabase, 'db'>) {
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
