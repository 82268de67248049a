/** Fills the desk's own tables with the demonstration's customers, tickets and people. */
import type { Pool, PoolClient } from 'pg'
import { pseudonym } from '../../src/base/ids.ts'
import { type SeedCustomer, seedCustomer } from './customers.ts'
import { QUEUES, type SeedAgent, STAFF, TEAMS } from './staff.ts'
import { type SeedTicket, seedTicket } from './tickets.ts'

/** How much there is of what. */
export interface SeedSize {
  readonly customers: number
  readonly openTickets: number
  readonly closedTickets: number
  readonly canaries: number
  /** Agents `bench-0`, `bench-1`, … of the home products, beside the people of the demonstration;
   * absent: none. */
  readonly benchAgents?: number
}

/** A demonstration's: enough to be worth stealing, seeded in a second or two. */
export const DEMO_SIZE: SeedSize = {
  customers: 5000,
  openTickets: 120,
  closedTickets: 2000,
  canaries: 60,
}

/** Rows sent in one statement. */
const BATCH = 1000

/** Fills an empty, migrated database, in one transaction. The same seed gives the same world. */
export async function seedDesk(
  pool: Pool,
  size: SeedSize,
  seed: number,
  nowMs: number,
): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await people(client, size.benchAgents ?? 0, nowMs)
    const customers = Array.from({ length: size.customers + size.canaries }, (_, i) =>
      seedCustomer(seed, i),
    )
    await insert(
      client,
      'support.customers',
      customers.map((one) => customerRow(one, nowMs)),
    )
    // Among the others, so that no number tells.
    const isCanary = canariesAmong(customers.length, size.canaries)
    const canaries = customers.filter((_, i) => isCanary(i))
    const real = customers.filter((_, i) => !isCanary(i))
    await insert(
      client,
      'telltale.canaries',
      canaries.map(({ key }) => ({ customer: key, created_at_ms: nowMs })),
    )
    const count = size.openTickets + size.closedTickets
    const tickets = Array.from({ length: count }, (_, i) =>
      seedTicket(seed, i, size.customers, i < size.openTickets),
    )
    await insert(
      client,
      'support.tickets',
      tickets.map((one) => ticketRow(one, real, nowMs)),
    )
    await insert(
      client,
      'support.messages',
      tickets.flatMap((one) => messageRows(one, nowMs)),
    )
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

async function people(client: PoolClient, benchAgents: number, nowMs: number): Promise<void> {
  const staff = [...STAFF, ...Array.from({ length: benchAgents }, (_, i) => benchAgent(i))]
  await insert(
    client,
    'telltale.teams',
    TEAMS.map((one) => ({ ...one, created_at_ms: nowMs })),
  )
  await insert(
    client,
    'telltale.agents',
    staff.map(({ id, name, team, roles }) => ({
      id,
      person: id,
      name,
      mail: `${id}@desk.example`,
      pseudonym: pseudonym(id),
      team,
      roles,
      kind: 'person',
      status: 'active',
      created_at_ms: nowMs,
      changed_at_ms: nowMs,
    })),
  )
  await insert(
    client,
    'support.queues',
    QUEUES.map(({ id, name }) => ({ id, name })),
  )
  const members = QUEUES.flatMap((queue) =>
    staff
      .filter(({ team }) => team === queue.team)
      .map(({ id }) => ({
        queue: queue.id,
        agent: id,
      })),
  )
  await insert(client, 'support.members', members)
}

/** Every so many-th is one. */
function canariesAmong(count: number, canaries: number): (i: number) => boolean {
  const step = canaries === 0 ? count : Math.floor(count / canaries)
  return (i) => i % step === step - 1 && i < step * canaries
}

function benchAgent(i: number): SeedAgent {
  const id = `bench-${i}`
  return { id, name: `Bench Agent ${i}`, team: 'home', roles: ['agent'], is: 'one of a shift' }
}

function customerRow(customer: SeedCustomer, nowMs: number) {
  return { ...customer, created_at_ms: nowMs }
}

function ticketRow(ticket: SeedTicket, customers: readonly SeedCustomer[], nowMs: number) {
  const { number, queue, topic, channel, priority, ageMs, isOpen } = ticket
  const inbound = ticket.messages.filter(({ direction }) => direction === 'in')
  return {
    number,
    customer: customers[ticket.customer].key,
    queue,
    topic,
    channel,
    priority,
    origin_kind: 'customer',
    opened_at_ms: nowMs - ageMs,
    state: isOpen ? 'open' : 'closed',
    contact_at_ms: nowMs - Math.min(...inbound.map((one) => one.ageMs)),
    closed_at_ms: isOpen ? null : nowMs - Math.round(ageMs * 0.3),
  }
}

function messageRows({ number, messages }: SeedTicket, nowMs: number) {
  return messages.map(({ ageMs, direction, body }) => ({
    ticket: number,
    at_ms: nowMs - ageMs,
    direction,
    author: null,
    body,
  }))
}

/** Inserts rows that all have the keys of the first, in batches. */
async function insert(client: PoolClient, table: string, rows: readonly object[]): Promise<void> {
  for (let at = 0; at < rows.length; at += BATCH) {
    const batch = rows.slice(at, at + BATCH)
    const columns = Object.keys(batch[0])
    await client.query(
      `insert into ${table} (${columns.join(', ')})
       select ${columns.join(', ')} from jsonb_populate_recordset(null::${table}, $1)`,
      [JSON.stringify(batch)],
    )
  }
}
