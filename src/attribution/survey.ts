/**
 * Customers who were asked whether somebody called them. A report that was asked for is no random
 * draw from all customers, so it is compared with the others who were asked: if agent a is innocent,
 * which of the asked customers say yes does not depend on whom a was shown. Exact by permutation of
 * the answers (docs/attribution.md, "Asked customers").
 */
import type { ComparisonGroup, Evidence } from './evidence.ts'

export interface Answer {
  /** Who had been shown this customer, as for a report; its own comparison group is not used. */
  readonly evidence: Evidence
  readonly called: boolean
}

/** One piece of evidence for each yes, in order; its group is everyone asked but itself and the yeses
 * before it. */
export function surveyEvidence(answers: readonly Answer[]): Evidence[] {
  const counted = new Set<Answer>()
  return answers.flatMap((answer) => {
    if (!answer.called) return []
    counted.add(answer)
    return [{ ...answer.evidence, group: groupOf(answers.filter((other) => !counted.has(other))) }]
  })
}

function groupOf(others: readonly Answer[]): ComparisonGroup {
  const shown = others.filter((other) => other.evidence.hits.length > 0)
  const starts = new Uint32Array(shown.length + 1)
  shown.forEach((other, i) => {
    starts[i + 1] = starts[i] + other.evidence.hits.length
  })
  const agents = new Uint32Array(starts[shown.length])
  shown.forEach((other, i) => {
    agents.set(other.evidence.hits, starts[i])
  })
  const contacts = others.flatMap((other) => other.evidence.firstContact ?? [])
  return { size: others.length, starts, agents, firstContacts: Uint32Array.from(contacts).sort() }
}
