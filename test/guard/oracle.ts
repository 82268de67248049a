/** What docs/desk.md says is shown, read from its table by hand and by nothing of the guard. */
import type { FieldClass, Role } from '../../src/guard/facts.ts'
import type { Question } from '../../src/guard/policy.ts'

export type ShowingQuestion = Extract<Question, { readonly class: FieldClass }>
export type DecidingQuestion = Extract<Question, { readonly action: 'decide' | 'review' }>
export type AskingQuestion = Extract<Question, { readonly action: 'ask' }>

/** How a field may be seen: by itself on a page, and clear when asked for. */
interface Cell {
  readonly page: 'clear' | 'masked' | 'hidden'
  readonly reveal: boolean
}

const HIDDEN: Cell = { page: 'hidden', reveal: false }
const ON_REVEAL: Cell = { page: 'hidden', reveal: true }
const MASKED: Cell = { page: 'masked', reveal: false }
const MASKED_AND_REVEAL: Cell = { page: 'masked', reveal: true }
const CLEAR: Cell = { page: 'clear', reveal: true }

/** The table of "What is shown", its columns in order; "otherwise" is hidden throughout. */
const TABLE: Readonly<Record<FieldClass, readonly [good: Cell, below: Cell, grant: Cell]>> = {
  identity: [MASKED_AND_REVEAL, MASKED, ON_REVEAL],
  contact: [MASKED_AND_REVEAL, MASKED, ON_REVEAL],
  reference: [CLEAR, CLEAR, CLEAR],
  text: [CLEAR, HIDDEN, ON_REVEAL],
  sensitive: [HIDDEN, HIDDEN, ON_REVEAL],
}

const handles = (roles: readonly Role[]) =>
  (roles.includes('agent') || roles.includes('lead')) && !roles.includes('admin')

/** Whether a field may be shown so. */
export function mayShow(q: ShowingQuestion): boolean {
  const { present, purpose, live, grade, named, kind, steppedUp } = q.context
  if (!present || !live || !handles(q.asker.roles)) return false
  const isGrant = purpose === 'grant' && named
  if (q.action === 'export') return isGrant && kind === 'export' && steppedUp
  const isTicket = purpose === 'ticket'
  const isSeeing = isGrant && kind === 'see'
  if (!isTicket && !isSeeing) return false
  if (q.action === 'call') return q.class === 'contact'
  const column = isSeeing ? 2 : grade === 'customer' || grade === 'routed' ? 0 : 1
  const { page, reveal } = TABLE[q.class][column]
  if (q.action === 'look clear') return page === 'clear'
  if (q.action === 'look masked') return page === 'masked'
  return reveal && (q.class !== 'sensitive' || steppedUp)
}

/** Whether somebody may decide on an exception, or review it. */
export function mayDecide(q: DecidingQuestion): boolean {
  const { present, steppedUp, approve, rank, samePerson, sameDevice } = q.context
  if (!present || samePerson || sameDevice || q.asker.kind !== 'person') return false
  const mine = q.asker.roles.includes('officer') ? 3 : q.asker.roles.includes('lead') ? 2 : 0
  if (q.action === 'review') return mine === 3
  if (approve && !steppedUp) return false
  return mine > Math.max(rank, 1) && !(q.kind === 'export' && mine < 3)
}

/** Whether somebody may ask for an exception. */
export function mayAsk({ asker, kind, context }: AskingQuestion): boolean {
  const { present, steppedUp, emergency, rank } = context
  if (!present || asker.kind !== 'person' || !handles(asker.roles) || rank >= 3) return false
  return !emergency || (kind === 'see' && steppedUp)
}
