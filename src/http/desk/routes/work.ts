/** Working on tickets: codes, messages, calls, and who has them. */
import type { Static, TSchema } from 'typebox'
import type { ErrorCode } from '../../../base/errors.ts'
import type { Caller } from '../../../guard/facts.ts'
import type { TicketRow } from '../../../tickets/ports.ts'
import { purposeOf, ticketRowOf } from '../answers.ts'
import { callerIn } from '../auth.ts'
import { type DeskApp, describe, KEEP_ALL, type Kept, nothing } from '../describe.ts'
import type { DeskServices } from '../ports.ts'
import { purpose } from '../shapes/shown.ts'
import {
  assign,
  type CodeSent,
  call,
  checkCode,
  codeSent,
  merge,
  sendCode,
  ticketParams,
  ticketRow,
  write,
} from '../shapes/tickets.ts'

const tag = 'tickets'
const WORKING = [
  'ROLE_NEEDED',
  'TICKET_UNKNOWN',
  'TICKET_CLOSED',
  'TICKETS_TOO_MANY',
  'SOURCE_READ_ONLY',
] as const

const CALLING = [
  'CALLS_UNAVAILABLE',
  'CALL_NO_NUMBER',
  'CALL_FAILED',
  'PURPOSE_ENDED',
  'REVEAL_REFUSED',
] as const

/** Adds the routes that change a ticket. */
export function addWork(app: DeskApp, services: Pick<DeskServices, 'tickets' | 'codes'>): void {
  const { tickets } = services
  addMoves(app, 'take', 'takeTicket', 'Makes a ticket of my queues mine', (caller, number) =>
    tickets.take(caller, number),
  )
  addMoves(app, 'reopen', 'reopenTicket', 'Opens a closed ticket again', (caller, number) =>
    tickets.reopen(caller, number),
  )
  const does = changes(app)
  does(
    'assign',
    'assignTicket',
    'Gives the ticket to a colleague',
    assign,
    (caller, number, { to }) => tickets.assign(caller, number, to),
    ['ASSIGNEE_UNKNOWN'],
  )
  does('close', 'closeTicket', 'Closes the ticket: its purpose ends', nothing, (caller, number) =>
    tickets.close(caller, number),
  )
  does(
    'merge',
    'mergeTicket',
    'Merges it into another ticket',
    merge,
    (caller, number, { into }) => tickets.merge(caller, number, into),
    ['TICKETS_DIFFER'],
  )
  does(
    'messages',
    'writeMessage',
    'Writes to the customer, or a note',
    write,
    (caller, number, said) => tickets.write(caller, number, said.direction, said.body),
    ['TEXT_INVALID', 'MESSAGES_UNAVAILABLE', 'MESSAGES_TOO_MANY'],
  )
  does(
    'call',
    'callCustomer',
    'Calls the customer; the number stays unseen',
    call,
    (caller, number, said) => tickets.call(caller, number, said.field),
    CALLING,
  )
  addCodes(app, services)
}

function addMoves(
  app: DeskApp,
  path: string,
  id: string,
  summary: string,
  move: (caller: Caller, number: string) => Promise<TicketRow>,
): void {
  app.post(
    `/tickets/:number/${path}`,
    describe({
      id,
      tag,
      summary,
      access: 'session',
      writes: KEEP_ALL,
      params: ticketParams,
      body: nothing,
      answer: [200, 'The ticket as it stands now', ticketRow],
      errors: WORKING,
    }),
    async (request) => ticketRowOf(await move(callerIn(request), request.params.number)),
  )
}

function changes(app: DeskApp) {
  return <B extends TSchema>(
    path: string,
    id: string,
    summary: string,
    body: B,
    act: (caller: Caller, number: string, said: Static<B>) => Promise<void>,
    errors: readonly ErrorCode[] = [],
  ): void => {
    app.post(
      `/tickets/:number/${path}`,
      describe({
        id,
        tag,
        summary,
        access: 'session',
        writes: KEEP_ALL,
        params: ticketParams,
        body,
        answer: [204, 'Done'],
        errors: [...WORKING, ...errors],
      }),
      async (request, reply) => {
        await act(callerIn(request), request.params.number, request.body as Static<B>)
        return reply.code(204).send(null)
      },
    )
  }
}

/** Where a code went is not kept, not even masked. */
const KEEP_TIME: Kept = {
  keep: (answer) => (answer as CodeSent).expiresAtMs,
  again: (expiresAtMs) => ({ expiresAtMs, to: '•••' }),
}

function addCodes(app: DeskApp, { codes }: Pick<DeskServices, 'codes'>): void {
  app.post(
    '/tickets/:number/code',
    describe({
      id: 'sendCode',
      tag,
      summary: 'Sends a customer-present code to a contact on record',
      access: 'session',
      writes: KEEP_TIME,
      params: ticketParams,
      body: sendCode,
      answer: [200, 'It is on its way', codeSent],
      errors: [...WORKING, 'CODE_TOO_MANY', 'CODE_NO_CONTACT', 'CODE_NOT_SENT'],
    }),
    async (request) => {
      const { number } = request.params
      const { expiresAtMs, to } = await codes.send(callerIn(request), number, request.body.field)
      return { expiresAtMs, to }
    },
  )

  app.post(
    '/tickets/:number/code/check',
    describe({
      id: 'checkCode',
      tag,
      summary: 'Checks what the customer read back',
      access: 'session',
      writes: KEEP_ALL,
      params: ticketParams,
      body: checkCode,
      answer: [200, 'The purpose, now grounded by the customer', purpose],
      errors: [...WORKING, 'CODE_WRONG', 'CODE_EXPIRED', 'CODE_TOO_MANY'],
    }),
    async (request) => {
      const { number } = request.params
      return purposeOf(await codes.check(callerIn(request), number, request.body.code))
    },
  )
}
