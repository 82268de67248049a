/** Customers who were ever in one queue, as a comparison group: for asking whether a copy of that queue
 * would explain what points to an agent. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { COMPARISON_GROUP_SIZE } from '../base/limits.ts'
import type { QueueGroup } from '../disclosure/exposures.ts'
import { queryRows, sqlText } from './sql.ts'

/** Queues looked at for one agent: those in which they were shown most customers. */
const QUEUES_TRIED = 8

export async function queueGroups(
  db: DuckDBConnection,
  agent: number,
  reported: readonly string[],
  beforeS: number,
): Promise<QueueGroup[]> {
  const queues = await queryRows(
    db,
    `SELECT queue, count(DISTINCT customer) AS n FROM disclosure
     WHERE agent = ${agent} AND fields IS NOT NULL AND coalesce(queue, '') <> '' GROUP BY queue
     ORDER BY n DESC, queue LIMIT ${QUEUES_TRIED}`,
  )
  const groups: QueueGroup[] = []
  for (const { queue } of queues) {
    groups.push(await queueGroup(db, String(queue), reported, Math.ceil(beforeS)))
  }
  return groups
}

/** The reported customers who were in the queue, and the others drawn from it by hash. */
async function queueGroup(
  db: DuckDBConnection,
  queue: string,
  reported: readonly string[],
  beforeS: number,
): Promise<QueueGroup> {
  const keys = reported.map(sqlText).join(', ') || "''"
  const ever = `SELECT DISTINCT customer FROM disclosure
    WHERE queue = ${sqlText(queue)} AND "at" < ${beforeS}`
  const calls = await queryRows(
    db,
    `SELECT key FROM customer WHERE key IN (${keys}) AND id IN (${ever}) ORDER BY id`,
  )
  const members = await queryRows(
    db,
    `WITH chosen AS (
       SELECT e.customer FROM (${ever}) e JOIN customer c ON c.id = e.customer
       WHERE c.key NOT IN (${keys}) ORDER BY hash(e.customer) LIMIT ${COMPARISON_GROUP_SIZE})
     SELECT DISTINCT d.customer, CASE WHEN d.fields IS NOT NULL THEN d.agent END AS agent
     FROM disclosure d
     WHERE d.customer IN (SELECT customer FROM chosen) AND d."at" < ${beforeS}
     ORDER BY d.customer, agent`,
  )
  return { queue, reported: calls.map(({ key }) => String(key)), group: groupOf(members) }
}

/** Rows of (customer, agent) by customer; no agent where the customer was in the queue masked. */
function groupOf(rows: readonly Record<string, unknown>[]): QueueGroup['group'] {
  const shown = rows.filter(({ agent }) => agent !== null)
  const starts = shown.flatMap(({ customer }, i) =>
    i === 0 || customer !== shown[i - 1].customer ? [i] : [],
  )
  return {
    size: new Set(rows.map(({ customer }) => customer)).size,
    starts: Uint32Array.from([...starts, shown.length]),
    agents: Uint32Array.from(shown, ({ agent }) => Number(agent)),
    firstContacts: new Uint32Array(0),
  }
}

/** How many of these customers the text of some rejected row names. */
export async function namedInRejects(
  db: DuckDBConnection,
  keys: readonly string[],
): Promise<number> {
  if (keys.length === 0) return 0
  const values = keys.map((key) => `(${sqlText(key)})`).join(', ')
  const [row] = await queryRows(
    db,
    `SELECT count(*) AS n FROM (VALUES ${values}) k(key)
     WHERE EXISTS (SELECT 1 FROM reject WHERE contains(reject.text, k.key))`,
  )
  return Number(row.n)
}
