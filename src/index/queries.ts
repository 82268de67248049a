/** Questions answered by the engine over the tables: who saw one customer, whom one agent saw. */
import type { DuckDBConnection } from '@duckdb/node-api'
import type { AgentExposure, LogOverview } from '../disclosure/exposures.ts'
import { queryRows } from './sql.ts'

/** The key of customers without a segment where others have one. */
const NO_SEGMENT = 'unknown'

export async function exposuresWhere(
  db: DuckDBConnection,
  overview: LogOverview,
  where: string,
  beforeS: number,
): Promise<AgentExposure[]> {
  const found = await queryRows(
    db,
    `SELECT e.*, c.key, c.segment FROM (
       SELECT agent, customer, min("at")::DOUBLE AS first_at, max("at")::DOUBLE AS last_at,
         count(*)::DOUBLE AS disclosures, (count(*) FILTER (grounded IS FALSE))::DOUBLE AS ungrounded,
         bit_or(CASE fields WHEN 0 THEN 4294967295 ELSE fields END)::DOUBLE AS fields
       FROM disclosure WHERE ${where} AND fields IS NOT NULL AND "at" < ${Math.ceil(beforeS)} GROUP BY agent, customer) e
     JOIN customer c ON c.id = e.customer
     ORDER BY e.first_at, e.agent, c.key`,
  )
  return found.map((row) => ({
    agent: Number(row.agent),
    customer: String(row.key),
    firstAtS: Number(row.first_at),
    lastAtS: Number(row.last_at),
    disclosures: Number(row.disclosures),
    ungrounded: Number(row.ungrounded),
    fields: overview.knowsFields ? namesOf(Number(row.fields), overview.fieldNames) : [],
    segment: row.segment === null ? null : String(row.segment),
  }))
}

function namesOf(mask: number, names: readonly string[]): string[] {
  return names.filter((_, bit) => (mask & (1 << bit)) !== 0)
}

export async function segmentsOf(db: DuckDBConnection, agent: number) {
  const found = await queryRows(
    db,
    `SELECT coalesce(segment, '${NO_SEGMENT}') AS name, count(*)::DOUBLE AS customers,
       (count(*) FILTER (id IN (SELECT customer FROM disclosure WHERE agent = ${agent} AND fields IS NOT NULL)))::DOUBLE AS shown
     FROM customer WHERE (SELECT count(segment) FROM customer) > 0 GROUP BY 1 ORDER BY 1`,
  )
  return found.map(({ name, customers, shown }) => ({
    segment: String(name),
    customers: Number(customers),
    shown: Number(shown),
  }))
}

/** At most `count` keys, evenly spaced through the dense ids. */
export async function sampleKeys(
  db: DuckDBConnection,
  customers: number,
  count: number,
): Promise<string[]> {
  const size = Math.min(count, customers)
  if (size < 1) return []
  const ids = Array.from({ length: size }, (_, i) => Math.floor((i * customers) / size))
  const found = await queryRows(
    db,
    `SELECT key FROM customer WHERE id IN (${ids.join(', ')}) ORDER BY id`,
  )
  return found.map((row) => String(row.key))
}

/** Keys that are the same once case, white space and leading zeros are taken away. */
export async function similarKeys(db: DuckDBConnection, key: string): Promise<string[]> {
  const bare = (text: string) => `lower(regexp_replace(${text}, '\\s', '', 'g'))`
  // Zeros lead at the start and after anything that is no digit: "C-0042" is like "c-42".
  const plain = (text: string) => `regexp_replace(${bare(text)}, '(^|[^0-9])0+', '\\1', 'g')`
  const found = await db.runAndReadAll(
    `SELECT key FROM customer WHERE ${plain('key')} = ${plain('$1')} AND key <> $1 ORDER BY key`,
    [key],
  )
  return found.getRows().map(([name]) => String(name))
}
