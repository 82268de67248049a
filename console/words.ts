/** What the desk's words mean to a person. */
import type { Grant } from '../src/http/desk/shapes/grants.ts'
import type { Purpose, ShownField } from '../src/http/desk/shapes/shown.ts'

/** How a purpose is grounded, as the rest of "You may see this customer because ...". */
export const GRADE_WORDS: Record<Purpose['grade'], string> = {
  customer: 'the customer contacted us or read back a code',
  routed: 'the router gave you this ticket',
  colleague: 'a colleague stands behind it',
  self: 'only your own word stands behind it',
  none: 'nothing stands behind it',
}

/** Why a purpose does not hold (any more). */
export const ENDED_WORDS: Record<NonNullable<Purpose['ended']>, string> = {
  closed: 'the ticket is closed',
  'not-assigned': 'the ticket is not yours',
  stale: 'the customer has not been heard of for two weeks',
  'not-approved': 'nobody has approved it yet',
  over: 'its time is over',
  'other-customer': 'it is about another customer',
  'not-found': 'there is no such ticket or grant',
}

type Advice = NonNullable<ShownField['advice']>

/** What would make a field visible. */
export const ADVICE_WORDS: Record<Advice, string> = {
  'ask-code': 'needs the customer to read back a code',
  'ask-grant': 'needs an exception that names this field',
  'step-up': 'needs a fresh sign-in',
  reveal: 'can be revealed',
  'ask-lead': 'ask your lead',
  'take-next': 'needs a ticket that was given to you',
  never: 'is never shown here',
}

/** What kind of exception. */
export const KIND_WORDS = {
  see: 'See customers',
  export: 'Export customers',
  budget: 'More customers today',
} as const

type Wanted = Pick<Grant, 'kind' | 'customerCount' | 'extra'>

/** What an exception lets one do: `See 3 customers`. */
export function wanted({ kind, customerCount, extra }: Wanted): string {
  if (kind === 'budget') return `${counted(extra, 'customer')} more today`
  return `${kind === 'see' ? 'See' : 'Export'} ${counted(customerCount, 'customer')}`
}

/** Where an exception stands. */
export const STATE_WORDS = {
  asked: 'waits for a decision',
  approved: 'approved',
  denied: 'denied',
  ended: 'over',
} as const

/** By which way something was shown. */
export const PATH_WORDS: Record<string, string> = {
  desk: 'here',
  api: 'another tool',
  sql: 'the database',
  export: 'an export',
  import: 'an import',
}

/** `1 customer`, `2 customers`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}

/** A mask as it is read aloud: `a•••@e•••.com` is "masked: a … @e … .com". */
export function spokenMask(mask: string): string {
  return `masked: ${mask.replace(/[•*]+/g, ' … ').trim()}`
}

const MIN_MS = 60_000
const HOUR_MIN = 60
const DAY_MIN = 24 * HOUR_MIN

/** A length of time as one says it: `12 min`, `1 h 35 min`, `3 days`. */
export function lasting(ms: number): string {
  const minutes = Math.floor(ms / MIN_MS)
  if (minutes < 1) return 'under a minute'
  if (minutes < HOUR_MIN) return `${minutes} min`
  if (minutes >= DAY_MIN) return counted(Math.floor(minutes / DAY_MIN), 'day')
  const rest = minutes % HOUR_MIN
  return `${Math.floor(minutes / HOUR_MIN)} h${rest === 0 ? '' : ` ${rest} min`}`
}
