/** The one disclosure shape that every importer produces, as text, before any meaning is given to it. */

/** What a column of an access log may mean. `agent`, `customer` and `time` are required. */
export const DISCLOSURE_COLUMNS = [
  'agent',
  'customer',
  'time',
  'fields',
  'ticket',
  'purpose',
  'grade',
  'path',
  'queue',
] as const
export type DisclosureColumn = (typeof DISCLOSURE_COLUMNS)[number]

/** Which column of the file holds what: disclosure column -> the file's own column name. */
export type ColumnMap = Partial<Record<DisclosureColumn, string>> &
  Record<'agent' | 'customer' | 'time', string>

/** How times in a file are read. Without `zone`, times that carry no offset are read as UTC and the
 * verdict says so. */
export interface TimeRule {
  /** strptime pattern, or `iso`, `epoch-s`, `epoch-ms`; guessed and shown when absent. */
  readonly format?: string
  /** IANA zone of times without an offset. */
  readonly zone?: string
}

/** Rows of one file, in file order, column-wise. `lines[i]` is the 1-based line where row i starts. */
export interface RowBatch {
  readonly count: number
  readonly lines: Uint32Array
  readonly columns: Partial<Record<DisclosureColumn, (string | null)[]>>
}

/** A row that could not even be split into columns, or whose values could not be understood. */
export interface Reject {
  readonly file: string
  readonly line: number
  readonly reason: string
  readonly text: string
}

/** One access log file, opened. Parquet is read by the index's engine; all else comes as batches. */
export type AccessSource =
  | {
      readonly kind: 'rows'
      readonly file: string
      readonly map: ColumnMap
      readonly time: TimeRule
      rows(onReject: (reject: Reject) => void): AsyncIterable<RowBatch>
    }
  | { readonly kind: 'parquet'; readonly file: string; readonly map: ColumnMap; readonly time: TimeRule }

/** What came of importing one file. Every row read is in exactly one of the counts. */
export interface ImportSummary {
  readonly file: string
  readonly rowsRead: number
  readonly rowsAdded: number
  /** Rows that were already there, from this file or an earlier import. */
  readonly rowsDuplicate: number
  readonly rejects: { readonly reason: string; readonly count: number; readonly first: Reject }[]
  /** What was assumed in reading it, in words: guessed columns, format, zone. */
  readonly assumed: string[]
}
