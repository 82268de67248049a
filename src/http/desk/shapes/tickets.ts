/** Tickets: working on them, and what they show. */
import Type, { type Static } from 'typebox'
import { FIELDS_MAX, MESSAGE_CHARS_MAX } from '../../../base/desk-http-limits.ts'
import { CODE_ATTEMPTS_MAX, PAGE_ROWS_MAX } from '../../../base/desk-limits.ts'
import {
  component,
  count,
  fromCursor,
  id,
  name,
  nextCursor,
  nullable,
  oneOf,
  shape,
  text,
  time,
} from './base.ts'
import { fieldNames, released } from './shown.ts'

/** A ticket in a list: nothing of its customer. */
export const ticketRow = component(
  'TicketRow',
  shape(
    {
      number: id('Number of the ticket'),
      queue: nullable(name('Its queue')),
      topic: nullable(name('What it is about')),
      channel: nullable(name('How it came')),
      state: oneOf(['open', 'closed'], 'Whether it is under way'),
      openedAtMs: time('When it was opened'),
      contactAtMs: time("The customer's last inbound contact, or the opening"),
      assignee: nullable(id('Id of the agent who has it')),
      priority: Type.Integer({ description: 'Higher comes first' }),
    },
    'A ticket in a list: nothing of its customer',
  ),
)
/** A ticket in a list: nothing of its customer. */
export type TicketRow = Static<typeof ticketRow>

/** Where a list begins. */
export const pageQuery = shape({ cursor: Type.Optional(fromCursor) })

/** `GET /queue`. */
export const queue = component(
  'Queue',
  shape(
    {
      mine: Type.Array(ticketRow, { maxItems: PAGE_ROWS_MAX, description: 'My open tickets' }),
      cursor: nextCursor,
      waiting: Type.Array(
        shape({
          queue: name('A queue of mine'),
          count: count('How many wait'),
          oldestAtMs: nullable(time('Since when the oldest waits')),
        }),
        { maxItems: 200, description: 'What waits in my queues' },
      ),
    },
    'My open tickets, and what waits',
  ),
)
/** `GET /queue`. */
export type Queue = Static<typeof queue>

/** The address of a ticket. */
export const ticketParams = shape({ number: id('Number of the ticket') })

/** `POST /tickets`. */
export const openTicket = shape({
  handle: id('Handle of the customer, from a search in this session'),
  topic: name('What it is about'),
  channel: oneOf(['mail', 'phone', 'web', 'chat'], 'How the customer came'),
  queue: Type.Optional(nullable(name('One of my queues; absent: the first of them'))),
})
/** `POST /tickets`. */
export type OpenTicket = Static<typeof openTicket>

/** `GET /tickets/{number}`. */
export const ticketPage = component(
  'TicketPage',
  shape(
    {
      ticket: ticketRow,
      released,
      codeTo: Type.Array(
        shape({
          field: name('Name of the field'),
          masked: Type.String({ description: 'Its mask' }),
        }),
        { maxItems: FIELDS_MAX, description: 'Where a customer-present code can be sent' },
      ),
      code: nullable(
        shape({
          sentAtMs: time('When it was sent'),
          expiresAtMs: time('Until when it can be read back'),
          attemptsLeft: Type.Integer({ minimum: 0, maximum: CODE_ATTEMPTS_MAX }),
        }),
      ),
      mayWrite: Type.Array(oneOf(['out', 'note'], 'To the customer, or a note'), {
        maxItems: 2,
        description: 'What can be written on it now',
      }),
    },
    'A ticket with what may be seen of its customer',
  ),
)
/** `GET /tickets/{number}`. */
export type TicketPage = Static<typeof ticketPage>

/** `POST /tickets/{number}/reveal`. */
export const reveal = shape({ fields: fieldNames })
/** `POST /tickets/{number}/code`. */
export const sendCode = shape({ field: name('The contact on record that it is sent to') })
/** `POST /tickets/{number}/code` answers. */
export const codeSent = component(
  'CodeSent',
  shape(
    {
      expiresAtMs: time('Until when it can be read back'),
      to: Type.String({ description: 'Where it went, masked' }),
    },
    'A customer-present code on its way',
  ),
)
/** `POST /tickets/{number}/code` answers. */
export type CodeSent = Static<typeof codeSent>
/** `POST /tickets/{number}/code/check`. */
export const checkCode = shape({
  code: Type.String({ pattern: '^[0-9]{6}$', description: 'What the customer read back' }),
})

/** `POST /tickets/{number}/assign`. */
export const assign = shape({ to: id('Id of the agent who gets it') })
/** `POST /tickets/{number}/merge`. */
export const merge = shape({ into: id('Number of the ticket that stays') })
/** `POST /tickets/{number}/messages`. */
export const write = shape({
  direction: oneOf(['out', 'note'], 'To the customer, or a note'),
  body: text(MESSAGE_CHARS_MAX, 'What it says'),
})
/** `POST /tickets/{number}/call`. */
export const call = shape({ field: name('The number on record that is called') })
