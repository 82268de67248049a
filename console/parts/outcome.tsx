import { endsSession } from '../api/client.ts'
import type { Act } from '../hooks/act.ts'
import { Refused } from './states.tsx'
import { StepUp } from './step-up.tsx'

type Shown = Pick<Act<[]>, 'refusal' | 'again'>

/** What stands in the way of an act, if anything; where a fresh sign-in helps, it is right here. */
export function Outcome({ act }: { act: Shown }) {
  if (act.refusal === null) return null
  if (act.refusal.code === 'STEP_UP_NEEDED') return <StepUp onDone={act.again} />
  if (endsSession(act.refusal)) return null
  return <Refused refusal={act.refusal} again={act.refusal.status === 0 ? act.again : undefined} />
}
