/** Search: one exact identifier, masked results. */
import Type, { type Static } from 'typebox'
import { FIELDS_MAX, MAIL_CHARS_MAX } from '../../../base/desk-http-limits.ts'
import { SEARCH_RESULTS_MAX } from '../../../base/desk-limits.ts'
import { component, id, name, nullable, oneOf, shape } from './base.ts'
import { view } from './shown.ts'

/** `POST /search`: in a body, since addresses of requests are remembered by others. */
export const search = shape({
  by: oneOf(['mail', 'phone', 'ticket', 'customer'], 'What the value is'),
  value: Type.String({
    minLength: 1,
    maxLength: MAIL_CHARS_MAX,
    pattern: '^[^\\u0000-\\u001f\\u007f]*$',
    description: 'The whole identifier',
  }),
})
/** `POST /search`. */
export type Search = Static<typeof search>

const found = component(
  'Found',
  shape(
    {
      handle: id('Opens a ticket or asks for a grant, in this session, for ten minutes'),
      fields: Type.Array(
        shape({
          name: name('Name of the field'),
          label: name('What people call it'),
          view,
          value: nullable(Type.String({ description: 'Masked' })),
        }),
        { maxItems: FIELDS_MAX },
      ),
      openTicketYours: nullable(id('An open ticket of this customer that is yours')),
    },
    'A customer that was found',
  ),
)
/** A customer that was found. */
export type Found = Static<typeof found>

/** `POST /search` answers. */
export const searchAnswer = shape({
  found: Type.Array(found, { maxItems: SEARCH_RESULTS_MAX }),
})
/** `POST /search` answers. */
export type SearchAnswer = Static<typeof searchAnswer>
