/** The population file: everyone the organisation has a record of, seen or not. */
import { createReadStream, createWriteStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { DuckDBConnection } from '@duckdb/node-api'
import { TelltaleError } from '../base/errors.ts'
import { KEY_BYTES_MAX } from '../base/limits.ts'
import { nearest, plain } from '../base/nearest.ts'
import { sha256Of } from './earlier.ts'
import type { Given } from './given.ts'
import { presentText, trimmedText } from './normalise.ts'
import { guarded } from './parquet.ts'
import { queryNumber, queryRow, queryRows, sqlList, sqlName, sqlText, transaction } from './sql.ts'

const COLUMNS = {
  key: ['customer', 'customer_id', 'customer_key', 'customer_number', 'client', 'client_id'],
  segment: ['segment', 'customer_segment'],
  region: ['region', 'locale', 'country'],
} as const
type PopulationColumn = keyof typeof COLUMNS

export interface PopulationAdded {
  /** Distinct customers in the file. */
  readonly customers: number
  readonly assumed: string[]
}

/** Reads `customer[,segment][,region]` from CSV, JSON lines or Parquet, plain or gzip, by the
 * engine itself: 12M rows have no business in JavaScript. A customer with several rows keeps the
 * first that says a segment or region. A file that was read before adds nothing. Throws FILE_UNREADABLE, FILE_EMPTY, FILE_FORMAT,
 * GZIP_BROKEN, SMALL_FILE_COLUMN. `spill` is a folder for what must be unpacked. */
export async function addPopulation(
  db: DuckDBConnection,
  file: string,
  spill: string,
  given: Given,
): Promise<PopulationAdded> {
  const gzip = await isGzip(file)
  const sha256 = await sha256Of(file)
  const earlier = await earlierPopulation(db, sha256)
  if (earlier !== null) {
    given.population(sha256)
    return earlier
  }
  const path = gzip ? join(spill, 'population') : file
  try {
    // The engine's own gzip reader takes a file that is cut off for a whole one.
    if (gzip) await unpack(file, path)
    const added = await addPeople(db, file, path, sha256)
    given.population(sha256)
    return added
  } finally {
    if (gzip) await rm(path, { force: true })
  }
}

async function earlierPopulation(
  db: DuckDBConnection,
  sha256: string,
): Promise<PopulationAdded | null> {
  const [row] = await queryRows(
    db,
    `SELECT customers, array_to_string(assumed, chr(10)) AS assumed FROM main.population
     WHERE sha256 = ${sqlText(sha256)}`,
  )
  if (row === undefined) return null
  const assumed = String(row.assumed ?? '')
  return { customers: Number(row.customers), assumed: assumed === '' ? [] : assumed.split('\n') }
}

async function addPeople(
  db: DuckDBConnection,
  file: string,
  path: string,
  sha256: string,
): Promise<PopulationAdded> {
  const reader = await readerOf(db, file, path)
  const broken = await stagePeople(db, file, reader)
  const counts = await queryRow(
    db,
    `SELECT count(*) AS rows, count(*) FILTER (key IS NULL) AS nameless,
      count(*) FILTER (strlen(key) > ${KEY_BYTES_MAX}) AS long,
      count(DISTINCT key) FILTER (strlen(key) <= ${KEY_BYTES_MAX}) AS customers
     FROM scratch.main.person`,
  )
  const [rows, nameless, long, customers] = ['rows', 'nameless', 'long', 'customers'].map((name) =>
    Number(counts[name]),
  )
  if (customers === 0) throw new TelltaleError('FILE_EMPTY', { file, what: 'no customer' })
  const left: [number, string][] = [
    [nameless, 'without a customer'],
    [long, `with a customer longer than ${KEY_BYTES_MAX} bytes`],
    [broken, 'that cannot be read'],
    [rows - nameless - long - customers, 'of a customer who had one before'],
  ]
  const assumed = left
    .filter(([n]) => n > 0)
    .map(([n, what]) => `population: ${n.toLocaleString('en-US')} rows ${what} left out`)
  const row = `(${sqlText(file)}, ${sqlText(sha256)}, ${customers}, ${sqlList(assumed)})`
  await joinPeople(db, `INSERT INTO main.population VALUES ${row}`)
  return { customers, assumed }
}

async function unpack(file: string, path: string): Promise<void> {
  const target = createWriteStream(path)
  try {
    await pipeline(createReadStream(file), createGunzip(), target)
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    if (code === 'ENOSPC') throw error
    if (!code.startsWith('Z_')) {
      throw new TelltaleError('FILE_UNREADABLE', { file, reason: message }, { cause: error })
    }
    const reason = code === 'Z_BUF_ERROR' ? 'it ends before its end mark' : message
    const bytes = target.bytesWritten
    throw new TelltaleError('GZIP_BROKEN', { file, reason, bytes }, { cause: error })
  }
}

interface Reader {
  /** A table function's call. */
  readonly relation: string
  readonly names: readonly string[]
  /** Broken rows are kept apart by the engine, to be counted. */
  readonly keepsRejects: boolean
}

const HEAD_BYTES = 1 << 16

async function headOf(file: string, path: string, length: number): Promise<Buffer> {
  try {
    const handle = await open(path, 'r')
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, 0)
      return buffer.subarray(0, bytesRead)
    } finally {
      await handle.close()
    }
  } catch (error) {
    const reason = (error as Error).message
    throw new TelltaleError('FILE_UNREADABLE', { file, reason }, { cause: error })
  }
}

async function isGzip(file: string): Promise<boolean> {
  const magic = await headOf(file, file, 2)
  return magic[0] === 0x1f && magic[1] === 0x8b
}

async function readerOf(db: DuckDBConnection, file: string, path: string): Promise<Reader> {
  const head = await headOf(file, path, HEAD_BYTES)
  if (head.length === 0) throw new TelltaleError('FILE_EMPTY', { file, what: '0 bytes' })
  const source = sqlText(path)
  if (head.toString('latin1', 0, 4) === 'PAR1') {
    return withNames(db, file, `read_parquet(${source})`, false)
  }
  if (head.includes(0)) {
    throw new TelltaleError('FILE_FORMAT', { file, problem: 'it is UTF-16 or a binary file' })
  }
  const text = head.toString('utf8').replace(/^\uFEFF/, '')
  if (text.trimStart().startsWith('{')) {
    const json = `${source}, format = 'newline_delimited', ignore_errors = true`
    const { names } = await withNames(db, file, `read_json(${json})`, false)
    const columns = names.map((name) => `${sqlText(name)}: 'VARCHAR'`).join(', ')
    return { relation: `read_json(${json}, columns = {${columns}})`, names, keepsRejects: false }
  }
  // The delimiter is told, because the engine would guess one even for a file of one column.
  const options = `all_varchar = true, header = true, delim = ${sqlText(delimiterOf(text))},
    quote = '"', escape = '"', store_rejects = true, rejects_limit = 0, compression = 'none'`
  return withNames(db, file, `read_csv(${source}, ${options})`, true)
}

/** The delimiter that the first line has most of. */
function delimiterOf(text: string): string {
  const [line] = text.split('\n', 1)
  const counted = [',', ';', '\t', '|'].map((mark) => ({ mark, n: line.split(mark).length }))
  return counted.reduce((a, b) => (b.n > a.n ? b : a)).mark
}

async function withNames(
  db: DuckDBConnection,
  file: string,
  relation: string,
  keepsRejects: boolean,
): Promise<Reader> {
  const empty = await readable(file, () => db.runAndReadAll(`SELECT * FROM ${relation} LIMIT 0`))
  return { relation, names: empty.columnNames(), keepsRejects }
}

/** Fills `scratch.person` and returns how many rows could not be read. */
async function stagePeople(db: DuckDBConnection, file: string, reader: Reader): Promise<number> {
  const text = (column: PopulationColumn) => {
    const name = findColumn(file, reader.names, column)
    return name === null ? 'NULL::VARCHAR' : trimmedText(`CAST(${sqlName(name)} AS VARCHAR)`)
  }
  const columns = Object.keys(COLUMNS) as PopulationColumn[]
  if (reader.keepsRejects) await dropRejects(db)
  await readable(file, () =>
    db.run(`
      CREATE OR REPLACE TABLE scratch.main.person AS
      SELECT ${columns.map((column) => `${presentText(column)} AS ${column}`).join(', ')}
      FROM (SELECT ${columns.map((column) => `${text(column)} AS ${column}`).join(', ')}
        FROM ${reader.relation})`),
  )
  if (!reader.keepsRejects) return 0
  return queryNumber(db, 'SELECT count(DISTINCT line) FROM reject_errors')
}

async function dropRejects(db: DuckDBConnection): Promise<void> {
  await db.run('DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans')
}

/** The first of the column's names that the file has. */
function findColumn(
  file: string,
  names: readonly string[],
  column: PopulationColumn,
): string | null {
  for (const wanted of COLUMNS[column]) {
    const name = names.find((candidate) => plain(candidate) === wanted)
    if (name !== undefined) return name
  }
  if (column !== 'key') return null
  const near = nearest('customer', names)
  const problem =
    near === undefined ? `none is called ${COLUMNS.key.join(', ')}` : `is it "${near}"?`
  throw new TelltaleError('SMALL_FILE_COLUMN', {
    file,
    column: 'customer',
    problem,
    columns: names.join(', '),
  })
}

/** The customer table anew: an update of 12M rows in place takes far longer. `record` notes the file
 * in the same transaction. */
async function joinPeople(db: DuckDBConnection, record: string): Promise<void> {
  await db.run(`
    CREATE OR REPLACE TABLE scratch.main.people AS
    SELECT key, arg_min(segment, row) AS segment, arg_min(region, row) AS region
    FROM (SELECT *, rowid AS row FROM scratch.main.person
      WHERE key IS NOT NULL AND strlen(key) <= ${KEY_BYTES_MAX})
    GROUP BY key;
    DROP TABLE scratch.main.person;`)
  await transaction(db, async () => {
    await db.run(`
    CREATE TABLE main.customer_joined AS
    SELECT c.id, c.key, coalesce(p.segment, c.segment) AS segment,
      coalesce(p.region, c.region) AS region, c.in_population OR p.key IS NOT NULL AS in_population
    FROM main.customer c LEFT JOIN scratch.main.people p ON p.key = c.key;
    INSERT INTO main.customer_joined
    SELECT (SELECT count(*) FROM main.customer) + row_number() OVER (ORDER BY p.key) - 1,
      p.key, p.segment, p.region, true
    FROM scratch.main.people p ANTI JOIN main.customer c ON c.key = p.key;
    DROP TABLE main.customer;
    ALTER TABLE main.customer_joined RENAME TO customer;
    ${record};`)
  })
  await db.run('DROP TABLE scratch.main.people')
}

/** What the engine says of a file it cannot read is an error of the file. */
async function readable<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await guarded(file, read)
  } catch (error) {
    if (error instanceof TelltaleError) throw error
    const problem = (error as Error).message.split('\n')[0].replace(/^.*?Error: /, '')
    throw new TelltaleError('FILE_FORMAT', { file, problem }, { cause: error })
  }
}
