/** What I was shown, and what is left of my budget. */
import Type, { type Static } from 'typebox'
import { FIELDS_MAX } from '../../../base/desk-http-limits.ts'
import { PAGE_ROWS_MAX } from '../../../base/desk-limits.ts'
import { PATHS } from '../../../tlog/header.ts'
import { component, count, name, nextCursor, oneOf, shape, time } from './base.ts'
import { budget, purpose, view } from './shown.ts'

const access = component(
  'AccessRow',
  shape(
    {
      atMs: time('When'),
      entry: count('Index of the entry in the log'),
      path: oneOf(PATHS, 'By which way'),
      purpose,
      customers: count('How many customers'),
      fields: Type.Array(shape({ name: name('Name of the field'), view }), {
        maxItems: FIELDS_MAX,
        description: 'Which fields, and how',
      }),
    },
    'One disclosure: who of the customers it was stands in the log alone',
  ),
)
/** One disclosure. */
export type AccessRow = Static<typeof access>

/** `GET /access`. */
export const accessPage = component(
  'Access',
  shape(
    {
      budget,
      searches: shape({
        lastHour: count('Searches in the last hour'),
        missesLastHour: count('Of those, without a result'),
      }),
      shown: Type.Array(access, { maxItems: PAGE_ROWS_MAX, description: 'Newest first' }),
      cursor: nextCursor,
    },
    'What I was shown in the last 24 hours, and my budget',
  ),
)
/** `GET /access`. */
export type Access = Static<typeof accessPage>
