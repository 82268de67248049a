/**
 * The next best questions: which customers who have not reported to ask, so that few answers tell the
 * remaining explanations apart. docs/attribution.md, "The next best questions".
 */

/** Chance that a customer a leaker was shown says "yes, I was called". */
export const YES_IF_SHOWN = 0.4
/** The same for anyone else. */
export const YES_OTHERWISE = 0.02
/** A second question of the same kind tells less than the first: its worth is cut by this each time,
 * so that a list of questions stays mixed and both sides of every comparison are asked. */
const REPEAT_WORTH = 0.7

/** One possibility that answers could tell from the others. */
export interface Hypothesis {
  /** Agents who leak under it; empty: nobody. */
  readonly agents: readonly number[]
  /** Its present share; need not be normalised. */
  readonly share: number
}

/** A customer who has not reported, and the agents of interest who had been shown them. */
export interface Askable {
  readonly customer: string
  readonly shownTo: readonly number[]
}

export interface Question extends Askable {
  /** Expected reduction of the uncertainty over the hypotheses, in bits. */
  readonly bits: number
}

/** Expected bits of one answer. */
function worthOf(shownTo: readonly number[], hypotheses: readonly Hypothesis[]): number {
  const total = hypotheses.reduce((sum, h) => sum + h.share, 0)
  let yes = 0
  let expected = 0
  for (const { agents, share } of hypotheses) {
    const chance = agents.some((agent) => shownTo.includes(agent)) ? YES_IF_SHOWN : YES_OTHERWISE
    yes += (share / total) * chance
    expected += (share / total) * entropyBits(chance)
  }
  return Math.max(0, entropyBits(yes) - expected)
}

/** At most `limit` questions, most telling first; none that tells nothing. */
export function nextQuestions(
  askable: readonly Askable[],
  hypotheses: readonly Hypothesis[],
  limit: number,
): Question[] {
  const kinds = byKind(askable, hypotheses)
  const chosen: Question[] = []
  while (chosen.length < limit) {
    let best: Kind | undefined
    for (const kind of kinds) {
      if (kind.next < kind.members.length && (best === undefined || kind.worth > best.worth))
        best = kind
    }
    if (best === undefined || best.bits <= 0) break
    chosen.push({ ...best.members[best.next++], bits: best.bits })
    best.worth *= REPEAT_WORTH
  }
  return chosen
}

interface Kind {
  readonly members: Askable[]
  readonly bits: number
  worth: number
  next: number
}

/** Customers shown to the same of the hypotheses' agents are alike as questions. */
function byKind(askable: readonly Askable[], hypotheses: readonly Hypothesis[]): Kind[] {
  const relevant = new Set(hypotheses.flatMap((h) => h.agents))
  const kinds = new Map<string, Kind>()
  for (const one of askable) {
    const shownTo = one.shownTo.filter((agent) => relevant.has(agent)).sort((a, b) => a - b)
    const key = shownTo.join()
    const kind = kinds.get(key)
    if (kind) {
      kind.members.push({ customer: one.customer, shownTo })
      continue
    }
    const bits = worthOf(shownTo, hypotheses)
    kinds.set(key, { members: [{ customer: one.customer, shownTo }], bits, worth: bits, next: 0 })
  }
  return [...kinds.values()]
}

function entropyBits(p: number): number {
  if (p <= 0 || p >= 1) return 0
  return -(p * Math.log2(p) + (1 - p) * Math.log2(1 - p))
}
