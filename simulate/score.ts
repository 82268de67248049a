/** Compares what an investigation concluded with what really happened. */
import type { VerdictDocument } from '../src/cases/document.ts'
import type { Truth } from './truth.ts'

/** What the scorer needs of a verdict. */
export type Verdict = Pick<VerdictDocument, 'verdict' | 'named' | 'leading' | 'affected'>

export interface AffectedLine {
  readonly customer: string
  readonly tier: string
  readonly fields: readonly string[]
}

/** One tier of the affected list, or `all` of them together. Shares are NaN where they are 0/0. */
export interface TierScore {
  readonly tier: string
  readonly listed: number
  /** Listed customers whose record really was taken. */
  readonly taken: number
  readonly precision: number
  /** Of all records taken, the share on this tier's list; then of those that the log holds. */
  readonly recall: number
  readonly recallLogged: number
}

/** A statement that a segment or field was not touched, and how many taken records refute it. */
export interface Untouched {
  readonly what: string
  readonly holds: boolean
}

export interface Score {
  readonly naming: 'right' | 'wrong' | 'undecided'
  /** Every leaker is named; for other causes, the same as `right`. */
  readonly complete: boolean
  readonly leakersNamed: readonly string[]
  readonly innocentsNamed: readonly string[]
  readonly leakersLeading: readonly string[]
  readonly innocentsLeading: readonly string[]
  readonly tiers: readonly TierScore[]
  /** Customers who are not on the list, and those of them whose record was taken all the same:
   * with the access in the log (a fault of the list) and without (a fault of the log). */
  readonly notListed: { customers: number; takenLogged: number; takenUnlogged: number }
  readonly untouched: readonly Untouched[]
}

export function scoreVerdict(
  verdict: Verdict,
  affected: readonly AffectedLine[],
  truth: Truth,
): Score {
  const leakers = new Set(truth.summary.leakers)
  const named = split(verdict.named, leakers)
  const leading = split(verdict.leading, leakers)
  const naming = judge(verdict, named, truth)
  return {
    naming,
    complete: naming === 'right' && named.leakers.length === leakers.size,
    leakersNamed: named.leakers,
    innocentsNamed: named.innocents,
    leakersLeading: leading.leakers,
    innocentsLeading: leading.innocents,
    tiers: tiersOf(affected, truth),
    notListed: notListed(affected, truth),
    untouched: affected.length === 0 ? [] : untouched(verdict, affected, truth),
  }
}

function split(accused: Verdict['named'], leakers: ReadonlySet<string>) {
  const agents = [...new Set(accused.map((a) => a.agent))]
  return {
    leakers: agents.filter((a) => leakers.has(a)),
    innocents: agents.filter((a) => !leakers.has(a)),
  }
}

function judge(verdict: Verdict, named: ReturnType<typeof split>, truth: Truth): Score['naming'] {
  const { leak } = truth.summary.options
  if (named.innocents.length > 0) return 'wrong'
  if (named.leakers.length > 0) return 'right'
  if (verdict.verdict === 'outside') return leak === 'outside' ? 'right' : 'wrong'
  return leak === 'none' && verdict.verdict === 'undecided' ? 'right' : 'undecided'
}

function tiersOf(affected: readonly AffectedLine[], truth: Truth): TierScore[] {
  const taken = new Map<string, boolean>()
  for (const { customer, logged } of truth.takings) {
    taken.set(customer, logged || taken.get(customer) === true)
  }
  const loggedCount = [...taken.values()].filter(Boolean).length
  const score = (tier: string, lines: readonly AffectedLine[]): TierScore => {
    const listed = new Set(lines.map((line) => line.customer))
    const hits = [...listed].filter((customer) => taken.has(customer))
    return {
      tier,
      listed: listed.size,
      taken: hits.length,
      precision: hits.length / listed.size,
      recall: hits.length / taken.size,
      recallLogged: hits.filter((customer) => taken.get(customer)).length / loggedCount,
    }
  }
  const names = [...new Set(affected.map((line) => line.tier))]
  const tiers = names.map((tier) =>
    score(
      tier,
      affected.filter((line) => line.tier === tier),
    ),
  )
  return [...tiers, score('all', affected)]
}

function notListed(affected: readonly AffectedLine[], truth: Truth) {
  const listed = new Set(affected.map((line) => line.customer))
  const customers = truth.summary.segments.reduce((all, s) => all + s.customers, 0)
  const missed = new Map<string, boolean>()
  for (const { customer, logged } of truth.takings) {
    if (!listed.has(customer)) missed.set(customer, logged || missed.get(customer) === true)
  }
  const takenLogged = [...missed.values()].filter(Boolean).length
  return {
    customers: customers - listed.size,
    takenLogged,
    takenUnlogged: missed.size - takenLogged,
  }
}

/** Segments of which the verdict says that the named agents were shown nobody, and fields that
 * stand on no line of the list. */
function untouched(verdict: Verdict, affected: readonly AffectedLine[], truth: Truth): Untouched[] {
  const { segments, fields } = truth.summary
  const shown = new Map<string, number>()
  for (const { segment, shown: count } of verdict.affected.flatMap((a) => a.segments)) {
    shown.set(segment, (shown.get(segment) ?? 0) + count)
  }
  const claimed = segments.filter(({ segment }) => shown.get(segment) === 0)
  const listed = new Set(affected.flatMap((line) => line.fields))
  const unseen = fields.all.filter((field) => !listed.has(field))
  return [
    ...claimed.map((s) => ({ what: `no ${s.segment} customer`, holds: s.taken === 0 })),
    ...unseen.map((f) => ({ what: `no ${f} field`, holds: !fields.taken.includes(f) })),
  ]
}
