/** Working on tickets: docs/desk.md. What a ticket shows of its customer comes from `Release` alone. */
import type { Released } from '../disclosure/ports.ts'
import type { Caller, Purpose } from '../guard/facts.ts'

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
  /** Higher comes first. */
  readonly priority: number
}

/** What waits in a queue. */
export interface Waiting {
  readonly queue: string
  readonly count: number
  readonly oldestAtMs: number | null
}

/** My open tickets, and per queue of mine how many wait, and since when the oldest does. */
export interface QueuePage {
  readonly mine: readonly TicketRow[]
  readonly cursor: string | null
  readonly waiting: readonly Waiting[]
}

/** A ticket with what may be seen of its customer. */
export interface TicketPage {
  readonly ticket: TicketRow
  readonly released: Released
  /** Where a code can be sent: field and mask. */
  readonly codeTo: readonly { readonly field: string; readonly masked: string }[]
  readonly code: LiveCode | null
  /** What can be written on it now. */
  readonly mayWrite: readonly ('out' | 'note')[]
}

/** A code that can still be read back. */
export interface LiveCode {
  readonly sentAtMs: number
  readonly expiresAtMs: number
  readonly attemptsLeft: number
}

/**
 * Throws ROLE_NEEDED, TICKET_UNKNOWN, TICKET_CLOSED, SOURCE_READ_ONLY and what is said below. A ticket of
 * somebody else is as unknown as one that never was. Each change is a decision in the log before it counts;
 * where that fails, nothing was changed.
 */
export interface Tickets {
  /** Throws REQUEST_INVALID for a cursor that is none. */
  queue(caller: Caller, cursor: string | null): Promise<QueuePage>
  /** The router's next: most urgent, then oldest, of the caller's queues; nobody else gets it too.
   * Throws QUEUE_EMPTY, TICKETS_TOO_MANY. */
  next(caller: Caller): Promise<TicketRow>
  /** Throws what `Release` does. */
  page(caller: Caller, number: string): Promise<TicketPage>
  /** Opened by the agent for a customer found by search: origin agent, assignment self. Throws
   * HANDLE_ENDED, QUEUE_NONE, QUEUE_NOT_YOURS, TICKETS_TOO_MANY, TEXT_INVALID. */
  open(caller: Caller, handle: string, as: OpenAs): Promise<TicketRow>
  /** One that waits in a queue of the caller's. Throws TICKETS_TOO_MANY. */
  take(caller: Caller, number: string): Promise<TicketRow>
  /** The caller's own, one of somebody of the team they lead, or as a lead one that waits in their
   * queue; to a member of its queue. Throws ASSIGNEE_UNKNOWN. */
  assign(caller: Caller, number: string, to: string): Promise<void>
  close(caller: Caller, number: string): Promise<void>
  /** One that was the caller's when it was closed. Throws TICKETS_TOO_MANY. */
  reopen(caller: Caller, number: string): Promise<TicketRow>
  /** Only tickets of one customer, both the caller's; the first is closed. What stays has the lower
   * grounds of the two. Throws TICKETS_DIFFER. */
  merge(caller: Caller, number: string, into: string): Promise<void>
  /** What goes out is kept with its place in the outbox, and sent from there. Throws TEXT_INVALID,
   * MESSAGES_UNAVAILABLE, MESSAGES_TOO_MANY. */
  write(caller: Caller, number: string, direction: 'out' | 'note', body: string): Promise<void>
  /** Calls the number on record without showing it. Throws CALLS_UNAVAILABLE, CALL_NO_NUMBER,
   * CALL_FAILED, PURPOSE_ENDED, REVEAL_REFUSED. */
  call(caller: Caller, number: string, field: string): Promise<void>
}

/** What an agent says of a ticket that they open. */
export interface OpenAs {
  readonly topic: string
  readonly channel: string
  /** One of the agent's; null: the first of them. */
  readonly queue: string | null
}

/** Throws ROLE_NEEDED, TICKET_UNKNOWN, TICKET_CLOSED and what is said below. */
export interface Codes {
  /** Throws CODE_NO_CONTACT, CODE_TOO_MANY, CODE_NOT_SENT. */
  send(
    caller: Caller,
    number: string,
    field: string,
  ): Promise<{ readonly expiresAtMs: number; readonly to: string }>
  /** Answers the purpose that the ticket now is. Throws CODE_WRONG, CODE_EXPIRED. */
  check(caller: Caller, number: string, code: string): Promise<Purpose>
}

/** By which way a code reaches a customer. */
export type CodeChannel = 'mail' | 'phone'

/** Sends a code to a customer; the adapter knows mail and text messages. */
export interface CodeSender {
  readonly channels: readonly CodeChannel[]
  /** Whatever it throws: the code counts as not sent. */
  send(
    to: { readonly channel: CodeChannel; readonly value: string; readonly locale: string | null },
    message: { readonly code: string; readonly ticket: string; readonly minutes: number },
  ): Promise<void>
}

/** Connects an agent with a customer's number; whatever it throws: the call was not placed. */
export type Dialer = (call: {
  /** Id of the agent, and their id in other systems. */
  readonly agent: string
  readonly ticket: string
  /** As on record. */
  readonly number: string
}) => Promise<void>

/** A reply on its way to a customer. */
export interface ReplyMail {
  readonly to: string
  /** One line, without control characters. */
  readonly subject: string
  readonly text: string
  /** Message-ID in angle brackets: the same at every attempt. */
  readonly mailId: string
  /** Earlier mails of the conversation, by their Message-IDs. */
  readonly inReplyTo: string | null
  readonly references: readonly string[]
}

/** Hands replies to a mail server. */
export interface ReplySender {
  /** A Message-ID that no other mail has. */
  newMailId(): string
  /** Whatever it throws: it may not have been taken. `isFinal` of the error says that it never will be. */
  send(mail: ReplyMail): Promise<void>
}
