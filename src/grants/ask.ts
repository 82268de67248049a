/** Asking for an exception: docs/desk.md, "Purpose and grade". */

import { randomBytes } from 'node:crypto'
import {
  EMERGENCIES_LIVE_MAX,
  EMERGENCIES_PER_DAY_MAX,
  EXPORT_CUSTOMERS_MAX,
  GRANT_CUSTOMERS_MAX,
  GRANT_EXTRA_MAX,
  GRANT_MINUTES_MAX,
  GRANTS_WAITING_MAX,
} from '../base/desk-limits.ts'
import { MINUTE_MS } from '../base/durations.ts'
import { TelltaleError } from '../base/errors.ts'
import { isSteppedUp } from '../disclosure/judge.ts'
import { stepUpError } from '../disclosure/refusals.ts'
import type { TicketCustomers } from '../disclosure/ticket-customers.ts'
import type { Caller, FieldSpec } from '../guard/facts.ts'
import type { Policies } from '../guard/policy.ts'
import { type Ask, REASONS } from './ports.ts'
import type { AskHabit, NewGrant } from './stores.ts'
import { checkNew, invalid, sayingSomething } from './text.ts'

/** A larger budget is for the day. */
const BUDGET_MINUTES = 24 * 60

/** Whom a request can be about; keys of customers are never taken from one. */
export interface Meant {
  /** The customer of a search's handle; throws HANDLE_ENDED. */
  readonly ofHandle: (caller: Caller, handle: string, atMs: number) => string
  /** The customers of tickets, whosever they are; throws TICKET_UNKNOWN, SEARCH_TOO_MANY. */
  readonly ofTickets: TicketCustomers
}

/** The grant that is asked for, checked for what is in it. Throws GRANT_INVALID, TICKET_UNKNOWN,
 * SEARCH_TOO_MANY and what handles throw. */
export async function grantAsked(
  caller: Caller,
  ask: Ask,
  fields: readonly FieldSpec[],
  meant: Meant,
  atMs: number,
): Promise<NewGrant> {
  checkAsked(ask, fields)
  const text = sayingSomething(ask.text)
  const customers = await customersOf(caller, ask, meant, atMs)
  const isBudget = ask.kind === 'budget'
  const minutes = isBudget ? BUDGET_MINUTES : ask.minutes
  return {
    id: randomBytes(16).toString('base64url'),
    kind: ask.kind,
    reason: ask.reason,
    text,
    ticket: ask.ticket,
    customers,
    fields: isBudget ? [] : [...new Set(ask.fields)],
    minutes,
    extra: isBudget ? ask.extra : 0,
    emergency: ask.emergency,
    liveFromMs: ask.emergency ? atMs : null,
    liveUntilMs: ask.emergency ? atMs + minutes * MINUTE_MS : null,
  }
}

function checkAsked(ask: Ask, fields: readonly FieldSpec[]): void {
  const isWhole = (n: number, max: number) => Number.isInteger(n) && n >= 1 && n <= max
  if (!REASONS.includes(ask.reason)) throw invalid('the reason is none of those there are')
  if (ask.kind === 'budget') {
    if (!isWhole(ask.extra, GRANT_EXTRA_MAX)) {
      throw invalid(`it can be for 1 to ${GRANT_EXTRA_MAX} customers more`)
    }
    if (ask.handles.length + ask.tickets.length + ask.fields.length > 0) {
      throw invalid('a larger budget names no customers and no fields')
    }
    return
  }
  if (!isWhole(ask.minutes, GRANT_MINUTES_MAX)) {
    throw invalid(`it can be for 1 to ${GRANT_MINUTES_MAX} minutes`)
  }
  if (ask.fields.length === 0) throw invalid('it names no fields')
  if (!ask.fields.every((name) => fields.some((field) => field.name === name))) {
    throw invalid('it names a field that no record has')
  }
}

/** In the order of the request, which numbers them. */
async function customersOf(
  caller: Caller,
  ask: Ask,
  { ofHandle, ofTickets }: Meant,
  atMs: number,
): Promise<string[]> {
  const max = ask.kind === 'export' ? EXPORT_CUSTOMERS_MAX : GRANT_CUSTOMERS_MAX
  if (ask.handles.length + ask.tickets.length > max)
    throw invalid(`it is for ${max} customers at most`)
  const named = ask.handles.map((handle) => ofHandle(caller, handle, atMs))
  const about = ask.ticket === null ? [] : [ask.ticket]
  const ofAll = await ofTickets(caller, [...about, ...ask.tickets], atMs)
  named.push(...ofAll.slice(about.length))
  if (ask.kind === 'budget') return []
  const customers = [...new Set(named.length > 0 ? named : ofAll)]
  if (customers.length === 0) throw invalid('it names no customers')
  return customers
}

/** Whether this person may ask for it now; throws SESSION_ENDED, STEP_UP_NEEDED, GRANT_INVALID,
 * GRANT_LIMIT. */
export function checkMayAsk(
  policies: Pick<Policies, 'answer'>,
  { session }: Caller,
  grant: NewGrant,
  habit: AskHabit,
  atMs: number,
): void {
  const { agent, isPresent, rank } = habit
  if (!isPresent) throw new TelltaleError('SESSION_ENDED', {})
  const { allowed, advice, why } = policies.answer({
    asker: { roles: agent.roles, kind: agent.kind },
    action: 'ask',
    kind: grant.kind,
    context: {
      present: isPresent,
      steppedUp: isSteppedUp(session.stepUpAtMs, atMs),
      emergency: grant.emergency,
      rank,
    },
  })
  if (advice === 'step-up') throw stepUpError()
  if (!allowed) throw invalid(why ?? 'you cannot ask for exceptions')
  checkHabit(grant, habit)
  checkNew(grant.text, habit.texts)
}

function checkHabit({ emergency, kind }: NewGrant, habit: AskHabit): void {
  const limit = (why: string) => new TelltaleError('GRANT_LIMIT', { why })
  if (!emergency && habit.waiting >= GRANTS_WAITING_MAX) {
    throw limit(`${habit.waiting} requests of yours wait already`)
  }
  // One after the other: five of them at once would be a budget without one.
  if (kind === 'budget' && habit.budgets > 0) {
    throw limit('a larger budget of yours waits or holds already')
  }
  if (emergency && habit.emergenciesLive >= EMERGENCIES_LIVE_MAX) {
    throw limit('an emergency of yours is under way')
  }
  if (emergency && habit.emergenciesToday >= EMERGENCIES_PER_DAY_MAX) {
    throw limit(`you had ${habit.emergenciesToday} emergencies within 24 hours`)
  }
}
