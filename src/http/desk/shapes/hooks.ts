/** Signed webhooks in: what other help desks tell. */
import Type from 'typebox'
import { MESSAGE_CHARS_MAX } from '../../../base/desk-http-limits.ts'
import { MAIL_ID_CHARS_MAX } from '../../../base/ticket-limits.ts'
import { id, name, nullable, oneOf, shape, text, time } from './base.ts'

/** The address of a source of webhooks. */
export const hookParams = shape({
  source: Type.String({
    minLength: 1,
    maxLength: 64,
    pattern: '^[a-z0-9][a-z0-9-]*$',
    description: 'Name of the source, as configured',
  }),
})

/** What happened. */
const HOOK_KINDS = [
  'ticket.created',
  'ticket.assigned',
  'ticket.closed',
  'contact.inbound',
] as const

const by = shape({
  kind: oneOf(['customer', 'system', 'router', 'agent'], 'Who did it'),
  agent: Type.Optional(nullable(id('Id of the agent, of kind agent'))),
})

/** `POST /hooks/{source}`: type, timestamp and data as Standard Webhooks has them. */
export const hook = shape({
  type: oneOf(HOOK_KINDS, 'What happened'),
  timestamp: Type.String({
    maxLength: 40,
    pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)$',
    description: 'When it happened: ISO 8601',
  }),
  data: shape({
    ticket: id('Number of the ticket'),
    customer: Type.Optional(nullable(id('Key of its customer'))),
    queue: Type.Optional(nullable(name('Its queue'))),
    assignee: Type.Optional(nullable(id('Id of the agent who has it now'))),
    by: Type.Optional(by),
    contactAtMs: Type.Optional(time('When the customer wrote or called')),
    topic: Type.Optional(nullable(name('Of a contact: what it is about, as lists show it'))),
    text: Type.Optional(nullable(text(MESSAGE_CHARS_MAX, 'Of a contact: what the customer wrote'))),
    mailId: Type.Optional(
      nullable(
        Type.String({
          maxLength: MAIL_ID_CHARS_MAX,
          description: 'Message-ID of the mail that it came by, in angle brackets: replies name it',
        }),
      ),
    ),
  }),
})
/** `POST /hooks/{source}` answers. */
export const hookTaken = shape({
  taken: Type.Boolean({ description: 'false: it was taken before, and changed nothing' }),
})
