/** An import's rows join the index: all of them or, should anything fail, none. Names become dense
 * numbers in the engine: a dictionary of 12M customers has no place in a JavaScript Map. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { encodeFields } from './fields.ts'
import { FOUND } from './found.ts'
import { queryNumber, queryRow, sqlText, transaction } from './sql.ts'

/** What makes a disclosure the same as another: all but the file it came from. */
const IDENTITY = 'agent, customer, "at", fields, ticket, grounded, queue, path'
const ROW_HASH = 'hash(agent, customer, "at")'

export interface SourceRow {
  readonly file: string
  readonly sha256: string
  readonly reading: string
  readonly rowsRead: number
  readonly rejected: number
}

/** Moves `scratch.incoming` and `scratch.rejected` into the index and returns how many rows were
 * new; the others were there before, in this file or in the index. What `also` writes, given the
 * source's id, is written in the same transaction. Throws FIELDS_TOO_MANY. */
export async function publish(
  db: DuckDBConnection,
  source: SourceRow,
  also: (id: number) => Promise<void> = async () => {},
): Promise<number> {
  const fieldNames = await encodeFields(db, source.file)
  await numberNames(db)
  const before = await queryNumber(db, 'SELECT count(*) FROM main.disclosure')
  const id = await queryNumber(db, 'SELECT count(*) FROM main.source')
  return transaction(db, async () => {
    await insertNames(db, fieldNames)
    await insertDisclosures(db, id)
    await dropDuplicates(db, id)
    const added = (await queryNumber(db, 'SELECT count(*) FROM main.disclosure')) - before
    const duplicate = source.rowsRead - source.rejected - added
    await db.run(`
      INSERT INTO main.reject SELECT ${id}, ${sqlText(source.file)}, line, reason, text
      FROM scratch.main.rejected ORDER BY line;
      INSERT INTO main.source VALUES (${id}, ${sqlText(source.file)}, ${sqlText(source.sha256)},
        ${sqlText(source.reading)}, ${source.rowsRead}, ${added}, ${duplicate}, ${source.rejected})`)
    await also(id)
    return added
  })
}

/** The numbers of the import's agents and customers: those of the index, and for new ones the next,
 * in order of name and key, so that the same file gives the same numbers however the engine's
 * threads run. Made before the transaction: within it the engine takes new rows for few and would
 * plan the join that uses them badly. */
async function numberNames(db: DuckDBConnection): Promise<void> {
  await numberBy(db, 'agent', 'name')
  await numberBy(db, 'customer', 'key')
}

async function numberBy(
  db: DuckDBConnection,
  table: 'agent' | 'customer',
  name: 'name' | 'key',
): Promise<void> {
  await db.run(`
    CREATE OR REPLACE TABLE scratch.main.${table}_number AS
    SELECT coalesce(id, (SELECT count(*) FROM main.${table}) - 1
        + row_number() OVER (PARTITION BY id IS NULL ORDER BY ${name}))::INTEGER AS id,
      ${name}, id IS NULL AS fresh
    FROM (
      SELECT known.id, found.${name} FROM main.${table} known
      RIGHT JOIN (SELECT ${table} AS ${name} FROM scratch.main.found
        WHERE kind = ${FOUND[table]}) found ON found.${name} = known.${name})`)
}

async function insertNames(db: DuckDBConnection, fieldNames: readonly string[]): Promise<void> {
  await db.run(`
    INSERT INTO main.agent
    SELECT id, name FROM scratch.main.agent_number WHERE fresh ORDER BY id;
    INSERT INTO main.customer
    SELECT id, key, NULL, NULL, false FROM scratch.main.customer_number WHERE fresh ORDER BY id;
    DELETE FROM main.field;`)
  for (const [bit, name] of fieldNames.entries()) {
    await db.run(`INSERT INTO main.field VALUES (${bit}, ${sqlText(name)})`)
  }
}

async function insertDisclosures(db: DuckDBConnection, source: number): Promise<void> {
  await db.run(`
    INSERT INTO main.disclosure
    SELECT a.id, c.id, i."at", CASE WHEN i.fields <> '' OR i.fields IS NULL THEN coalesce(f.mask, 0) END, i.ticket, i.grounded, i.queue, i.path, ${source}
    FROM scratch.main.incoming i
    JOIN scratch.main.customer_number c ON c.key = i.customer
    JOIN scratch.main.agent_number a ON a.name = i.agent
    LEFT JOIN scratch.main.field_set f ON f.names = i.fields`)
}

/** Of rows that are the same, the first stays. Candidates are found by a hash of agent, customer
 * and time, over the new rows and the old ones of their times; only they are compared in full. */
async function dropDuplicates(db: DuckDBConnection, source: number): Promise<void> {
  const range = await queryRow(
    db,
    `SELECT min("at") AS low, max("at") AS high FROM main.disclosure WHERE source = ${source}`,
  )
  if (range.low === null) return
  const rows = `FROM main.disclosure WHERE "at" BETWEEN ${range.low} AND ${range.high}`
  // By order rather than by grouping: it takes half the time where nearly all hashes differ, and the
  // engine does it on disk where memory ends.
  await db.run(`
    CREATE OR REPLACE TEMP TABLE twice AS
    SELECT DISTINCT h FROM (
      SELECT h, lag(h) OVER (ORDER BY h) AS before FROM (SELECT ${ROW_HASH} AS h ${rows}))
    WHERE h = before`)
  if ((await queryNumber(db, 'SELECT count(*) FROM twice')) > 0) {
    await db.run(`
      DELETE FROM main.disclosure WHERE rowid IN (
        SELECT row FROM (
          SELECT rowid AS row, row_number() OVER (PARTITION BY ${IDENTITY} ORDER BY source, rowid) AS nth
          ${rows} AND ${ROW_HASH} IN (SELECT h FROM twice))
        WHERE nth > 1)`)
  }
  await db.run('DROP TABLE twice')
}

/** Gives agents their numbers in order of name, where a later import brought names between. */
export async function orderAgents(db: DuckDBConnection): Promise<void> {
  const numbers = 'SELECT id, name, row_number() OVER (ORDER BY name) - 1 AS place FROM main.agent'
  const misplaced = await queryNumber(db, `SELECT count(*) FROM (${numbers}) WHERE id <> place`)
  if (misplaced === 0) return
  await transaction(db, async () => {
    await db.run(`
    CREATE OR REPLACE TEMP TABLE agent_place AS ${numbers};
    CREATE TABLE main.placed AS
    SELECT p.place::INTEGER AS agent, d.* EXCLUDE (agent)
    FROM main.disclosure d JOIN agent_place p ON p.id = d.agent;
    DROP TABLE main.disclosure;
    ALTER TABLE main.placed RENAME TO disclosure;
    DELETE FROM main.agent;
    INSERT INTO main.agent SELECT place, name FROM agent_place ORDER BY place;
    DROP TABLE agent_place;`)
  })
}
