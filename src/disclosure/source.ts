/** The one disclosure shape that every importer produces, as text, before any meaning is given to it. */
import type { RejectReason } from './rejects.ts'

/** What a column of an access log may mean. `agent`, `customer` and `time` are required. */
export const DISCLOSURE_COLUMNS = [
  'agent',
  'customer',
  'time',
  'fields',
  'masked',
  'ticket',
  'purpose',
  'grade',
  'path',
  'queue',
] as const
/** One of the meanings a column can have. */
export type DisclosureColumn = (typeof DISCLOSURE_COLUMNS)[number]

/** Which column of the file holds what: disclosure column -> the file's own column name. */
export type ColumnMap = Partial<Record<DisclosureColumn, string>> &
  Record<'agent' | 'customer' | 'time', string>

/** How times in a file are read. Without `zone`, times that carry no offset are read as UTC and the
 * verdict says so. */
export interface TimeRule {
  /** strptime pattern, or one of `iso`, `epoch-s`, `epoch-ms`, `epoch-us`, `epoch-ns`; guessed and shown when absent. */
  readonly format?: string
  /** IANA zone of times without an offset. */
  readonly zone?: string
}

/** Rows of one file, column-wise. `lines[i]` is the 1-based line where row i starts. */
export interface RowBatch {
  readonly count: number
  readonly lines: Uint32Array
  readonly columns: Partial<Record<DisclosureColumn, (string | null)[]>>
  /** Further rows of the same part of the file, left undivided. */
  readonly plain?: PlainRows
}

/** Rows of a delimited file that hold no quote and have each the header's number of columns: the
 * engine divides them in a fraction of the time. */
export interface PlainRows {
  readonly delimiter: string
  /** Place of each column in a row, from 0. */
  readonly positions: Partial<Record<DisclosureColumn, number>>
  /** Place of the line's number, where rows say it themselves. */
  readonly linePosition?: number
  readonly runs: readonly PlainRun[]
}

/** Rows on consecutive lines, unless they say their line, UTF-8, ended by LF or CRLF but for the last, which has no LF. */
export interface PlainRun {
  readonly line: number
  readonly rows: number
  readonly bytes: Uint8Array
}

/** A row that was not taken: not splittable into columns, values not understood, or naming no
 * customer. `line` counts from 1; of a log it is the entry's index, from 0. `reason` is a key of
 * `REJECT_REASONS` (rejects.ts). */
export interface Reject {
  readonly file: string
  readonly line: number
  readonly reason: RejectReason
  readonly text: string
}

/** One access log file, opened. Parquet is read by the index's engine; all else comes as batches.
 * `file` is the name shown to people. `dispose` removes what opening left behind. */
export type AccessSource = RowSource | ParquetSource

interface OpenedFile {
  readonly file: string
  readonly time: TimeRule
  /** What opening assumed, in words. */
  readonly assumed: readonly string[]
  dispose(): Promise<void>
}

/** A text file whose rows come in batches. Rows that cannot be split go to `onReject`. */
export interface RowSource extends OpenedFile {
  readonly kind: 'rows'
  readonly map: ColumnMap
  rows(onReject: (reject: Reject) => void): AsyncIterable<RowBatch>
}

/** `path` is what the engine opens: another than `file` where a .parquet.gz was unpacked. Columns
 * absent from `map` are guessed by the engine, which alone sees the file's columns. */
export interface ParquetSource extends OpenedFile {
  readonly kind: 'parquet'
  readonly path: string
  readonly map: Partial<ColumnMap>
}

/** What came of importing one file or log. Every row read is in exactly one of the counts. */
export interface ImportSummary {
  readonly file: string
  readonly rowsRead: number
  readonly rowsAdded: number
  /** Rows that were already there, from this file or an earlier import. */
  readonly rowsDuplicate: number
  readonly rejects: {
    readonly reason: RejectReason
    readonly count: number
    readonly first: Reject
  }[]
  /** What was assumed in reading it, in words: guessed columns, format, zone. */
  readonly assumed: string[]
}
