/** What speaks against a request: what a lead needs to say no. */
import { GRANTS_PER_PAIR_PER_WEEK_MAX } from '../base/desk-limits.ts'
import type { FieldSpec } from '../guard/facts.ts'
import type { DecideHabit, Weighed } from './stores.ts'

/** Approving all of fewer may be chance. */
const ALL_APPROVED_FROM = 5

/** What speaks against it, the most telling first; none is a reason to say yes. */
export function whyNot(
  weighed: Weighed,
  habit: Pick<DecideHabit, 'decidedToday' | 'approvedToday'>,
  liveTickets: number,
  fields: readonly FieldSpec[],
): string[] {
  const { kind, customers, asked30d, peersMedian30d, approvedForThem7d } = weighed
  const found: (string | false)[] = [
    !weighed.askerActive && 'they are suspended',
    weighed.sameDevice && 'you and they worked on one device in the last 30 days',
    weighed.denied7d > 0 && `denied ${times(weighed.denied7d)} in 7 days for a customer of these`,
    weighed.wrong90d > 0 && `${weighed.wrong90d} of theirs found wrong in 90 days`,
    weighed.onDuty === false && 'they are off roster now',
    kind !== 'budget' && liveTickets === 0 && 'no live ticket of these customers is theirs',
    kind !== 'budget' &&
      liveTickets > 0 &&
      liveTickets < customers.length &&
      `live tickets of theirs for ${liveTickets} of ${customers.length} customers only`,
    asked30d > Math.max(3, 2 * peersMedian30d) &&
      `asked ${times(asked30d)} in 30 days; peers ${peersMedian30d}`,
    ...sensitiveOf(weighed, fields),
    approvedForThem7d > 1 &&
      `you approved ${approvedForThem7d} of theirs in 7 days, of at most ${GRANTS_PER_PAIR_PER_WEEK_MAX}`,
    habit.decidedToday >= ALL_APPROVED_FROM &&
      habit.approvedToday === habit.decidedToday &&
      `you approved all ${habit.decidedToday} that you decided in 24 hours`,
  ]
  return found.filter((one) => one !== false)
}

function sensitiveOf({ fields: names }: Weighed, fields: readonly FieldSpec[]): string[] {
  const sensitive = fields.filter(
    (field) => field.class === 'sensitive' && names.includes(field.name),
  )
  return sensitive.map(({ name }) => `asks for something sensitive: ${name}`)
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}
