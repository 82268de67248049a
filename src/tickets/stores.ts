/** What working on tickets needs of a store; src/store serves these ports. */
import type { Decision } from '../tlog/decision.ts'
import type { LiveCode, TicketRow, Waiting } from './ports.ts'

/** To the log: durable when it resolves. */
export type Decide = (decision: Decision) => Promise<unknown>

/** Runs inside a change, before it counts: if it throws, nothing was changed. */
export type Before<Changed> = (changed: Changed) => Promise<unknown>

/** Where a page of one's open tickets begins: after the ticket with these. */
export interface QueuePlace {
  readonly priority: number
  readonly contactAtMs: number
  readonly number: string
}

/** Reading tickets, our own or a guarded help desk's. Nothing of a customer but their key. */
export interface TicketBoard {
  /** Open tickets of the agent: most urgent, then longest unheard, first. */
  mine(agent: string, after: QueuePlace | null, limit: number): Promise<readonly TicketRow[]>
  waiting(agent: string): Promise<readonly Waiting[]>
  /** A ticket of this agent, open or closed; null for any other. */
  row(agent: string, number: string): Promise<TicketRow | null>
  /** Number of the newest open ticket of this agent per customer, for those who have one. */
  openOf(agent: string, customers: readonly string[]): Promise<ReadonlyMap<string, string>>
}

/** A ticket that was changed. */
export interface Changed {
  readonly row: TicketRow
  readonly customer: string
}

/** One that is closed: whether anything went to the customer since it was assigned. */
export interface Closed extends Changed {
  readonly isContacted: boolean
}

/** A ticket that an agent opens. */
export interface NewTicket {
  readonly number: string
  readonly customer: string
  readonly topic: string
  readonly channel: 'mail' | 'phone' | 'web' | 'chat'
  /** null: the agent's first. */
  readonly queue: string | null
}

/**
 * Changing our own tickets. Each change is conditional in one transaction: whoever loses a race
 * changes nothing. Throws TICKET_UNKNOWN wherever the ticket is not the agent's, TICKET_CLOSED where
 * theirs is closed, and what is said below.
 */
export interface TicketStore {
  /** Throws QUEUE_EMPTY, TICKETS_TOO_MANY. */
  next(agent: string, atMs: number, before: Before<Changed>): Promise<TicketRow>
  /** Throws QUEUE_NONE, QUEUE_NOT_YOURS, TICKETS_TOO_MANY. */
  open(agent: string, ticket: NewTicket, atMs: number, before: Before<Changed>): Promise<TicketRow>
  /** Throws TICKETS_TOO_MANY. */
  take(agent: string, number: string, atMs: number, before: Before<Changed>): Promise<TicketRow>
  /** Throws ASSIGNEE_UNKNOWN. */
  assign(
    agent: string,
    number: string,
    to: string,
    atMs: number,
    before: Before<Changed>,
  ): Promise<void>
  close(agent: string, number: string, atMs: number, before: Before<Closed>): Promise<void>
  /** Throws TICKETS_TOO_MANY. An open one of the agent's stays as it is. */
  reopen(agent: string, number: string, atMs: number, before: Before<Changed>): Promise<TicketRow>
  /** Throws TICKETS_DIFFER. */
  merge(
    agent: string,
    number: string,
    into: string,
    atMs: number,
    before: Before<Changed>,
  ): Promise<void>
  /** The message and its place in the outbox, both or none. Throws MESSAGES_TOO_MANY. */
  write(agent: string, number: string, message: NewMessage): Promise<void>
}

/** A message that an agent writes. */
export interface NewMessage {
  readonly atMs: number
  readonly direction: 'out' | 'note'
  /** Name of who wrote it. */
  readonly author: string
  readonly body: string
  /** Message-ID of the mail that carries it to the customer; null: none does. */
  readonly mailId: string | null
}

/** A reply that is due, with what its mail is made of. */
export interface DueReply {
  /** Id of the message. */
  readonly message: string
  readonly ticket: string
  readonly customer: string
  readonly topic: string | null
  readonly body: string
  readonly mailId: string
  /** 1: the first. */
  readonly attempt: number
  /** Of earlier mails of the conversation, oldest first: Message-IDs, and whether the customer sent it. */
  readonly earlier: readonly { readonly mailId: string; readonly isTheirs: boolean }[]
}

/** Replies on their way. */
export interface OutboxStore {
  /** The one that is due for longest, which nobody else is given within `REPLY_LEASE_MS`; each time is an
   * attempt. One whose attempts all ended without a word is failed on the way. null: none is due. */
  take(atMs: number): Promise<DueReply | null>
  sent(message: string, atMs: number): Promise<void>
  /** `why`: a word without any value. `nextAtMs`: when to try again; null: never. Changes nothing where
   * another attempt was begun meanwhile. */
  notSent(reply: DueReply, why: string, nextAtMs: number | null, atMs: number): Promise<void>
}

/** A code as it is kept. */
export interface KeptCode {
  readonly id: string
  readonly ticket: string
  readonly customer: string
  readonly agent: string
  /** The assignment that it is for. */
  readonly assignedAtMs: number | null
  readonly field: string
  readonly codeHash: Uint8Array
  readonly sentAtMs: number
  readonly expiresAtMs: number
}

/** For which ticket, agent and assignment a code is. */
export type CodeFor = Pick<KeptCode, 'ticket' | 'agent' | 'assignedAtMs'>

/** Codes that customers read back. */
export interface CodeStore {
  /** Counts and keeps in one step; the newest replaces those before it. Throws CODE_TOO_MANY. */
  keep(code: KeptCode, before: Before<void>): Promise<void>
  /** One that was not sent: it can never be read back, and still counts. */
  spoil(id: string): Promise<void>
  live(of: CodeFor, atMs: number): Promise<LiveCode | null>
  /** Uses up one attempt, for good, whatever becomes of it; null where none is left. */
  attempt(of: CodeFor, atMs: number): Promise<Attempt | null>
  /** Once; false where it was passed, spoilt or replaced meanwhile. */
  pass(id: string, atMs: number, before: Before<void>): Promise<boolean>
  /** Whether this is the mail address of somebody who works here. */
  isColleague(mail: string): Promise<boolean>
}

/** One attempt at a code. */
export interface Attempt {
  readonly id: string
  readonly codeHash: Uint8Array
  readonly left: number
}
