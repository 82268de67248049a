/** What a check of a mapping tells. It holds no value of any row. */

/** `undecided` and `problem` have to be mended; `warning` should be; `advice` is for speed or clarity. */
export interface Finding {
  readonly level: 'undecided' | 'problem' | 'warning' | 'advice'
  /** `schema.table`, `schema.table.column`, or a key of the mapping. */
  readonly where: string
  readonly says: string
  /** What to write or do; null where `says` says it. */
  readonly write: string | null
}

export interface MapReport {
  readonly product: string
  /** Columns of the mapped tables. */
  readonly columns: number
  readonly findings: readonly Finding[]
}
