/** Whose tickets somebody names who may not see them: it tells whether there are such, as a search does. */
import { TelltaleError } from '../base/errors.ts'
import type { Caller } from '../guard/facts.ts'
import type { Decision } from '../tlog/decision.ts'
import { chargeSearch, type LookupStore, missed } from './search.ts'

/** What it is found out by. */
export interface TicketCustomersPorts {
  readonly lookups: Pick<LookupStore, 'charge' | 'found'>
  /** To the log: durable when it resolves. */
  readonly decide: (decision: Decision) => Promise<unknown>
  readonly ticket: (
    number: string,
  ) => Promise<{ readonly customer: string; readonly assignee: string | null } | null>
}

/** The customers of these tickets, in their order. Unless all are the caller's own it counts as one search,
 * and as one that missed, which is in the log, where one of them is none. Throws SEARCH_TOO_MANY,
 * TICKET_UNKNOWN. */
export type TicketCustomers = (
  caller: Caller,
  numbers: readonly string[],
  atMs: number,
) => Promise<readonly string[]>

/** Finds customers of tickets through these. */
export function createTicketCustomers(ports: TicketCustomersPorts): TicketCustomers {
  return async (caller, numbers, atMs) => {
    const tickets = []
    for (const number of numbers) tickets.push(await ports.ticket(number))
    const isForeign = tickets.some((ticket) => ticket?.assignee !== caller.agent.id)
    // Charged before anything is told, found or not.
    const search = isForeign ? await chargeSearch(ports, caller, atMs) : null
    const none = tickets.indexOf(null)
    if (none >= 0) {
      await ports.decide(missed(caller, atMs, 'ticket', numbers[none], 'nobody'))
      throw new TelltaleError('TICKET_UNKNOWN', {})
    }
    if (search !== null) await ports.lookups.found(search)
    return tickets.flatMap((ticket) => ticket?.customer ?? [])
  }
}
