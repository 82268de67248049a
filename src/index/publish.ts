/** An import's rows join the index: all of them or, should anything fail, none. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { queryNumber, queryRow, sqlText } from './sql.ts'
import { DISCLOSURE_IDENTITY } from './tables.ts'

/** Rows whose hashes are counted at once, so that the count's memory is bounded. */
const PASS_ROWS = 16_000_000

export interface SourceRow {
  readonly id: number
  readonly file: string
  readonly sha256: string
  readonly reading: string
  readonly rowsRead: number
  readonly rejected: number
}

/** Moves `scratch.incoming` and `scratch.rejected` into the index and returns how many rows were
 * new; the others were there before, in this file or in the index. */
export async function publish(
  db: DuckDBConnection,
  source: SourceRow,
  fieldNames: readonly string[],
): Promise<number> {
  await findTwice(db)
  await numberAgents(db)
  const before = await queryNumber(db, 'SELECT count(*) FROM main.disclosure')
  await db.run('BEGIN TRANSACTION')
  try {
    await insertDisclosures(db, source.id)
    await db.run(`
      INSERT INTO main.agent SELECT id, name FROM scratch.main.agent_number
      WHERE id >= (SELECT count(*) FROM main.agent) ORDER BY id;
      INSERT INTO main.customer
      SELECT id, key, NULL, NULL, false FROM scratch.main.new_customer;
      INSERT INTO main.reject SELECT ${source.id}, ${sqlText(source.file)}, line, reason, text
      FROM scratch.main.rejected ORDER BY line;
      DELETE FROM main.field;`)
    for (const [bit, name] of fieldNames.entries()) {
      await db.run(`INSERT INTO main.field VALUES (${bit}, ${sqlText(name)})`)
    }
    const added = (await queryNumber(db, 'SELECT count(*) FROM main.disclosure')) - before
    const duplicate = source.rowsRead - source.rejected - added
    await db.run(`INSERT INTO main.source VALUES (${source.id}, ${sqlText(source.file)},
      ${sqlText(source.sha256)}, ${sqlText(source.reading)}, ${source.rowsRead}, ${added},
      ${duplicate}, ${source.rejected})`)
    await db.run('COMMIT')
    return added
  } catch (error) {
    await db.run('ROLLBACK')
    throw error
  }
}

/** Hashes that occur more than once, among the new rows or in the index at their times. Only rows
 * with such a hash are compared value by value, so the result is exact and costs little where
 * duplicates are few. */
async function findTwice(db: DuckDBConnection): Promise<void> {
  await db.run('CREATE OR REPLACE TABLE scratch.main.twice (h UBIGINT)')
  const range = await queryRow(
    db,
    'SELECT min("at") AS low, max("at") AS high, count(*) AS n FROM scratch.main.incoming',
  )
  if (Number(range.n) === 0) return
  const old = `FROM main.disclosure WHERE "at" BETWEEN ${range.low} AND ${range.high}`
  const rows = Number(range.n) + (await queryNumber(db, `SELECT count(*) ${old}`))
  const passes = Math.ceil(rows / PASS_ROWS)
  for (let pass = 0; pass < passes; pass++) {
    await db.run(`
      INSERT INTO scratch.main.twice SELECT h FROM (
        SELECT h FROM scratch.main.incoming
        UNION ALL SELECT hash(${DISCLOSURE_IDENTITY}) AS h ${old})
      ${passes > 1 ? `WHERE h % ${passes} = ${pass}` : ''}
      GROUP BY h HAVING count(*) > 1`)
  }
}

/** New agents get numbers in order of name; those of the import were in order of appearance. */
async function numberAgents(db: DuckDBConnection): Promise<void> {
  await db.run(`
    CREATE OR REPLACE TABLE scratch.main.agent_number AS
    SELECT id AS provisional, id, name FROM main.agent
    UNION ALL
    SELECT id, (SELECT count(*) FROM main.agent) + row_number() OVER (ORDER BY name) - 1, name
    FROM scratch.main.new_agent`)
}

async function insertDisclosures(db: DuckDBConnection, source: number): Promise<void> {
  const twice = await queryNumber(db, 'SELECT count(*) FROM scratch.main.twice')
  const identity = DISCLOSURE_IDENTITY
  const once = `SELECT ${identity} FROM scratch.main.incoming
    ${twice > 0 ? 'WHERE h NOT IN (SELECT h FROM scratch.main.twice)' : ''}`
  const compared = `SELECT DISTINCT ${identity} FROM scratch.main.incoming
    WHERE h IN (SELECT h FROM scratch.main.twice)
    EXCEPT
    SELECT ${identity} FROM main.disclosure
    WHERE hash(${identity}) IN (SELECT h FROM scratch.main.twice)`
  for (const rows of twice > 0 ? [once, compared] : [once]) {
    await db.run(`
      INSERT INTO main.disclosure
      SELECT n.id, r.customer, r."at", r.fields, r.ticket, r.grounded, r.queue, r.path, ${source}
      FROM (${rows}) r JOIN scratch.main.agent_number n ON n.provisional = r.agent`)
  }
}

/** Gives agents their numbers in order of name, where a later import brought names between. */
export async function orderAgents(db: DuckDBConnection): Promise<void> {
  const numbers = 'SELECT id, name, row_number() OVER (ORDER BY name) - 1 AS place FROM main.agent'
  const misplaced = await queryNumber(db, `SELECT count(*) FROM (${numbers}) WHERE id <> place`)
  if (misplaced === 0) return
  await db.run(`
    BEGIN TRANSACTION;
    CREATE OR REPLACE TEMP TABLE agent_place AS ${numbers};
    CREATE TABLE main.placed AS
    SELECT p.place::INTEGER AS agent, d.* EXCLUDE (agent)
    FROM main.disclosure d JOIN agent_place p ON p.id = d.agent;
    DROP TABLE main.disclosure;
    ALTER TABLE main.placed RENAME TO disclosure;
    DELETE FROM main.agent;
    INSERT INTO main.agent SELECT place, name FROM agent_place ORDER BY place;
    DROP TABLE agent_place;
    COMMIT;`)
}
