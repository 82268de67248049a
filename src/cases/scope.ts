/** Whom the leak touched: every customer the agent was shown in time, in tiers, and where they did not
 * reach. */
import type { AgentExposure, ExposureIndex } from '../disclosure/exposures.ts'
import type { ReportInput } from '../disclosure/reports.ts'
import type { Affected, AffectedTier } from './document.ts'
import { isoTime } from './names.ts'

/** Rows of the list that stand in the document itself; the whole list is a file of its own. */
const AFFECTED_SAMPLE = 100

export interface AffectedRow {
  readonly customer: string
  readonly tier: AffectedTier
  readonly firstAtS: number
  readonly fields: readonly string[]
}

export interface Scope {
  readonly affected: Affected
  readonly rows: readonly AffectedRow[]
}

const TIERS: readonly AffectedTier[] = ['reported', 'unexplained', 'explained']

export async function scopeOf(
  index: ExposureIndex,
  agent: number,
  name: string,
  reports: readonly ReportInput[],
): Promise<Scope> {
  const untilS = Math.max(...reports.map((r) => r.contactedAtS))
  const exposures = await index.customersOf(agent, untilS)
  const contacts = new Map(reports.map((report) => [report.customer, report.contactedAtS]))
  const fromS = windowStart(exposures, contacts, index.overview.knowsPurposes)
  const rows = exposures
    .flatMap((exposure) => rowOf(exposure, contacts, fromS, index.overview.knowsPurposes))
    .sort((a, b) => TIERS.indexOf(a.tier) - TIERS.indexOf(b.tier) || a.firstAtS - b.firstAtS)
  return { rows, affected: await describe(index, agent, name, rows, { fromS, untilS }) }
}

/** The window opens at the first disclosure without a grounded purpose, or of a customer who
 * reported, whichever came first. Where no purposes are known nothing marks it, and it is the whole
 * log. */
function windowStart(
  exposures: readonly AgentExposure[],
  contacts: ReadonlyMap<string, number>,
  knowsPurposes: boolean,
): number {
  const marks = knowsPurposes
    ? exposures.filter((one) => one.ungrounded > 0 || contacts.has(one.customer))
    : []
  const starts = (marks.length > 0 ? marks : exposures).map((exposure) => exposure.firstAtS)
  return starts.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY)
}

function rowOf(
  exposure: AgentExposure,
  contacts: ReadonlyMap<string, number>,
  fromS: number,
  knowsPurposes: boolean,
): AffectedRow[] {
  const contactedAtS = contacts.get(exposure.customer)
  const reported = contactedAtS !== undefined && exposure.firstAtS < contactedAtS
  const unexplained = exposure.ungrounded > 0 || !knowsPurposes
  if (!reported && exposure.lastAtS < fromS) return []
  const tier = reported ? 'reported' : unexplained ? 'unexplained' : 'explained'
  const { customer, firstAtS, fields } = exposure
  return [{ customer, tier, firstAtS, fields }]
}

async function describe(
  index: ExposureIndex,
  agent: number,
  name: string,
  rows: readonly AffectedRow[],
  window: { fromS: number; untilS: number },
): Promise<Affected> {
  const meaning = meanings(index.overview.knowsPurposes)
  const from = Number.isFinite(window.fromS) ? window.fromS : window.untilS
  return {
    agent: name,
    window: { from: isoTime(from), to: isoTime(window.untilS) },
    tiers: TIERS.map((tier) => ({
      tier,
      customers: rows.filter((row) => row.tier === tier).length,
      meaning: meaning[tier],
    })),
    segments: await index.segmentsOf(agent),
    sample: rows.slice(0, AFFECTED_SAMPLE).map((row) => ({
      customer: row.customer,
      tier: row.tier,
      firstAt: isoTime(row.firstAtS),
      fields: [...row.fields],
    })),
  }
}

function meanings(knowsPurposes: boolean): Record<AffectedTier, string> {
  return {
    reported: 'Reported a suspicious contact after this agent had been shown them.',
    unexplained: knowsPurposes
      ? 'Shown to this agent at least once without a purpose that is grounded outside their own word.'
      : 'Shown to this agent at any time in the log. It records no purposes, so none of these can be explained.',
    explained: 'Shown to this agent in the window of the leak, each time for a grounded purpose.',
  }
}
