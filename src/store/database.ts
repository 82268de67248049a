/** Connections to the database, our own or anybody's, and what is asked of it first. */
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { TelltaleError } from '../base/errors.ts'
import {
  ANSWER_TIMEOUT_MARGIN_MS,
  CONNECT_TIMEOUT_MS,
  IDLE_IN_TRANSACTION_TIMEOUT_MS,
  LOCK_TIMEOUT_MS,
  POOL_CONNECTIONS_MAX,
  POSTGRES_VERSION_MIN,
  STATEMENT_TIMEOUT_MS,
  STATEMENTS_PREPARED_MAX,
} from '../base/store-limits.ts'
import { storeError } from './faults.ts'
import type { Tables } from './tables.ts'
import { VALUE_TYPES } from './values.ts'

/** The database and how it may be used. */
export interface DatabaseConfig {
  /** `postgresql://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full`, or the URL of our own server. */
  readonly url: string
  /** Connections at once. */
  readonly connectionsMax?: number
  /** 0: none, for work that goes over whole tables. */
  readonly statementTimeoutMs?: number
}

/** An open database. What fails in it is thrown as `storeError` says. */
export interface Database {
  readonly db: Kysely<Tables>
  /** For what Kysely has no words for (LISTEN, COPY); its errors go through `storeError` first. */
  readonly pool: pg.Pool
  close(): Promise<void>
}

/**
 * Connects, and checks that the database is one we can work with. Nothing is tried twice: who waits for
 * an answer is told that there is none. Throws STORE_UNAVAILABLE, STORE_UNSUITABLE.
 */
export async function openDatabase(config: DatabaseConfig): Promise<Database> {
  const pool = makePool(config)
  try {
    await checkSuitable(pool)
  } catch (error) {
    await pool.end()
    throw storeError(error)
  }
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: guarded(pool) }) })
  let closed: Promise<void> | undefined
  return {
    db,
    pool,
    close: () => {
      closed ??= pool.end()
      return closed
    },
  }
}

function makePool(config: DatabaseConfig): pg.Pool {
  const statementTimeoutMs = config.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS
  const isLimited = statementTimeoutMs > 0
  const options = readUrl(config.url)
  const pool = new pg.Pool({
    ...options,
    application_name: 'telltale',
    max: config.connectionsMax ?? POOL_CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    types: VALUE_TYPES,
    ...(isLimited && {
      statement_timeout: statementTimeoutMs,
      query_timeout: statementTimeoutMs + ANSWER_TIMEOUT_MARGIN_MS,
    }),
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
  })
  // A connection that breaks leaves the pool, and whoever asks something of it is told; without these
  // it would end the process where nobody asks at that moment.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** pg reads a URL when the pool connects, and would name it, password and all, in its error. */
function readUrl(url: string): pg.PoolConfig {
  if (!/^postgres(ql)?:\/\//.test(url))
    throw new TelltaleError('STORE_UNSUITABLE', {
      reason: 'its address does not begin with postgresql://',
    })
  try {
    new pg.Client({ connectionString: url })
  } catch {
    throw new TelltaleError('STORE_UNSUITABLE', { reason: 'its address cannot be read' })
  }
  return { connectionString: url }
}

async function checkSuitable(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query(
    `select current_setting('server_version_num')::int as version,
            current_setting('server_version') as name,
            current_setting('server_encoding') as encoding`,
  )
  const [{ version, name, encoding }] = rows
  if (version < POSTGRES_VERSION_MIN)
    throw new TelltaleError('STORE_UNSUITABLE', { reason: `it is PostgreSQL ${name}` })
  if (encoding !== 'UTF8')
    throw new TelltaleError('STORE_UNSUITABLE', { reason: `its encoding is ${encoding}` })
}

/** `feature_not_supported`: also what a statement that was prepared answers when its tables changed. */
const PLAN_OUTDATED = '0A000'

/** Names of statements, so that each connection parses and plans a text once: that costs the server
 * several times what running it does. */
function createNames(): (text: string) => { readonly name?: string } {
  const names = new Map<string, { readonly name: string }>()
  return (text) => {
    const known = names.get(text)
    if (known !== undefined || names.size === STATEMENTS_PREPARED_MAX) return known ?? {}
    const name = { name: `s${names.size}` }
    names.set(text, name)
    return name
  }
}

/** The pool as Kysely uses it: errors in our words, and no connection used again after one that says
 * nothing about the statement. */
function guarded(pool: pg.Pool): ConstructorParameters<typeof PostgresDialect>[0]['pool'] {
  const prepared = createNames()
  const connect = async () => {
    const client = await pool.connect().catch((error) => {
      throw storeError(error)
    })
    let isBroken = false
    const query = async (text: string, values: unknown[]) => {
      try {
        return await client.query(values.length === 0 ? text : { ...prepared(text), text, values })
      } catch (error) {
        isBroken ||= !(error instanceof pg.DatabaseError) || error.code === PLAN_OUTDATED
        throw storeError(error)
      }
    }
    return { query, release: () => client.release(isBroken) }
  }
  return { connect, end: () => pool.end() } as never
}
