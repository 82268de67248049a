/** What `telltale budgets` needs from the rest; `budget-tools.ts` wires it. */
import type { VerifiedLog } from '../disclosure/log.ts'
import type { AccessSource, ImportSummary } from '../disclosure/source.ts'
import type { Peaks, TeamBudgetStore } from '../disclosure/team-budgets.ts'

/** Where disclosures are: access logs, or a tamper-evident log. */
export interface PeakSources {
  readonly accesses: readonly AccessSource[]
  readonly log: VerifiedLog | null
  /** The mapping of the guarded help desk, which says what its fields are. */
  readonly config?: string
}

/** What was counted, and what came of reading it. */
export interface CountedPeaks {
  readonly peaks: Peaks
  readonly imports: readonly ImportSummary[]
}

/** The ports. */
export interface BudgetTools {
  /** Throws what the reading of accesses and logs throws, NO_USABLE_ACCESSES, and of the mapping
   * FILE_UNREADABLE and SOURCE_MAP_INVALID. */
  peaks(sources: PeakSources, onRows: (rows: number) => void): Promise<CountedPeaks>
  /** Throws STORE_UNAVAILABLE, STORE_UNSUITABLE. */
  openStore(url: string): Promise<TeamBudgetStore & { close(): Promise<void> }>
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  wallMs(): number
  /** Name of the operating system's account that runs this. */
  account(): string
}
