/** Tickets: what waits, what they show. Working on them is in work.ts. */
import { releasedOf, ticketPageOf, ticketRowOf } from '../answers.ts'
import { callerIn } from '../auth.ts'
import type { Cursors } from '../cursors.ts'
import { type DeskApp, describe, KEEP_ALL, nothing } from '../describe.ts'
import type { DeskServices } from '../ports.ts'
import { released } from '../shapes/shown.ts'
import {
  openTicket,
  pageQuery,
  queue,
  reveal,
  ticketPage,
  ticketParams,
  ticketRow,
} from '../shapes/tickets.ts'

const tag = 'tickets'

/** Adds the routes that list, give and show tickets. */
export function addTickets(
  app: DeskApp,
  services: Pick<DeskServices, 'tickets' | 'release'>,
  cursors: Cursors,
): void {
  const { tickets } = services
  app.get(
    '/queue',
    describe({
      id: 'getQueue',
      tag,
      summary: 'My open tickets, and what waits',
      description: 'Shows no field of any customer.',
      access: 'session',
      query: pageQuery,
      answer: [200, 'A page of my tickets', queue],
      errors: ['CURSOR_INVALID'],
    }),
    async (request) => {
      const caller = callerIn(request)
      const from = cursors.open(request.query.cursor, 'queue', caller.agent.id)
      const { mine, cursor, waiting } = await tickets.queue(caller, from)
      return {
        mine: mine.map(ticketRowOf),
        cursor: cursors.seal(cursor, 'queue', caller.agent.id),
        waiting: waiting.map((one) => ({ ...one })),
      }
    },
  )

  app.post(
    '/queue/next',
    describe({
      id: 'takeNext',
      tag,
      summary: "The router's next ticket, which becomes mine",
      access: 'session',
      writes: KEEP_ALL,
      body: nothing,
      answer: [200, 'The ticket', ticketRow],
      errors: ['ROLE_NEEDED', 'QUEUE_EMPTY', 'TICKETS_TOO_MANY', 'SOURCE_READ_ONLY'],
    }),
    async (request) => ticketRowOf(await tickets.next(callerIn(request))),
  )

  addOpening(app, services)
  addShowing(app, services)
}

function addOpening(app: DeskApp, { tickets }: Pick<DeskServices, 'tickets'>): void {
  app.post(
    '/tickets',
    describe({
      id: 'openTicket',
      tag,
      summary: 'Opens a ticket for a customer that was found',
      description: 'Its grade is `self` until the customer reads back a code.',
      access: 'session',
      writes: KEEP_ALL,
      body: openTicket,
      answer: [201, 'The ticket', ticketRow],
      errors: [
        'ROLE_NEEDED',
        'HANDLE_ENDED',
        'QUEUE_NONE',
        'QUEUE_NOT_YOURS',
        'TICKETS_TOO_MANY',
        'TEXT_INVALID',
      ],
    }),
    async (request, reply) => {
      const { handle, topic, channel, queue = null } = request.body
      const row = await tickets.open(callerIn(request), handle, { topic, channel, queue })
      return reply.code(201).send(ticketRowOf(row))
    },
  )
}

function addShowing(
  app: DeskApp,
  { tickets, release }: Pick<DeskServices, 'tickets' | 'release'>,
): void {
  app.get(
    '/tickets/:number',
    describe({
      id: 'getTicket',
      tag,
      summary: 'A ticket with what may be seen of its customer',
      description: 'What it shows stands in the log before it is shown.',
      access: 'session',
      params: ticketParams,
      answer: [200, 'The ticket', ticketPage],
      errors: ['TICKET_UNKNOWN', ...SHOWING],
    }),
    async (request) => ticketPageOf(await tickets.page(callerIn(request), request.params.number)),
  )

  app.post(
    '/tickets/:number/reveal',
    describe({
      id: 'reveal',
      tag,
      summary: 'Clear values of fields, where the purpose allows it',
      description: 'Stands in the log before it is answered, and counts towards the budget.',
      access: 'session',
      params: ticketParams,
      body: reveal,
      answer: [200, 'The fields', released],
      errors: ['TICKET_UNKNOWN', ...REVEALING],
    }),
    async (request) => {
      const { number } = request.params
      const { fields } = request.body
      const because = { kind: 'ticket', number } as const
      const caller = callerIn(request)
      return releasedOf(await release({ caller, because, fields, act: 'reveal', path: 'desk' }))
    },
  )
}

/** What keeps a page from being shown. */
const SHOWING = ['PURPOSE_ENDED', 'SOURCE_UNAVAILABLE', 'LOG_UNWRITABLE', 'LOG_BUSY'] as const

/** What keeps clear values from being shown. */
export const REVEALING = [
  ...SHOWING,
  'REVEAL_REFUSED',
  'BUDGET_EXCEEDED',
  'STEP_UP_NEEDED',
] as const
