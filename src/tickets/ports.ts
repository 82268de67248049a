/** Working on tickets: docs/desk.md. What a ticket shows of its customer comes from `Release` alone. */
import type { Released } from '../disclosure/ports.ts'
import type { Caller, Purpose, View } from '../guard/facts.ts'

/** A ticket in a list: nothing of its customer. */
export interface TicketRow {
  readonly number: string
  readonly queue: string | null
  readonly topic: string | null
  readonly channel: string | null
  readonly state: 'open' | 'closed'
  readonly openedAtMs: number
  readonly contactAtMs: number
  readonly assignee: string | null
  readonly priority: number
}

export interface QueuePage {
  readonly mine: readonly TicketRow[]
  readonly cursor: string | null
  /** Per queue of the agent: how many wait, and since when the oldest does. */
  readonly waiting: readonly { queue: string; count: number; oldestAtMs: number | null }[]
}

export interface TicketPage {
  readonly ticket: TicketRow
  readonly released: Released
  /** Where a code can be sent: field and mask. */
  readonly codeTo: readonly { field: string; masked: string }[]
  readonly code: { sentAtMs: number; expiresAtMs: number; attemptsLeft: number } | null
}

/** Throws TICKET_UNKNOWN, TICKET_NOT_YOURS, TICKET_CLOSED, QUEUE_EMPTY, SOURCE_READ_ONLY. A ticket of
 * somebody else is as unknown as one that never was. */
export interface Tickets {
  queue(caller: Caller, cursor: string | null): Promise<QueuePage>
  /** The router's next: oldest and most urgent of the caller's queues; nobody else gets it too. */
  next(caller: Caller): Promise<TicketRow>
  page(caller: Caller, number: string): Promise<TicketPage>
  /** Opened by the agent for a customer found by search: origin agent, assignment self. */
  open(caller: Caller, handle: string, topic: string, channel: string): Promise<TicketRow>
  take(caller: Caller, number: string): Promise<TicketRow>
  assign(caller: Caller, number: string, to: string): Promise<void>
  close(caller: Caller, number: string): Promise<void>
  reopen(caller: Caller, number: string): Promise<TicketRow>
  /** Only tickets of one customer, both the caller's; the other is closed. Origin and grade of what stays do not rise. */
  merge(caller: Caller, number: string, into: string): Promise<void>
  write(caller: Caller, number: string, direction: 'out' | 'note', body: string): Promise<void>
  call(caller: Caller, number: string, field: string): Promise<void>
}

/** Throws CODE_TOO_MANY, CODE_WRONG, CODE_EXPIRED, CODE_NO_CONTACT. */
export interface Codes {
  send(caller: Caller, number: string, field: string): Promise<{ expiresAtMs: number; to: string }>
  check(caller: Caller, number: string, code: string): Promise<Purpose>
}

/** Sends a code to a customer; the adapter knows mail and text messages. */
export interface CodeSender {
  send(
    to: { field: string; value: string; locale: string | null },
    message: { code: string; ticket: string; minutes: number },
  ): Promise<void>
}

export interface Found {
  readonly handle: string
  readonly fields: readonly { name: string; view: View; value: string | null }[]
  readonly openTicketYours: string | null
}

/** Throws SEARCH_TOO_MANY (misses or searches an hour), SEARCH_AMBIGUOUS (more than 5), SEARCH_INVALID. */
export type Search = (
  caller: Caller,
  by: 'mail' | 'phone' | 'ticket' | 'customer',
  value: string,
) => Promise<readonly Found[]>
