/** The verdict by the 2011 guilt model, for comparison (docs/attribution.md, section 11). */
import { guiltOf } from '../attribution/guilt.ts'
import type { Attribution, Judgement } from '../attribution/judge.ts'

/** The model's own parameter: the chance that a leaked record was guessed. */
const GUILT_GUESS = 0.2

/** Names whoever's guilt leaves less than alpha for innocence. */
export function judgedByGuilt(attribution: Attribution, judgement: Judgement): Judgement {
  const { record, rule } = attribution
  const leaked = record.evidence.map((evidence) => evidence.hits)
  const guilt = guiltOf(leaked, record.agentCount, GUILT_GUESS)
  const namings = [...guilt]
    .map((value, agent) => ({ agent, value }))
    .filter(({ value }) => value >= 1 - rule.alpha)
    .sort((a, b) => b.value - a.value)
    .map(({ agent, value }) => ({
      agent,
      robust: { logR: -Math.log(Math.max(1 - value, Number.EPSILON)), worst: [] },
      gamma: 0,
      margin: 0,
      named: true,
    }))
  const verdict = namings.length > 0 ? 'named' : 'undecided'
  return { ...judgement, verdict, namings, leading: [] }
}
