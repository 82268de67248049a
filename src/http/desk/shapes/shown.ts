/** What is shown of a customer, and why. */
import Type, { type Static } from 'typebox'
import { FIELDS_MAX } from '../../../base/desk-http-limits.ts'
import { CONVERSATION_MAX } from '../../../base/desk-limits.ts'
import { GRADES, PURPOSES } from '../../../tlog/header.ts'
import { component, count, id, name, nullable, oneOf, shape, time } from './base.ts'

const FIELD_CLASSES = ['identity', 'contact', 'reference', 'sensitive', 'text'] as const
const VIEWS = ['clear', 'masked', 'hidden'] as const
const ADVICE = [
  'ask-code',
  'ask-grant',
  'step-up',
  'reveal',
  'ask-lead',
  'take-next',
  'never',
] as const
const ENDED = [
  'closed',
  'not-assigned',
  'stale',
  'not-approved',
  'over',
  'other-customer',
  'not-found',
] as const

/** What kind of thing a field tells. */
export const fieldClass = oneOf(FIELD_CLASSES, 'What kind of thing the field tells')
/** How a field is shown. */
export const view = oneOf(VIEWS, 'How it is shown')

/** Why the caller may see a customer. */
export const purpose = component(
  'Purpose',
  shape(
    {
      kind: oneOf(PURPOSES, 'What the purpose is'),
      reference: nullable(id('The ticket or the grant')),
      queue: nullable(name('The queue of the ticket')),
      grade: oneOf(GRADES, 'How well it is grounded beyond the word of the agent, best first'),
      ended: nullable(oneOf(ENDED, 'Why it does not hold any more')),
    },
    'Why the agent may see this customer now',
  ),
)
/** Why the caller may see a customer. */
export type Purpose = Static<typeof purpose>

/** One field as it is shown. */
const shownField = component(
  'ShownField',
  shape(
    {
      name: name('Name of the field'),
      class: fieldClass,
      label: name('What people call it'),
      view,
      value: nullable(
        Type.String({ description: 'Clear or masked; null: hidden, or the record has none' }),
      ),
      onReveal: nullable(oneOf(['clear'], 'A reveal would show it clear')),
      advice: nullable(oneOf(ADVICE, 'Where it is not clear: what would help')),
      policies: Type.Array(name('Id of a policy'), {
        maxItems: 100,
        description: 'The policies that decided',
      }),
    },
    'A field of a customer, as far as this purpose shows it',
  ),
)
/** One field as it is shown. */
export type ShownField = Static<typeof shownField>

/** Distinct customers in the last hour, day and week. */
export const counts = component(
  'Counts',
  shape(
    {
      hour: count('In the last hour'),
      day: count('In the last 24 hours'),
      week: count('In the last 7 days'),
    },
    'Distinct customers, in rolling windows',
  ),
)

/** What an agent used of their budget. */
export const budget = component(
  'Budget',
  shape({ used: counts, limits: counts }, 'Customers shown clear, and how many may be'),
)
/** What an agent used of their budget. */
export type Budget = Static<typeof budget>

/** A message of a ticket. */
const message = component(
  'Message',
  shape(
    {
      id: id('Id of the message'),
      atMs: time('When it came or went'),
      direction: oneOf(['in', 'out', 'note'], 'From the customer, to them, or a note'),
      author: nullable(name('Who wrote it')),
      body: Type.String({ description: 'What it says' }),
      delivery: nullable(
        oneOf(
          ['queued', 'sent', 'failed'],
          'Of one to the customer: whether our mail server has it; null: no mail of ours carries it',
        ),
      ),
    },
    'A message of a ticket',
  ),
)
/** A message of a ticket. */
export type Message = Static<typeof message>

/** What was shown of one customer. */
export const released = component(
  'Released',
  shape(
    {
      purpose,
      fields: Type.Array(shownField, { maxItems: FIELDS_MAX }),
      conversation: nullable(
        Type.Array(message, {
          maxItems: CONVERSATION_MAX,
          description: 'The newest messages, oldest first; null where text may not be seen',
        }),
      ),
      entry: nullable(count('Index of the entry in the log; null where nothing was shown')),
      budget,
    },
    'What was shown of a customer; it stood in the log before it was shown',
  ),
)
/** What was shown of one customer. */
export type Released = Static<typeof released>

/** Which fields are asked for. */
export const fieldNames = Type.Array(name('Name of a field'), {
  minItems: 1,
  maxItems: FIELDS_MAX,
  uniqueItems: true,
  description: 'Names of fields',
})
