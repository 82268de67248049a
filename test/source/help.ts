/** A help desk's database with a source opened on it, as a read-only user has it. */
import pg from 'pg'
import type { SourcePort } from '../../src/disclosure/ports.ts'
import type { Mapping } from '../../src/source/model.ts'
import { openSource, sourcePool } from '../../src/source/postgres.ts'
import type { AgentDirectory, TicketSource } from '../../src/source/ticket-source.ts'
import { makeDatabase } from '../store/database.ts'

export interface HelpDesk {
  /** Of the superuser, who seeds. */
  readonly admin: pg.Pool
  readonly url: string
  open(mapping: Mapping): Promise<SourcePort & TicketSource>
  close(): Promise<void>
}

/** Makes a database with these tables. */
export async function helpDesk(tables: string): Promise<HelpDesk> {
  const { url, drop } = await makeDatabase()
  const admin = new pg.Pool({ connectionString: url, max: 2 })
  // A database may be dropped while a connection to it is still closing.
  admin.on('error', () => {})
  await admin.query(tables)
  const pools: pg.Pool[] = [admin]
  return {
    admin,
    url,
    open: (mapping) => {
      const pool = sourcePool(url)
      pools.push(pool)
      return openSource({ mapping, pool, agents: DIRECTORY })
    },
    close: async () => {
      await Promise.all(pools.map((pool) => pool.end()))
      await drop()
    },
  }
}

/** Every agent `X` has the address `x@desk.example` and the external id `ext-X`. */
export const DIRECTORY: AgentDirectory = {
  idsOf: async (by, names) =>
    new Map(
      names.flatMap((name) => {
        const found = /^(\w+)@desk\.example$|^ext-(\w+)$/.exec(name)
        const id = by === 'mail' ? found?.[1]?.toUpperCase() : found?.[2]
        return id === undefined ? [] : [[name, id] as const]
      }),
    ),
  nameOf: async (by, agent) =>
    by === 'mail' ? `${agent.toLowerCase()}@desk.example` : `ext-${agent}`,
}

/** Milliseconds of a time in UTC such as `2026-03-01 10:00:00`. */
export function utc(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}Z`)
}
