/** Opens an access log of any supported format. */
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { TelltaleError } from '../base/errors.ts'
import { findColumns } from '../disclosure/columns.ts'
import {
  type AccessSource,
  type ColumnMap,
  DISCLOSURE_COLUMNS,
  type Reject,
  type RowBatch,
  type TimeRule,
} from '../disclosure/source.ts'
import { openPreset } from './presets/index.ts'
import { type Recognised, recognise } from './recognise.ts'
import { reportRejects, type Table, tableOf } from './table.ts'

export interface AccessLogOptions {
  readonly map?: Partial<ColumnMap>
  readonly preset?: string
  /** How a preset finds the customer in a text (a regular expression with one group). */
  readonly customerPattern?: string
  readonly time?: TimeRule
}

/**
 * Opens an access log: recognises its format and, for text, finds its columns. Nothing is read but
 * its start; `rows` of the result streams it.
 */
export async function openAccessLog(
  file: string,
  { map, preset, customerPattern, time = {} }: AccessLogOptions = {},
): Promise<AccessSource> {
  const recognised = await recognise(file)
  if (preset !== undefined) {
    return openPreset(preset, recognised, { map: map ?? {}, customerPattern, time })
  }
  if (recognised.kind === 'parquet') return openParquet(recognised, map ?? {}, time)
  const table = tableOf(recognised)
  const found = findColumns({ file, names: table.names, values: table.sample }, map ?? {})
  return {
    kind: 'rows',
    file,
    map: found.map,
    time,
    assumed: [...table.assumed, ...found.assumed],
    rows: (onReject) => mappedRows(table, found.map, onReject),
    dispose: async () => {},
  }
}

async function* mappedRows(
  table: Table,
  map: ColumnMap,
  onReject: (reject: Reject) => void,
): AsyncIterable<RowBatch> {
  const columns = DISCLOSURE_COLUMNS.filter((column) => map[column] !== undefined)
  const names = columns.map((column) => map[column] ?? '')
  const positions = Object.fromEntries(
    columns.map((column, i) => [column, table.names.indexOf(names[i])]),
  )
  const { plain } = table
  for await (const rows of (plain ?? table).rows(names)) {
    reportRejects(table.file, rows, onReject)
    const { count, runs } = rows
    if (count === 0 && runs.length === 0) continue
    yield {
      count,
      lines: Uint32Array.from(rows.lines),
      columns: Object.fromEntries(columns.map((column, i) => [column, rows.columns[i]])),
      ...(plain ? { plain: { delimiter: plain.delimiter, positions, runs } } : {}),
    }
  }
}

/** Parquet is read at any place, so a packed one is unpacked to a temporary file first. */
async function openParquet(
  recognised: Recognised,
  map: Partial<ColumnMap>,
  time: TimeRule,
): Promise<AccessSource> {
  const { file } = recognised
  const opened = { kind: 'parquet', file, map, time } as const
  if (!recognised.gzip) return { ...opened, path: file, assumed: [], dispose: async () => {} }
  const folder = await mkdtemp(join(tmpdir(), 'telltale-'))
  const path = join(folder, 'unpacked.parquet')
  const dispose = () => rm(folder, { recursive: true, force: true })
  try {
    await pipeline(recognised.bytes(), createWriteStream(path))
  } catch (error) {
    await dispose()
    if (error instanceof TelltaleError) throw error
    const reason = `it cannot be unpacked to ${folder} (${(error as Error).message})`
    throw new TelltaleError('FILE_UNREADABLE', { file, reason }, { cause: error })
  }
  return { ...opened, path, assumed: [], dispose }
}
