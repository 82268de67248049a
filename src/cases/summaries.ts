/** What the log says of each agent and each report, in figures and in one sentence. */
import { type Attribution, robustOf } from '../attribution/judge.ts'
import { toLog10 } from '../attribution/logs.ts'
import { groundedness } from '../attribution/posterior.ts'
import { hitCount, hitShare, type ReportRecord } from '../attribution/record.ts'
import { type Explanations, logSharp } from '../attribution/sharp.ts'
import type { AgentExposure, ExposureIndex } from '../disclosure/exposures.ts'
import type { ReportInput } from '../disclosure/reports.ts'
import type { AgentSummary, ReportSummary } from './document.ts'
import { isoTime, type Names, percent } from './names.ts'

export function agentSummary(
  index: ExposureIndex,
  attribution: Attribution,
  explanations: Explanations,
  names: Names,
  agent: number,
  comparisonShare: number,
): AgentSummary {
  const { record } = attribution
  const hits = hitCount(record, agent)
  const robust = robustOf(attribution, agent)
  const name = names.of(agent)
  return {
    agent: name,
    pseudonym: names.pseudonymOf(agent),
    hits,
    comparisonShare,
    ungroundedHits: index.overview.knowsPurposes ? groundedness(record, agent).ungrounded : null,
    distinctCustomers: index.distinctCustomers[agent],
    log10Sharp: toLog10(logSharp(record, explanations, agent)),
    log10Robust: toLog10(robust.logR),
    worstRivals: robust.worst.map(names.of),
    explanation: `${hits} of ${record.count} reported customers were shown to ${name} before the call; of comparable customers, ${percent(comparisonShare)}.`,
  }
}

export async function reportSummary(
  index: ExposureIndex,
  record: ReportRecord,
  names: Names,
  report: ReportInput,
  position: number,
): Promise<ReportSummary> {
  const evidence = record.evidence[position]
  const exposures = await index.exposuresOf(report.customer, report.contactedAtS)
  const firstOf = new Map(
    exposures.map((exposure: AgentExposure) => [exposure.agent, exposure.firstAtS]),
  )
  const shownTo = [...evidence.hits].map((agent) => ({
    agent: names.of(agent),
    firstAt: isoTime(firstOf.get(agent) ?? report.contactedAtS),
    comparisonShare: hitShare(record, agent, position),
  }))
  return {
    report: report.report,
    customer: report.customer,
    contactedAt: isoTime(report.contactedAtS),
    knew: [...report.knew],
    ghost: evidence.ghost,
    comparisonCustomers: evidence.group.size,
    shownTo: shownTo.sort((a, b) => a.comparisonShare - b.comparisonShare),
  }
}
