/** From the reports file to evidence, in order of arrival: each customer once, asked customers apart. */
import type { Evidence } from '../attribution/evidence.ts'
import { surveyEvidence } from '../attribution/survey.ts'
import type { ExposureIndex, ReportQuery } from '../disclosure/exposures.ts'
import type { ReportInput } from '../disclosure/reports.ts'

/** A log that reaches back less than this before a call says nothing of copies: what was taken before
 * it begins looks like a way around it. */
const LOG_REACH_S = 30 * 86_400

export interface Gathered {
  /** Reports that count, in the order of their evidence. */
  readonly reports: readonly ReportInput[]
  readonly evidence: readonly Evidence[]
  /** Other reports of the same customers. */
  readonly repeated: readonly ReportInput[]
  /** Asked customers who said that nobody called. */
  readonly declined: readonly ReportInput[]
  /** Reported customers that neither the log nor the population knows. */
  readonly unknown: readonly ReportInput[]
}

/** Evidence of each usable report, asked of the index; repeated customers count once. */
export async function gather(
  index: ExposureIndex,
  inputs: readonly ReportInput[],
  lagS: number,
): Promise<Gathered> {
  const { once, repeated } = onceEach(inputs)
  await index.prepare(once.map((report) => queryOf(report, lagS, true)))
  const unknown = new Set(once.filter((r) => !index.isKnownCustomer(r.customer)))
  const reported = new Set<string>()
  const evidenceOf = (report: ReportInput): Evidence => {
    const reachesBack = report.contactedAtS >= index.overview.firstAtS + LOG_REACH_S
    const telling = !unknown.has(report) && reachesBack
    const evidence = index.evidenceFor(queryOf(report, lagS, telling), reported)
    reported.add(report.customer)
    return evidence
  }
  const came = once.filter((report) => report.asked === undefined)
  const evidence = came.map(evidenceOf)
  const asked = once.filter((report) => report.asked !== undefined)
  const answers = asked.map((r) => ({ evidence: evidenceOf(r), called: r.asked?.called === true }))
  return {
    reports: [...came, ...asked.filter((r) => r.asked?.called)],
    evidence: [...evidence, ...surveyEvidence(answers)],
    repeated,
    declined: asked.filter((r) => !r.asked?.called),
    unknown: [...unknown],
  }
}

/** `telling` is false where what the caller knew is no sign of an outside copy: the customer is unknown
 * and their key perhaps mistyped, or the contact came before the log reaches back far enough. */
function queryOf(report: ReportInput, lagS: number, telling: boolean): ReportQuery {
  const { customer, contactedAtS, knew } = report
  const query = { report: report.report, customer, contactedAtS, lagS, knew }
  const knowing = report.knowing && telling
  return report.ticket === undefined
    ? { ...query, knowing }
    : { ...query, knowing, ticket: report.ticket }
}

/** A customer counts once: with their earliest call, at the place of their first row; a "no" to a
 * question counts only where they never said yes. */
function onceEach(inputs: readonly ReportInput[]) {
  const best = new Map<string, ReportInput>()
  for (const report of inputs) {
    const known = best.get(report.customer)
    if (known === undefined || tellsMore(report, known)) best.set(report.customer, report)
  }
  const once = [...best.values()]
  const counted = new Set(once)
  return { once, repeated: inputs.filter((report) => !counted.has(report)) }
}

function tellsMore(report: ReportInput, known: ReportInput): boolean {
  const called = (one: ReportInput) => one.asked === undefined || one.asked.called
  if (called(report) !== called(known)) return called(report)
  return report.contactedAtS < known.contactedAtS
}
