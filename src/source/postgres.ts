/** The guarded database, read through its mapping. It decides nothing: src/disclosure asks it. */
import pg from 'pg'
import { EXPORT_CUSTOMERS_MAX } from '../base/desk-limits.ts'
import { TelltaleError } from '../base/errors.ts'
import {
  SOURCE_ANSWER_MARGIN_MS,
  SOURCE_CONNECT_TIMEOUT_MS,
  SOURCE_CONNECTIONS_MAX,
  SOURCE_STATEMENT_TIMEOUT_MS,
} from '../base/source-limits.ts'
import type { Identifier, Message, SourcePort, Values } from '../disclosure/ports.ts'
import { readTables } from './catalog.ts'
import { sourceError } from './faults.ts'
import { mismatches, tablesOf, typesOf } from './fit.ts'
import type { Mapping } from './model.ts'
import { isCanonical, normaliseKey, normaliseMail, normalisePhone } from './normalise.ts'
import { plainText } from './plain-text.ts'
import { type Run, runner } from './run.ts'
import { type Statements, statementsOf, type TypeOf } from './statements.ts'
import { type AgentDirectory, openTickets, type TicketSource } from './ticket-source.ts'

/** What a source is opened with. */
export interface SourceOptions {
  readonly mapping: Mapping
  readonly pool: pg.Pool
  /** Who the agents are that the source names. */
  readonly agents: AgentDirectory
}

/**
 * Connections to a guarded database: every transaction reads only, and ends within a named time.
 * Without an address, what the environment of PostgreSQL's own tools says. Throws SOURCE_UNAVAILABLE
 * where the address is none.
 */
export function sourcePool(
  url: string | undefined,
  statementTimeoutMs = SOURCE_STATEMENT_TIMEOUT_MS,
): pg.Pool {
  const options: pg.PoolConfig = {
    ...(url === undefined ? {} : { connectionString: url }),
    application_name: 'telltale',
    max: SOURCE_CONNECTIONS_MAX,
    connectionTimeoutMillis: SOURCE_CONNECT_TIMEOUT_MS,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + SOURCE_ANSWER_MARGIN_MS,
    lock_timeout: SOURCE_STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    options: '-c default_transaction_read_only=on',
    keepAlive: true,
  }
  try {
    // pg reads the address when it connects, and would name it, password and all, in its error.
    new pg.Client(options)
  } catch {
    throw new TelltaleError('SOURCE_UNAVAILABLE', { reason: 'its address cannot be read' })
  }
  const pool = new pg.Pool(options)
  // A connection that breaks while nobody uses it leaves the pool; whoever needs one gets another.
  pool.on('error', () => {})
  return pool
}

/** Opens the source of a mapping. Throws SOURCE_UNAVAILABLE, and SOURCE_MISFIT where the database is not
 * as the mapping says. */
export async function openSource(options: SourceOptions): Promise<SourcePort & TicketSource> {
  const { mapping, pool, agents } = options
  const tables = await readTables(pool, tablesOf(mapping)).catch((error) => {
    throw sourceError(error)
  })
  const problems = mismatches(mapping, tables)
  if (problems.length > 0)
    throw new TelltaleError('SOURCE_MISFIT', { problems: problems.join('; ') })
  const typeOf = typesOf(mapping, tables)
  const statements = statementsOf(mapping, typeOf)
  const run = runner(pool)
  const isNumber = (number: string) =>
    isCanonical(number, typeOf('tickets', mapping.tickets.number))
  const tickets = openTickets({ mapping, statements, run, agents, isNumber })
  return { ...openCustomers({ mapping, statements, run, typeOf, isNumber }), ...tickets }
}

interface CustomerParts {
  readonly mapping: Mapping
  readonly statements: Statements
  readonly run: Run
  readonly typeOf: TypeOf
  readonly isNumber: (number: string) => boolean
}

function openCustomers({ mapping, statements, run, typeOf, isNumber }: CustomerParts): SourcePort {
  const fields = Object.entries(mapping.customers.fields).map(([name, field]) => ({
    name,
    class: field.class,
    mask: field.mask,
  }))
  const keyType = typeOf('customers', mapping.customers.key)
  const valuesOf = async (customers: readonly string[], names: readonly string[]) => {
    if (customers.length > EXPORT_CUSTOMERS_MAX) throw new RangeError('too many customers at once')
    const keys = [...new Set(customers)].filter((key) => isCanonical(key, keyType))
    const found = new Map<string, Values>()
    if (keys.length === 0) return found
    const wanted = fields.flatMap(({ name }, i) =>
      names.includes(name) ? [[name, i] as const] : [],
    )
    for (const row of await run(statements.values, [keys, names])) {
      // A key that the database writes otherwise would be another customer to a budget.
      if (!keys.includes(row.key as string)) continue
      const values = wanted.map(([name, i]) => [name, row[`f${i}`] as string | null])
      found.set(row.key as string, Object.fromEntries(values))
    }
    return found
  }
  return {
    fields,
    valuesOf,
    values: async (customer, names) => (await valuesOf([customer], names)).get(customer) ?? null,
    find: async (by, value, limit) => {
      const statement = statements.find[by]
      const normal = normalise(by, value, mapping, isNumber)
      if (!statement || normal === null) return []
      return (await run(statement, [normal, limit])).map(({ key }) => key as string)
    },
    conversation: async (ticket, limit) => {
      if (!statements.conversation || !isNumber(ticket)) return []
      const rows = await run(statements.conversation, [ticket, limit])
      return rows.map(messageOf).reverse()
    },
  }
}

function normalise(
  by: Identifier,
  value: string,
  { region }: Mapping,
  isNumber: (number: string) => boolean,
): string | readonly string[] | null {
  if (by === 'mail') return normaliseMail(value)
  if (by === 'phone') {
    const phone = normalisePhone(value, region)
    return phone && [phone.e164, ...phone.digits]
  }
  const key = normaliseKey(value)
  return by === 'ticket' && key !== null && !isNumber(key) ? null : key
}

function messageOf(row: Record<string, unknown>): Message {
  const body = (row.body as string | null) ?? ''
  return {
    id: row.id as string,
    atMs: Number(row.at),
    direction: row.direction as Message['direction'],
    author: row.author as string | null,
    body: row.is_html ? plainText(body) : body,
    delivery: row.delivery as Message['delivery'],
  }
}
