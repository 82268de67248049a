/** A large access log, made inside the engine from a seed, and reports of customers called. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { createTables } from '../../src/index/tables.ts'

export interface LogScale {
  readonly rows: number
  readonly agents: number
  readonly customers: number
  readonly reports: number
}

/** The full size asked for, or the same proportions at fewer rows. */
export function scaleOf(rows: number): LogScale {
  const customers = Math.max(10_000, Math.round((12e6 * rows) / 100e6))
  return { rows, agents: 2000, customers, reports: 1000 }
}

const START_S = Date.UTC(2023, 0, 1) / 1000
const SPAN_S = 2 * 365 * 86_400
const QUEUES = 8
/** Takes records beyond their tickets, 40,000 of them in the log's second year. */
export const LEAKER = 608
const TAKEN = 40_000

/** A number in [0, 1) drawn from the seed by what it is for. */
const draw = (what: string, salt: number) => `(hash(${what}, ${salt}) % 1073741824) / 1073741824.0`

export async function generateLog(db: DuckDBConnection, scale: LogScale): Promise<void> {
  const { agents, customers, rows } = scale
  await createTables(db)
  await db.run(
    `INSERT INTO agent SELECT range, 'agent' || lpad(range::VARCHAR, 5, '0') FROM range(${agents})`,
  )
  await db.run(`INSERT INTO customer SELECT range, 'C' || lpad(range::VARCHAR, 9, '0'),
    CASE WHEN ${draw('range', 1)} < 0.8 THEN 'consumer' WHEN ${draw('range', 1)} < 0.98 THEN 'business' ELSE 'government' END,
    'region ' || (hash(range, 2) % 6), true FROM range(${customers})`)
  const taken = Math.min(TAKEN, Math.floor(rows / 100))
  const tickets = Math.ceil((rows - taken) / 3)
  // Three disclosures a ticket: two by the agent who got it, one by a colleague of the queue. Some
  // customers and some agents are far busier than others.
  await db.run(`INSERT INTO disclosure BY NAME
    SELECT (queue * ${agents / QUEUES} + floor(${agents / QUEUES} * pow(${draw('t * 2 + (j // 2)', 3)}, 1.8)))::INTEGER AS agent,
      ((floor(${customers} * pow(${draw('t', 4)}, 1.4))::BIGINT * 7919 + 13) % ${customers})::INTEGER AS customer,
      (${START_S} + (t * ${SPAN_S} // ${tickets}) + j * 613)::UINTEGER AS "at", 0::UINTEGER AS fields,
      'T' || t AS ticket, true AS grounded, 'queue ' || queue AS queue, 0 AS source
    FROM (SELECT range // 3 AS t, range % 3 AS j, (hash(range // 3, 5) % ${QUEUES})::INTEGER AS queue
      FROM range(${rows - taken}))`)
  await db.run(`INSERT INTO disclosure BY NAME
    SELECT ${LEAKER} AS agent, (hash(range, 6) % ${customers})::INTEGER AS customer,
      (${START_S + SPAN_S / 2} + (range * ${SPAN_S / 4} // ${taken}))::UINTEGER AS "at", 0::UINTEGER AS fields,
      NULL AS ticket, false AS grounded, NULL AS queue, 0 AS source
    FROM range(${taken})`)
  await db.run(`INSERT INTO source BY NAME SELECT 0 AS id, 'generated' AS file, '' AS sha256,
    ${rows} AS rows_read, ${rows} AS rows_added, 0 AS rows_duplicate, 0 AS rejected`)
}

export interface BenchReport {
  readonly report: string
  readonly customer: string
  readonly contactedAtS: number
}

/** Seven in ten reports are of records taken; the others are of anybody. One more than asked for. */
export async function drawReports(db: DuckDBConnection, scale: LogScale): Promise<BenchReport[]> {
  const count = scale.reports + 20
  const reader = await db.runAndReadAll(`SELECT c.key,
      (${START_S + SPAN_S} - 90 * 86400 + floor(${draw('c.id', 8)} * 90 * 86400))::DOUBLE AS t
    FROM (SELECT DISTINCT customer FROM (
        SELECT customer FROM (SELECT customer FROM disclosure WHERE grounded IS FALSE
          ORDER BY hash(customer, 9) LIMIT ${Math.floor(count * 0.7)})
        UNION ALL SELECT (hash(range, 10) % ${scale.customers})::INTEGER FROM range(${count}))) r
    JOIN customer c ON c.id = r.customer ORDER BY hash(c.id, 11) LIMIT ${count}`)
  return reader.getRowsJS().map(([customer, contactedAtS], i) => ({
    report: String(i + 1),
    customer: String(customer),
    contactedAtS: Number(contactedAtS),
  }))
}
