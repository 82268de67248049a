/** The tables of the disclosure log, written by plain SQL from an oracle's log. */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { OracleLog, OracleRow } from './oracle.ts'

export const FIELD_BITS = [0, 1, 2, 31]
export const fieldName = (bit: number) => `field ${bit}`
export const keyOf = (customer: number) => `Kunde-${(customer * 37) % 101}-é${customer}`
export const segmentOf = (cell: number) => (cell === 0 ? null : `segment ${cell % 2}`)
const regionOf = (cell: number) => (cell === 0 ? null : `region ${cell}`)

export async function openDatabase(): Promise<DuckDBConnection> {
  return (await DuckDBInstance.create(':memory:', { threads: '1' })).connect()
}

export async function writeTables(db: DuckDBConnection, log: OracleLog): Promise<void> {
  await db.run(`
    CREATE OR REPLACE TABLE agent(id INTEGER, name VARCHAR);
    CREATE OR REPLACE TABLE customer(id INTEGER, key VARCHAR, segment VARCHAR, region VARCHAR, in_population BOOLEAN);
    CREATE OR REPLACE TABLE field(bit INTEGER, name VARCHAR);
    CREATE OR REPLACE TABLE disclosure(agent INTEGER, customer INTEGER, "at" UINTEGER, fields UINTEGER,
      ticket VARCHAR, grounded BOOLEAN, queue VARCHAR, source INTEGER);
    CREATE OR REPLACE TABLE source(id INTEGER, file VARCHAR, sha256 VARCHAR, rows_read BIGINT,
      rows_added BIGINT, rows_duplicate BIGINT, rejected BIGINT);`)
  const agents = Array.from({ length: log.agents }, (_, id) => [id, `agent ${id}`])
  const customers = log.cells.map((cell, id) => [
    id,
    keyOf(id),
    segmentOf(cell),
    regionOf(cell),
    log.population,
  ])
  await insert(db, 'agent', agents)
  await insert(db, 'customer', customers)
  const fields = Array.from({ length: 32 }, (_, bit) => [bit, fieldName(bit)])
  await insert(db, 'field', fields)
  await insert(db, 'disclosure', log.rows.map(disclosureOf))
}

function disclosureOf(row: OracleRow) {
  const ticket = row.ticket === '' ? null : row.ticket
  const queue = row.queue === 0 ? null : `queue ${row.queue}`
  return [row.agent, row.customer, row.at, row.fields >>> 0, ticket, row.grounded, queue, 0]
}

async function insert(
  db: DuckDBConnection,
  table: string,
  rows: (string | number | boolean | null)[][],
): Promise<void> {
  if (rows.length === 0) return
  const literal = (value: string | number | boolean | null) =>
    typeof value === 'string' ? `'${value}'` : String(value)
  const values = rows.map((row) => `(${row.map(literal).join(', ')})`)
  await db.run(`INSERT INTO ${table} VALUES ${values.join(', ')}`)
}
