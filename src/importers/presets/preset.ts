/** What a preset is: a known log format, and how each of its rows says who saw whom. */
import type { RejectReason } from '../../disclosure/rejects.ts'
import type { DisclosureColumn, TimeRule } from '../../disclosure/source.ts'

export type Values = Partial<Record<DisclosureColumn, string>>

/** The disclosures of a row (one a customer), or why it has none. */
export type Told = { readonly rows: readonly Values[] } | { readonly reason: RejectReason }

export interface RowView {
  /** The value of a column; empty where it is absent. */
  get(name: string): string
  /** The value of the column that a map gives for the customer; null where it gives none. */
  readonly customer: string | null
  /** Customers in a text, by the configured pattern; null where none is configured. */
  customersIn(text: string): string[] | null
}

export interface Preset {
  /** Columns without which a file is none of this format. */
  readonly needs: readonly string[]
  /** Columns that are read where they are there. */
  readonly reads: readonly string[]
  /** Columns of `Values` that a row may have, beside agent, customer and time. */
  readonly gives: readonly DisclosureColumn[]
  readonly time: TimeRule
  /** Without a pattern or a mapped column the format names no customer. */
  readonly needsPattern: boolean
  /** Names of the columns where the format has no header, by their number. */
  headerless?(columns: number): readonly string[] | null
  /** A problem of the file as a whole, or null. */
  problem?(sample: (name: string) => readonly string[], time: TimeRule): string | null
  tell(row: RowView): Told
}

export const NOT_AN_ACCESS: Told = { reason: 'not-an-access' }
export const NAMES_NO_RECORD: Told = { reason: 'names-no-record' }

/** One disclosure for each customer found, or for the mapped one; or that there is none. */
export function toldOf(row: RowView, values: Values, found: readonly string[]): Told {
  const customers = (row.customer === null ? found : [row.customer]).filter((key) => key !== '')
  if (customers.length === 0) return NAMES_NO_RECORD
  return { rows: [...new Set(customers)].map((customer) => ({ ...values, customer })) }
}
