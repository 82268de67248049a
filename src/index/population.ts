/** The population file: everyone the organisation has a record of, seen or not. */
import { open } from 'node:fs/promises'
import { constants, gunzipSync } from 'node:zlib'
import type { DuckDBConnection } from '@duckdb/node-api'
import { TelltaleError } from '../base/errors.ts'
import { KEY_BYTES_MAX } from '../base/limits.ts'
import { nearest, plain } from '../base/nearest.ts'
import { presentText, trimmedText } from './normalise.ts'
import { guarded } from './parquet.ts'
import { queryNumber, queryRow, sqlName, sqlText } from './sql.ts'

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
 * first that says a segment or region. Throws FILE_UNREADABLE, FILE_EMPTY, FILE_FORMAT,
 * SMALL_FILE_COLUMN. */
export async function addPopulation(db: DuckDBConnection, file: string): Promise<PopulationAdded> {
  const head = await headOf(file)
  const reader = await readerOf(db, file, head)
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
  await joinPeople(db)
  const left: [number, string][] = [
    [nameless, 'without a customer'],
    [long, `with a customer longer than ${KEY_BYTES_MAX} bytes`],
    [broken, 'that cannot be read'],
    [rows - nameless - long - customers, 'of a customer who had one before'],
  ]
  return {
    customers,
    assumed: left
      .filter(([n]) => n > 0)
      .map(([n, what]) => `population: ${n.toLocaleString('en-US')} rows ${what} left out`),
  }
}

interface Reader {
  /** A table function's call. */
  readonly relation: string
  readonly names: readonly string[]
  /** Broken rows are kept apart by the engine, to be counted. */
  readonly keepsRejects: boolean
}

interface Head {
  readonly gzip: boolean
  readonly text: string
}

const HEAD_BYTES = 1 << 16

async function headOf(file: string): Promise<Head> {
  let bytes: Buffer
  try {
    const handle = await open(file, 'r')
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
      bytes = buffer.subarray(0, bytesRead)
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw new TelltaleError(
      'FILE_UNREADABLE',
      { file, reason: (error as Error).message },
      { cause: error },
    )
  }
  if (bytes.length === 0) throw new TelltaleError('FILE_EMPTY', { file, what: '0 bytes' })
  const gzip = bytes[0] === 0x1f && bytes[1] === 0x8b
  if (gzip) bytes = gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })
  if (bytes.includes(0) && bytes.toString('latin1', 0, 4) !== 'PAR1') {
    throw new TelltaleError('FILE_FORMAT', { file, problem: 'it is UTF-16 or a binary file' })
  }
  return { gzip, text: bytes.toString('utf8').replace(/^\uFEFF/, '') }
}

async function readerOf(db: DuckDBConnection, file: string, { gzip, text }: Head): Promise<Reader> {
  const path = sqlText(file)
  if (text.startsWith('PAR1')) {
    if (gzip) {
      throw new TelltaleError('FILE_FORMAT', {
        file,
        problem: 'it is Parquet within gzip; unpack it',
      })
    }
    return withNames(db, file, `read_parquet(${path})`, false)
  }
  const packed = `compression = '${gzip ? 'gzip' : 'uncompressed'}'`
  if (text.trimStart().startsWith('{')) {
    const json = `${path}, format = 'newline_delimited', ignore_errors = true, ${packed}`
    const { names } = await withNames(db, file, `read_json(${json})`, false)
    const columns = names.map((name) => `${sqlText(name)}: 'VARCHAR'`).join(', ')
    return { relation: `read_json(${json}, columns = {${columns}})`, names, keepsRejects: false }
  }
  const delimiter = sqlText(delimiterOf(text))
  // auto_detect would read a file of one column, or of many quotes, in its own way.
  const options = `all_varchar = true, header = true, delim = ${delimiter}, quote = '"', escape = '"',
    store_rejects = true, rejects_limit = 0, ${packed}`
  return withNames(db, file, `read_csv(${path}, ${options})`, true)
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

/** The customer table anew: an update of 12M rows in place takes far longer. */
async function joinPeople(db: DuckDBConnection): Promise<void> {
  await db.run(`
    CREATE OR REPLACE TABLE scratch.main.people AS
    SELECT key, arg_min(segment, row) AS segment, arg_min(region, row) AS region
    FROM (SELECT *, rowid AS row FROM scratch.main.person
      WHERE key IS NOT NULL AND strlen(key) <= ${KEY_BYTES_MAX})
    GROUP BY key;
    DROP TABLE scratch.main.person;
    BEGIN TRANSACTION;
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
    COMMIT;
    DROP TABLE scratch.main.people;`)
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
