/** What whoever is not shown something is told, and what the log is told of it. */
import { STEP_UP_MS } from '../base/desk-limits.ts'
import { TelltaleError } from '../base/errors.ts'
import type { Advice, Counts, Ended, FieldDecision, Purpose } from '../guard/facts.ts'
import type { Facts } from './ports.ts'

/** A refusal: what is thrown, and what the log is told, in words of ours. */
export interface Refusal {
  readonly error: TelltaleError
  readonly detail: string
}

const ENDED: Readonly<Record<Exclude<Ended, 'not-found'>, string>> = {
  closed: 'the ticket is closed',
  'not-assigned': 'the ticket is not assigned to you any more',
  stale: 'nothing was heard of this ticket for 14 days',
  'not-approved': 'the exception was not approved',
  over: 'the exception is over',
  'other-customer': 'the exception is about somebody else',
}

/** A purpose that does not hold. Of what is not theirs, nobody learns whether it exists. */
export function endedRefusal({ kind, ended }: Purpose): Refusal {
  const detail = `${kind}: ${ended}`
  if (ended === 'not-found' || ended === 'not-assigned' || ended === null) {
    const code = kind === 'ticket' ? 'TICKET_UNKNOWN' : 'GRANT_UNKNOWN'
    return { error: new TelltaleError(code, {}), detail }
  }
  return { error: new TelltaleError('PURPOSE_ENDED', { why: ENDED[ended] }), detail }
}

/** A customer who is not on record any more. */
export function goneError(): TelltaleError {
  return new TelltaleError('PURPOSE_ENDED', { why: 'the customer is not on record any more' })
}

/** What held when the caller asked and does not hold now. */
export function meanwhileError({ sessionGood }: Facts): TelltaleError {
  if (!sessionGood) return new TelltaleError('SESSION_ENDED', {})
  return new TelltaleError('PURPOSE_ENDED', { why: 'it ended, or changed hands, just now' })
}

const WHY: Readonly<Record<Exclude<Advice, 'step-up'>, readonly [why: string, advice: string]>> = {
  'ask-code': [
    'nobody but you or a colleague made this ticket yours',
    'Send the customer a code and let them read it back',
  ],
  'ask-grant': ['it takes an exception that names it', 'Ask for an exception'],
  'ask-lead': ['it is not yours to see', 'Ask your lead'],
  'take-next': ['there is no ticket of yours for it', 'Take the next ticket'],
  reveal: ['it is shown when it is asked for', 'Reveal it'],
  never: ['nobody is shown it in this way', 'Ask your lead how to go on without it'],
}

/** Fields that cannot be revealed; the first one that more than a step-up is missing for is told. */
export function fieldsRefusal(refused: readonly FieldDecision[]): Refusal {
  const detail = refused.map(({ field, policies }) => `${field.name} (${policies.join(', ')})`)
  const told = refused.find(({ advice }) => advice !== 'step-up')
  if (told === undefined) return { error: stepUpError(), detail: `step-up: ${detail.join('; ')}` }
  const [why, advice] = WHY[told.advice as keyof typeof WHY] ?? WHY.never
  const error = new TelltaleError('REVEAL_REFUSED', { field: told.field.name, why, advice })
  return { error, detail: detail.join('; ') }
}

/** A field of a name that no record has. It is not repeated: it may be any text. */
export function unknownFieldRefusal(): Refusal {
  const [, advice] = WHY.never
  const why = 'no record has it'
  const error = new TelltaleError('REVEAL_REFUSED', { field: 'named field', why, advice })
  return { error, detail: 'a field that no record has' }
}

/** A budget that is used up. */
export function budgetRefusal(over: keyof Counts, used: Counts, limits: Counts): Refusal {
  const details = { used: used[over], window: over, limit: limits[over] }
  return { error: new TelltaleError('BUDGET_EXCEEDED', details), detail: `budget: ${over}` }
}

/** A sign-in that is not fresh enough. */
export function stepUpError(): TelltaleError {
  return new TelltaleError('STEP_UP_NEEDED', { minutes: STEP_UP_MS / 60_000 })
}
