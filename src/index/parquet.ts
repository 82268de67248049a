/** Parquet, read by the engine in place. */
import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api'
import { DuckDBStructType } from '@duckdb/node-api'
import { TelltaleError } from '../base/errors.ts'
import { SAMPLE_ROWS, STAGE_ROWS } from '../base/limits.ts'
import { type FoundColumns, findColumns } from '../disclosure/columns.ts'
import { DISCLOSURE_COLUMNS, type ParquetSource } from '../disclosure/source.ts'
import { trimmedText } from './normalise.ts'
import { queryNumber, sqlName, sqlText } from './sql.ts'
import type { Slice } from './staging.ts'
import type { NativeReading } from './times-sql.ts'

const SAMPLE_COLUMNS_MAX = 200

export interface OpenedParquet extends FoundColumns, Slice {
  /** The type of the time column where it is one of time. */
  readonly time: NativeReading | null
  /** The relation of the first rows, to settle how its times are read. */
  readonly sample: string
}

/** A Parquet file as a relation of text columns, those of a struct named by their path
 * (`actor.user.uid`). The engine reads it in place, a column at a time. */
export async function openParquet(
  db: DuckDBConnection,
  source: ParquetSource,
): Promise<OpenedParquet> {
  const scan = `read_parquet(${sqlText(source.path)})`
  const { leaves, found } = await columnsIn(db, source, scan)
  const type = leaves.find(({ name }) => name === found.map.time)?.type
  const time = type === undefined ? null : nativeReading(type)
  const rows = await guarded(source.file, () => queryNumber(db, `SELECT count(*) FROM ${scan}`))
  const columns = DISCLOSURE_COLUMNS.filter((column) => found.map[column] !== undefined)
  const selected = columns.map((column) => {
    const name = found.map[column] ?? ''
    return `${column === 'time' && time ? pathOf(name) : trimmedText(asText(name))} AS ${column}`
  })
  const relation = `SELECT file_row_number + 1 AS line, ${selected.join(', ')}
    FROM read_parquet(${sqlText(source.path)}, file_row_number = true)`
  return {
    ...found,
    time,
    rows,
    rejects: [],
    relation: `(${relation})`,
    sample: `(${relation} WHERE file_row_number < ${STAGE_ROWS})`,
  }
}

async function columnsIn(db: DuckDBConnection, { file, map }: ParquetSource, scan: string) {
  const empty = await guarded(file, () => db.runAndReadAll(`SELECT * FROM ${scan} LIMIT 0`))
  const leaves = empty
    .columnNames()
    .flatMap((name, i) => leavesOf(name, empty.columnType(i)))
    .slice(0, SAMPLE_COLUMNS_MAX)
  const names = leaves.map(({ name }) => name)
  const columns = names.map((name) => `${asText(name)} AS ${sqlName(name)}`).join(', ')
  const sample = await guarded(file, () =>
    db.runAndReadAll(`SELECT ${columns} FROM ${scan} LIMIT ${SAMPLE_ROWS}`),
  )
  const values = sample.getColumnsObject()
  const texts = (name: string) =>
    (values[name] ?? []).filter((value) => value !== null).map((value) => String(value))
  return { leaves, found: findColumns({ file, names, values: texts }, map) }
}

function nativeReading(type: DuckDBType): NativeReading | null {
  const name = String(type)
  if (name === 'DATE') return { kind: 'native', type: 'DATE' }
  if (name === 'TIMESTAMP WITH TIME ZONE' || name === 'TIMESTAMPTZ') {
    return { kind: 'native', type: 'TIMESTAMPTZ' }
  }
  return name.startsWith('TIMESTAMP') ? { kind: 'native', type: 'TIMESTAMP' } : null
}

function leavesOf(name: string, type: DuckDBType): { name: string; type: DuckDBType }[] {
  if (!(type instanceof DuckDBStructType)) return [{ name, type }]
  return type.entryNames.flatMap((entry, i) => leavesOf(`${name}.${entry}`, type.entryTypes[i]))
}

/** Everything is read as text, so that a number keeps what it shows and all files go one way. */
function asText(name: string): string {
  return `CAST(${pathOf(name)} AS VARCHAR)`
}

function pathOf(name: string): string {
  return name.split('.').map(sqlName).join('.')
}

/** Errors of the engine that are not the file's fault. */
const OWN_FAULT = /^(?:Out of Memory|INTERNAL|Binder|Parser|Catalog|Conversion|Interrupt)|No space/i

/** What the engine says of a broken Parquet file is an error of the file, not of ours. */
export async function guarded<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    const [message] = (error as Error).message.split('\n')
    if (error instanceof TelltaleError || OWN_FAULT.test(message)) throw error
    const reason = message.replace(/^.*?Error: /, '').replace(/[.\s]+$/, '')
    throw new TelltaleError('PARQUET_BROKEN', { file, reason }, { cause: error })
  }
}
