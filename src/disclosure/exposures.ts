/** The port of the who-saw-whom index: what investigation, scope and detection ask of it. */
import type { ComparisonGroup, Evidence } from '../attribution/evidence.ts'
import type { VerifiedLog } from './log.ts'
import type { AccessSource, ImportSummary, Reject } from './source.ts'

/** A report as the index needs it. Times are epoch seconds. */
export interface ReportQuery {
  readonly report: string
  /** The customer's key, exactly as the access log writes it. */
  readonly customer: string
  readonly contactedAtS: number
  /** Exposures must end this long before the contact to count. */
  readonly lagS: number
  /** Field names that the caller knew; those the log does not record as fields are ignored. */
  readonly knew: readonly string[]
  readonly knowing: boolean
  /** The ticket opened for this very report: accesses under it are no exposure. */
  readonly ticket?: string
}

/** What a log holds and what it records, for figures and assumptions. */
export interface LogOverview {
  readonly disclosures: number
  readonly customers: number
  /** Customers in the population file, or null when none was given. */
  readonly population: number | null
  readonly firstAtS: number
  readonly lastAtS: number
  readonly fieldNames: readonly string[]
  readonly knowsFields: boolean
  readonly knowsTickets: boolean
  /** Purposes, grades or tickets are recorded, so that an exposure can be told to be grounded. */
  readonly knowsPurposes: boolean
  /** How comparison customers were matched, in words, for the verdict's assumptions. */
  readonly matchedOn: readonly string[]
}

/** One agent's exposure to one customer: all their disclosures merged. */
export interface AgentExposure {
  readonly agent: number
  readonly customer: string
  readonly firstAtS: number
  readonly lastAtS: number
  readonly disclosures: number
  /** Disclosures that no grounded purpose explains; 0 where the log knows no purposes. */
  readonly ungrounded: number
  readonly fields: readonly string[]
  readonly segment: string | null
}

/** Customers who were ever in one queue before a time: the reported ones, and others to compare with. */
export interface QueueGroup {
  readonly queue: string
  readonly reported: readonly string[]
  readonly group: ComparisonGroup
}

/** Who saw whom, ready to answer. `close` it when done. */
export interface ExposureIndex {
  /** Agent names by dense id. */
  readonly agents: readonly string[]
  readonly overview: LogOverview
  /** Distinct customers each agent was ever shown, by dense id. */
  readonly distinctCustomers: Uint32Array
  /** Looks up what these reports need, so that `evidenceFor` and `isKnownCustomer` need not wait. */
  prepare(reports: readonly ReportQuery[]): Promise<void>
  /** Evidence of one more report; customers of earlier reports leave its comparison group.
   * Exact: the counts are what a scan of the whole disclosure table would give. */
  evidenceFor(report: ReportQuery, reported: ReadonlySet<string>): Evidence
  isKnownCustomer(customer: string): boolean
  /** Keys that differ from this one only by case, spaces or leading zeros. */
  similarCustomers(customer: string): Promise<string[]>
  /** Everyone who was shown this customer before a time (epoch seconds). */
  exposuresOf(customer: string, beforeS: number): Promise<AgentExposure[]>
  /** Every customer this agent was shown before a time: the scope of a leak. */
  customersOf(agent: number, beforeS: number): Promise<AgentExposure[]>
  /** At most `count` customers, evenly spaced through all of them by id. */
  sampleCustomers(count: number): Promise<string[]>
  /** Per segment: customers in the population (or log), and those this agent was ever shown. */
  segmentsOf(agent: number): Promise<{ segment: string; customers: number; shown: number }[]>
  /** Per queue in which this agent was shown most customers: who was ever in it before a time. Empty
   * where the log knows no queues. */
  queueGroups(agent: number, reported: readonly string[], beforeS: number): Promise<QueueGroup[]>
  /** How many of these customers some row of the log names that could not be used. */
  namedInRejects(customers: readonly string[]): Promise<number>
  /** For each other agent: how many of this agent's customers they were shown too. */
  overlapsOf(agent: number): Uint32Array
  close(): void
}

/** Builds an index from files and logs. A second import of the same file adds nothing; of a log, what
 * is new in it. */
export interface IndexBuilder {
  add(
    source: AccessSource,
    onReject: (reject: Reject) => void,
    onRows?: (rows: number) => void,
  ): Promise<ImportSummary>
  /** Follows a log up to its checkpoint: each entry once, however often and wherever this was
   * interrupted. Throws LOG_ROLLED_BACK, LOG_FORKED, LOG_DAMAGED, LOG_INCOMPLETE,
   * INDEX_KEYS_CHANGED, ENTRY_UNOPENED, EPOCH_UNKNOWN; nothing is added then. */
  addLog(
    log: VerifiedLog,
    onReject: (reject: Reject) => void,
    onRows?: (rows: number) => void,
  ): Promise<ImportSummary>
  addPopulation(file: string): Promise<{ customers: number; assumed: string[] }>
  finish(onPhase?: (phase: string) => void): Promise<ExposureIndex>
  close(): void
}
