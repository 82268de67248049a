/** What the commands need from the rest; `app.ts` wires it. */
import type { IndexBuilder } from '../disclosure/exposures.ts'
import type { ReadDisclosures } from '../disclosure/imported.ts'
import type { VerifiedLog } from '../disclosure/log.ts'
import type { ReportsFile, StaffFile } from '../disclosure/reports.ts'
import type { AccessSource } from '../disclosure/source.ts'
import type { BudgetTools } from './budgets-ports.ts'
import type { DeskTools } from './desk.ts'
import type { LogTools } from './log/ports.ts'
import type { MapTools } from './map.ts'
import type { SyncAtDesk } from './people.ts'
import type { StoreTools } from './store.ts'
import type { WitnessTools } from './witness.ts'

/** How an access log is to be read, as told on the command line. */
export interface AccessOptions {
  /** `agent=COL,customer=COL,time=COL,...` */
  readonly map?: string
  /** A YAML mapping file. */
  readonly mapping?: string
  readonly preset?: string
  readonly timeFormat?: string
  readonly timeZone?: string
}

/** How a log is to be read, as told on the command line. */
export interface LogOptions {
  /** The folder of its keys; by default that of the log with `.keys` behind it. */
  readonly keys?: string
  /** The command of an external key service. */
  readonly keyService?: string
  /** The verifier key that the log has to have, or a file that holds it. */
  readonly key?: string
  /** A file that says whose cosignatures are asked for. */
  readonly policy?: string
}

export interface IndexOptions {
  /** A directory that keeps the index between runs; in memory when absent. */
  readonly dir?: string
  readonly strict: boolean
}

export interface RejectWriter {
  /** Writes every rejected row so far, as CSV: file, line, reason, text. Returns how many. */
  writeRejects(file: string): Promise<number>
}

/** The ports of the command line. */
export interface Tools {
  readonly version: string
  nowMs(): number
  openAccessLog(file: string, options: AccessOptions): Promise<AccessSource>
  /** Reads an access log row by row, to be sealed into a log. */
  readDisclosures(source: AccessSource): Promise<ReadDisclosures>
  openLog(dir: string, options: LogOptions): Promise<VerifiedLog>
  createIndex(options: IndexOptions): Promise<IndexBuilder & RejectWriter>
  readReports(file: string, options: AccessOptions): Promise<ReportsFile>
  readStaff(file: string): Promise<StaffFile>
  readonly budgets: BudgetTools
  readonly desk: DeskTools
  readonly log: LogTools
  readonly store: StoreTools
  readonly map: MapTools
  readonly people: { readonly sync: SyncAtDesk }
  readonly witness: WitnessTools
}
