/** How many more reports until the strongest candidate can be named, at the present rate. */
import {
  type Attribution,
  follow,
  type Judgement,
  robustOf,
  threshold,
} from '../attribution/judge.ts'
import { hitCount } from '../attribution/record.ts'
import { robustScore } from '../attribution/robust.ts'
import { strongestFirst } from '../attribution/suspect.ts'

/** Below this many reports a rate is only noise. */
const RATE_FROM = 3
/** Beyond this the honest answer is "not in sight". */
const NOT_IN_SIGHT = 100_000

/** 0 when somebody is named; null when no naming is in sight, or when it would take more customers than
 * the agent was shown. The rate is that of the statistic which naming waits for: the robust one, at the
 * rule's least gamma. */
export function needed(
  attribution: Attribution,
  judgement: Judgement,
  distinctCustomers: Uint32Array,
): number | null {
  const { record, rule } = attribution
  if (judgement.verdict === 'named') return 0
  if (record.count < RATE_FROM) return null
  let best: number | null = null
  for (const agent of candidates(attribution, judgement)) {
    const { logR } = robustScore(record, follow(attribution, agent, true), rule.k)
    const rate = logR / record.count
    if (rate <= 0) continue
    const plain = robustOf(attribution, agent).logR / record.count
    const forGamma = threshold(attribution) / rate
    const forMargin = threshold(attribution) / plain + marginCost(attribution, agent, plain)
    const more = Math.ceil(Math.max(forGamma, forMargin) - record.count)
    const hits = hitCount(record, agent)
    const left = distinctCustomers[agent] - hits
    if ((more * hits) / record.count > left || more >= NOT_IN_SIGHT) continue
    if (best === null || more < best) best = Math.max(1, more)
  }
  return best
}

/** Reports that replace the ones a naming must be able to lose. */
function marginCost({ record, rule }: Attribution, agent: number, rate: number): number {
  const lift = record.hits[agent]?.lift ?? []
  const typical = lift.reduce((sum, x) => sum + Math.log(x), 0) / Math.max(1, lift.length)
  return (Math.max(rule.marginMin, rule.marginShare * record.count) * typical) / rate
}

function candidates(attribution: Attribution, judgement: Judgement): number[] {
  const strongest = strongestFirst(attribution.record).slice(0, 3)
  return [...new Set([...judgement.leading.map((l) => l.agent), ...strongest])]
}
