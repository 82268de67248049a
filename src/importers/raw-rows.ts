/** What a reader of lines gives: rows by column, undivided rows, and rows that it could not take. */
import type { RejectReason } from '../disclosure/rejects.ts'
import type { PlainRun } from '../disclosure/source.ts'

export interface CsvShape {
  readonly delimiter: string
  /** Columns in the header; a row with another number is rejected. */
  readonly columns: number
  /** Positions of the columns to keep, in the order in which they are given out. */
  readonly wanted: readonly number[]
  /** Rows without quotes may be given out undivided, as runs. */
  readonly plain?: boolean
}

/** Rows as read, column-wise, in the order of `wanted`; those not taken, with the reason. */
export interface RawRows {
  count: number
  lines: number[]
  columns: (string | null)[][]
  rejects: { line: number; reason: RejectReason; text: string }[]
  runs: PlainRun[]
}

export function emptyRows(columns: number): RawRows {
  const empty = Array.from({ length: columns }, () => [])
  return { count: 0, lines: [], columns: empty, rejects: [], runs: [] }
}
