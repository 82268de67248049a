/** Small files beside the log (reports, staff), read whole by the log's own row reader. */
import { TelltaleError } from '../base/errors.ts'
import { plain } from '../base/nearest.ts'
import { REJECT_REASONS } from '../disclosure/rejects.ts'
import type { UnusableReport } from '../disclosure/reports.ts'
import { openTable } from './table.ts'

export interface SmallRow<Column extends string> {
  readonly line: number
  /** Trimmed; empty where the row or the file has none. */
  readonly value: (column: Column) => string
  /** The row as text, for a person. */
  readonly text: string
}

export interface SmallFile<Column extends string> {
  readonly rows: readonly SmallRow<Column>[]
  readonly unusable: readonly UnusableReport[]
  readonly assumed: readonly string[]
  readonly has: (column: Column) => boolean
}

/** Per column: the names it may have in the file, as `plain` writes them. */
export type SmallColumns<Column extends string> = Readonly<Record<Column, readonly string[]>>

/** Throws COLUMNS_UNCLEAR where a required column is absent or two columns may be it. */
export async function readSmallFile<Column extends string>(
  file: string,
  columns: SmallColumns<Column>,
  required: readonly NoInfer<Column>[],
): Promise<SmallFile<Column>> {
  const table = await openTable(file)
  const found = new Map<Column, string>()
  for (const column of Object.keys(columns) as Column[]) {
    const names = table.names.filter((name) => columns[column].includes(plain(name)))
    if (names.length === 1) found.set(column, names[0])
    if (names.length < 2 && (names.length === 1 || !required.includes(column))) continue
    const problem =
      names.length === 0
        ? `none is called ${columns[column].join(', ')}`
        : `it may be any of ${names.join(', ')}`
    throw new TelltaleError('SMALL_FILE_COLUMN', {
      file,
      column,
      problem,
      columns: table.names.join(', '),
    })
  }
  const order = [...found.keys()]
  const rows: SmallRow<Column>[] = []
  const unusable: UnusableReport[] = []
  for await (const raw of table.rows([...found.values()])) {
    for (const { line, reason, text } of raw.rejects) {
      unusable.push({ line, reason: REJECT_REASONS[reason], text })
    }
    for (let i = 0; i < raw.count; i++) {
      const values = new Map(order.map((column, c) => [column, (raw.columns[c][i] ?? '').trim()]))
      rows.push({
        line: raw.lines[i],
        value: (column) => values.get(column) ?? '',
        text: [...values].map(([column, value]) => `${column}=${value}`).join(' '),
      })
    }
  }
  return { rows, unusable, assumed: table.assumed, has: (column) => found.has(column) }
}
