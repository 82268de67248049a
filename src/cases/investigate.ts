/** One investigation, from an index and a reports file to the verdict as a document. */
import { judge, weigh } from '../attribution/judge.ts'
import { TelltaleError } from '../base/errors.ts'
import type { ExposureIndex } from '../disclosure/exposures.ts'
import type { ReportsFile } from '../disclosure/reports.ts'
import { assemble } from './assemble.ts'
import { judgedByGuilt } from './baseline.ts'
import { doubted } from './doubts.ts'
import { type Gathered, gather } from './gather.ts'
import type { Investigation, InvestigationInput } from './investigation.ts'
import { namesOf } from './names.ts'

/** Times at which an outside copy may have been made: the log's span in so many equal steps. */
const COPY_TIMES = 12

/** Weighs the reports against the index. Throws COLUMNS_SWAPPED where the log looks misread; any other
 * doubt is a caveat of the document. Leaves the index open. */
export async function investigate(input: InvestigationInput): Promise<Investigation> {
  const { index, reports, rule, onPhase = () => {} } = input
  onPhase('Weighing the reports')
  const gathered = await gather(index, reports.reports, input.lagS)
  refuseSwappedColumns(index, gathered, reports)
  const attribution = weigh(index.agents.length, rule, gathered.evidence)
  const names = namesOf(index.agents, input.pseudonyms)
  const judgement = judge(attribution, copyTimes(index))
  const weighed = { input, gathered, attribution, judgement, names }
  const { caveats, ...standing } =
    input.model === 'guilt-2011'
      ? { judgement: judgedByGuilt(attribution, judgement), caveats: [] }
      : await doubted(weighed)
  onPhase('Listing the affected customers')
  return assemble({ ...weighed, ...standing }, caveats)
}

function copyTimes(index: ExposureIndex): number[] {
  const { firstAtS, lastAtS } = index.overview
  return Array.from({ length: COPY_TIMES }, (_, i) =>
    Math.floor(firstAtS + ((i + 1) * (lastAtS - firstAtS)) / COPY_TIMES),
  )
}

function refuseSwappedColumns(
  index: ExposureIndex,
  gathered: Gathered,
  reports: ReportsFile,
): void {
  const agents = new Set(index.agents)
  const known = gathered.reports.length - gathered.unknown.length
  const asAgents = reports.reports.filter((report) => agents.has(report.customer)).length
  if (asAgents * 2 > reports.reports.length && known < asAgents) {
    throw new TelltaleError('COLUMNS_SWAPPED', { count: asAgents, reports: reports.reports.length })
  }
}
