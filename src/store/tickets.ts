/** The desk's own tickets: the schema `support`. */
import type { Kysely } from 'kysely'
import type { TicketBoard, TicketStore } from '../tickets/stores.ts'
import type { Tables } from './tables.ts'
import { createTicketBoard } from './tickets/board.ts'
import { nextTicket, openTicket, reopenTicket, takeTicket } from './tickets/gain.ts'
import { assignTicket, closeTicket, mergeTickets, writeMessage } from './tickets/hand.ts'

/** Lists and changes them. */
export function createTicketStore(db: Kysely<Tables>): TicketStore & TicketBoard {
  return {
    ...createTicketBoard(db),
    next: (...args) => nextTicket(db, ...args),
    open: (...args) => openTicket(db, ...args),
    take: (...args) => takeTicket(db, ...args),
    reopen: (...args) => reopenTicket(db, ...args),
    assign: (...args) => assignTicket(db, ...args),
    close: (...args) => closeTicket(db, ...args),
    merge: (...args) => mergeTickets(db, ...args),
    write: (...args) => writeMessage(db, ...args),
  }
}
