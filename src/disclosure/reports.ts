/** The small files beside the access log: reports of suspicious contact, and the staff list. */

export interface ReportInput {
  /** 1-based line in the reports file. */
  readonly line: number
  /** Identity of the report: its own column, or its line. */
  readonly report: string
  readonly customer: string
  readonly contactedAtS: number
  /** What the caller knew, lower case. */
  readonly knew: readonly string[]
  readonly knowing: boolean
  readonly ticket?: string
  /** Set where this customer was asked, rather than came by themself: did somebody call them? */
  readonly asked?: { readonly called: boolean }
}

/** A row of a small file that could not be used, and why. */
export interface UnusableReport {
  readonly line: number
  readonly reason: string
  readonly text: string
}

/** A reports file, read whole; `assumed` says in words what was guessed in reading it. */
export interface ReportsFile {
  readonly reports: readonly ReportInput[]
  readonly unusable: readonly UnusableReport[]
  readonly assumed: readonly string[]
}

/** What the staff list says of one agent; null where it says nothing. */
export interface StaffMember {
  readonly agent: string
  readonly team: string | null
  readonly role: string | null
  /** `person` or `service`. */
  readonly kind: string | null
}

/** A staff list, read whole. */
export interface StaffFile {
  readonly staff: readonly StaffMember[]
  readonly unusable: readonly UnusableReport[]
  readonly assumed: readonly string[]
}
