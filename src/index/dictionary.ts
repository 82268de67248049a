/** Names become dense numbers, in the engine: a dictionary of 12M customers has no place in a Map. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { TelltaleError } from '../base/errors.ts'
import { FIELD_NAMES_MAX } from '../base/limits.ts'
import { queryNumber, queryRows, sqlText } from './sql.ts'

/** Tables of one import, dropped when it ends. `clean` holds one slice. */
export async function openDictionaries(db: DuckDBConnection): Promise<void> {
  await db.run(`
    CREATE OR REPLACE TABLE scratch.main.new_agent (id INTEGER, name VARCHAR);
    CREATE OR REPLACE TABLE scratch.main.new_customer (id INTEGER, key VARCHAR);
    CREATE OR REPLACE TABLE scratch.main.field_set (names VARCHAR, mask UINTEGER);
    CREATE OR REPLACE TABLE scratch.main.rejected (line BIGINT, reason VARCHAR, text VARCHAR);
    CREATE OR REPLACE TABLE scratch.main.incoming (
      agent INTEGER, customer INTEGER, "at" UINTEGER, fields UINTEGER, ticket VARCHAR,
      grounded BOOLEAN, queue VARCHAR, path VARCHAR, h UBIGINT);
  `)
}

/** Adds the slice's new agents, customers and fields to the import's dictionaries, then its rows,
 * by number, to `incoming`. */
export async function encodeSlice(
  db: DuckDBConnection,
  file: string,
  fieldNames: string[],
): Promise<void> {
  await encodeAgents(db)
  await encodeCustomers(db)
  await encodeFields(db, file, fieldNames)
  const columns =
    'a.id AS agent, k.id AS customer, c."at", coalesce(f.mask, 0)::UINTEGER AS fields, c.ticket, c.grounded, c.queue, c.path'
  await db.run(`
    INSERT INTO scratch.main.incoming
    SELECT *, hash(agent, customer, "at", fields, ticket, grounded, queue, path) FROM (
      SELECT ${columns} FROM scratch.main.clean c
      JOIN (FROM main.agent UNION ALL FROM scratch.main.new_agent) a ON a.name = c.agent
      JOIN scratch.main.slice_key k ON k.key = c.customer
      LEFT JOIN scratch.main.field_set f ON f.names = c.fields
      WHERE c.reason IS NULL)`)
}

async function encodeAgents(db: DuckDBConnection): Promise<void> {
  await db.run(`
    INSERT INTO scratch.main.new_agent
    SELECT (SELECT count(*) FROM main.agent) + (SELECT count(*) FROM scratch.main.new_agent)
      + row_number() OVER (ORDER BY name) - 1, name
    FROM (SELECT DISTINCT agent AS name FROM scratch.main.clean WHERE reason IS NULL)
    WHERE name NOT IN (SELECT name FROM main.agent UNION ALL SELECT name FROM scratch.main.new_agent)`)
}

async function encodeCustomers(db: DuckDBConnection): Promise<void> {
  const next = await queryNumber(
    db,
    `SELECT (SELECT count(*) FROM main.customer) + (SELECT count(*) FROM scratch.main.new_customer)`,
  )
  // New ones in order of key, so that the same file gives the same numbers however the engine's
  // threads run.
  await db.run(`
    CREATE OR REPLACE TABLE scratch.main.slice_key AS
    SELECT coalesce(id, ${next} - 1 + row_number() OVER (PARTITION BY id IS NULL ORDER BY key))::INTEGER
      AS id, key, id IS NULL AS fresh
    FROM (
      SELECT known.id, slice.key
      FROM (SELECT id, key FROM main.customer UNION ALL SELECT id, key FROM scratch.main.new_customer) known
      RIGHT JOIN (SELECT DISTINCT customer AS key FROM scratch.main.clean WHERE reason IS NULL) slice
        ON slice.key = known.key);
    INSERT INTO scratch.main.new_customer
    SELECT id, key FROM scratch.main.slice_key WHERE fresh ORDER BY id;`)
}

/** Field sets are few: each distinct one is split here, once. */
async function encodeFields(
  db: DuckDBConnection,
  file: string,
  fieldNames: string[],
): Promise<void> {
  const sets = await queryRows(
    db,
    `SELECT DISTINCT fields AS names FROM scratch.main.clean WHERE reason IS NULL AND fields IS NOT NULL
     AND fields NOT IN (SELECT names FROM scratch.main.field_set)`,
  )
  const rows = sets.map(({ names }) => {
    let mask = 0
    for (const name of splitFields(String(names))) {
      let bit = fieldNames.indexOf(name)
      if (bit < 0) bit = fieldNames.push(name) - 1
      if (bit >= FIELD_NAMES_MAX) {
        throw new TelltaleError('FIELDS_TOO_MANY', { file, limit: FIELD_NAMES_MAX, example: name })
      }
      mask |= 1 << bit
    }
    return `(${sqlText(String(names))}, ${mask >>> 0})`
  })
  for (let i = 0; i < rows.length; i += 1000) {
    await db.run(`INSERT INTO scratch.main.field_set VALUES ${rows.slice(i, i + 1000).join(', ')}`)
  }
}

/** `name;phone`, `name|phone`, `name,phone` and `["name", "phone"]` are the same set. */
function splitFields(text: string): string[] {
  const names = text.split(/[;|,]/).map((name) => name.replace(/^[\s["']+|[\s\]"']+$/g, ''))
  return [...new Set(names.filter((name) => name !== ''))]
}
