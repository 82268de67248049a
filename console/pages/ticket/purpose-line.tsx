import type { Purpose } from '../../../src/http/desk/shapes/shown.ts'
import { ENDED_WORDS, GRADE_WORDS } from '../../words.ts'

/** Why I may see this customer, or why not (any more). */
export function PurposeLine({ purpose }: { purpose: Purpose }) {
  if (purpose.ended !== null) {
    return (
      <p className="purpose" data-ended>
        <strong>You may not see this customer now:</strong> {ENDED_WORDS[purpose.ended]}.
      </p>
    )
  }
  const isGood = purpose.grade === 'customer' || purpose.grade === 'routed'
  return (
    <p className="purpose" data-weak={!isGood || undefined}>
      {isGood ? 'You may see this customer because' : 'You may see little of this customer:'}{' '}
      {GRADE_WORDS[purpose.grade]}.
    </p>
  )
}
