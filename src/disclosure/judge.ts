/** What the facts allow to be shown: the second step of docs/desk.md, "Order of a disclosure". */
import { STEP_UP_MS } from '../base/desk-limits.ts'
import { decideFields, decideReveal, type Situation } from '../guard/decide.ts'
import type { Caller, FieldDecision, FieldSpec, Purpose } from '../guard/facts.ts'
import type { Policies } from '../guard/policy.ts'
import { grantPurpose, ticketPurpose } from '../guard/purpose.ts'
import type { Because, Facts, ReleaseRequest } from './ports.ts'
import { endedRefusal, fieldsRefusal, type Refusal } from './refusals.ts'

/** What may be shown, of whom, and why. */
export interface Judged {
  readonly customer: string
  readonly purpose: Purpose
  readonly fields: readonly FieldDecision[]
}

/** Judges a request by facts that were just read. `fields`: what it is about. */
export function judge(
  policies: Policies,
  request: Pick<ReleaseRequest, 'caller' | 'because' | 'act' | 'fields'>,
  facts: Facts,
  fields: readonly FieldSpec[],
  nowMs: number,
): Judged | Refusal {
  const purpose = purposeOf(facts, request.because, nowMs)
  const customer = customerOf(facts, request.because)
  if (purpose.ended !== null || customer === null) return endedRefusal(purpose)
  const situation = situationOf(facts, request.caller, purpose, nowMs)
  if (request.act === 'look') {
    return { customer, purpose, fields: decideFields(policies, situation, fields) }
  }
  const decided = decideReveal(policies, situation, fields)
  const refused = decided.filter(({ view }) => view !== 'clear')
  const isRefused =
    request.fields.length > 0 ? refused.length > 0 : refused.length === decided.length
  if (isRefused) return fieldsRefusal(refused)
  return { customer, purpose, fields: decided.filter(({ view }) => view === 'clear') }
}

/** What the policies are told of the facts. */
export function situationOf(
  { sessionGood, agent, grant }: Facts,
  { session }: Caller,
  purpose: Purpose,
  nowMs: number,
): Situation {
  return {
    asker: { roles: agent.roles, kind: agent.kind },
    present: sessionGood && agent.status === 'active' && session.agent === agent.id,
    purpose,
    grant: purpose.kind === 'grant' ? grant : null,
    steppedUp: isSteppedUp(session.stepUpAtMs, nowMs),
  }
}

/** Whether a sign-in was fresh enough for what cannot be taken back. */
export function isSteppedUp(stepUpAtMs: number | null, nowMs: number): boolean {
  return stepUpAtMs !== null && nowMs - stepUpAtMs <= STEP_UP_MS
}

function purposeOf({ ticket, grant, agent }: Facts, because: Because, nowMs: number): Purpose {
  if (because.kind === 'grant') return grantPurpose(grant, agent.id, because.customer, nowMs)
  const isOther = because.customer !== undefined && because.customer !== ticket?.customer
  return ticketPurpose(isOther ? null : ticket, agent.id, nowMs)
}

/** Of a grant only those it names, which its purpose has checked. */
function customerOf({ ticket }: Facts, because: Because): string | null {
  return because.kind === 'grant' ? because.customer : (ticket?.customer ?? null)
}
