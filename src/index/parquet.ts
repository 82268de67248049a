/** Parquet as slices of text columns, read by the engine in place. */
import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api'
import { DuckDBStructType } from '@duckdb/node-api'
import { TelltaleError } from '../base/errors.ts'
import { PARQUET_STAGE_ROWS, SAMPLE_ROWS } from '../base/limits.ts'
import { type FoundColumns, findColumns } from '../disclosure/columns.ts'
import type { ColumnMap, DisclosureColumn, ParquetSource } from '../disclosure/source.ts'
import { trimmedText } from './normalise.ts'
import { queryNumber, sqlName, sqlText } from './sql.ts'
import type { Slice } from './staging.ts'

const SAMPLE_COLUMNS_MAX = 200

/** The columns of a Parquet file, those of a struct by their path (`actor.user.uid`). */
export async function parquetColumns(
  db: DuckDBConnection,
  { file, path, map }: ParquetSource,
): Promise<FoundColumns> {
  const sample = await guarded(file, () =>
    db.runAndReadAll(`SELECT * FROM read_parquet(${sqlText(path)}) LIMIT 0`),
  )
  const names = sample
    .columnNames()
    .flatMap((name, i) => leafNames(name, sample.columnType(i)))
    .slice(0, SAMPLE_COLUMNS_MAX)
  const values = await guarded(file, async () => {
    const columns = names.map((name) => `${asText(name)} AS ${sqlName(name)}`).join(', ')
    const rows = await db.runAndReadAll(
      `SELECT ${columns} FROM read_parquet(${sqlText(path)}) LIMIT ${SAMPLE_ROWS}`,
    )
    return rows.getColumnsObject()
  })
  const texts = (name: string) =>
    (values[name] ?? []).filter((value) => value !== null).map((value) => String(value))
  return findColumns({ file, names, values: texts }, map)
}

function leafNames(name: string, type: DuckDBType): string[] {
  if (!(type instanceof DuckDBStructType)) return [name]
  return type.entryNames.flatMap((entry, i) => leafNames(`${name}.${entry}`, type.entryTypes[i]))
}

/** Everything is read as text, so that a number keeps what it shows and all files go one way. */
function asText(name: string): string {
  return `CAST(${name.split('.').map(sqlName).join('.')} AS VARCHAR)`
}

export async function* parquetSlices(
  db: DuckDBConnection,
  { file, path }: ParquetSource,
  map: ColumnMap,
  columns: readonly DisclosureColumn[],
): AsyncIterable<Slice> {
  const rows = await guarded(file, () =>
    queryNumber(db, `SELECT count(*) FROM read_parquet(${sqlText(path)})`),
  )
  const selected = columns
    .map((column) => `${trimmedText(asText(map[column]!))} AS ${column}`)
    .join(', ')
  for (let from = 0; from < Math.max(1, rows); from += PARQUET_STAGE_ROWS) {
    const to = Math.min(rows, from + PARQUET_STAGE_ROWS)
    const relation = `(SELECT file_row_number + 1 AS line, ${selected}
      FROM read_parquet(${sqlText(path)}, file_row_number = true)
      WHERE file_row_number >= ${from} AND file_row_number < ${to})`
    yield { relation, rows: to - from, rejects: [] }
  }
}

/** What the engine says of a broken Parquet file is an error of the file, not of ours. */
export async function guarded<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof TelltaleError) throw error
    const message = (error as Error).message.split('\n')[0]
    if (!/parquet|thrift|magic|page|snappy|zstd|decompress|IO Error|EOF/i.test(message)) throw error
    const reason = message.replace(/^.*?Error: /, '')
    throw new TelltaleError('PARQUET_BROKEN', { file, reason }, { cause: error })
  }
}
