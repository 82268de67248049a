/** What goes into an investigation and what comes out. */
import type { Attribution, Judgement, Rule } from '../attribution/judge.ts'
import type { ExposureIndex } from '../disclosure/exposures.ts'
import type { ReportsFile, StaffFile } from '../disclosure/reports.ts'
import type { ImportSummary } from '../disclosure/source.ts'
import type { LogCheckpoint, VerdictDocument } from './document.ts'
import type { Gathered } from './gather.ts'
import type { Names } from './names.ts'
import type { AffectedRow } from './scope.ts'

/** The rule for naming: e-values, or the model of 2011 for comparison. */
export type Model = 'e-value' | 'guilt-2011'

export interface InvestigationInput {
  readonly index: ExposureIndex
  readonly reports: ReportsFile
  readonly staff?: StaffFile
  readonly imports: readonly ImportSummary[]
  /** Of the logs that were read. */
  readonly checkpoints?: readonly LogCheckpoint[]
  /** What was assumed in reading the population file, in words. */
  readonly populationAssumed?: readonly string[]
  readonly rule: Rule
  /** Seconds by which an access must precede the contact. */
  readonly lagS: number
  /** The lag was asked for, so clocks are not in doubt. */
  readonly lagGiven: boolean
  readonly model: Model
  readonly pseudonyms: boolean
  readonly onPhase?: (phase: string) => void
}

/** What an investigation found. */
export interface Investigation {
  readonly document: VerdictDocument
  /** The whole affected list of each accused agent, under the name the document gives them. */
  readonly affected: readonly { agent: string; rows: readonly AffectedRow[] }[]
}

/** Investigates once. Throws COLUMNS_SWAPPED where the reported customers are agents of the log. */

/** Everything known once the reports are weighed. */
export interface Weighed {
  readonly input: InvestigationInput
  readonly gathered: Gathered
  readonly attribution: Attribution
  readonly judgement: Judgement
  readonly names: Names
}
