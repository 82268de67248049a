/** Exceptions: asked for, decided, used, reviewed. */
import Type, { type Static } from 'typebox'
import { FIELDS_MAX, REASON_CHARS_MAX } from '../../../base/desk-http-limits.ts'
import {
  EXPORT_CUSTOMERS_MAX,
  GRANT_CUSTOMERS_MAX,
  GRANT_MINUTES_MAX,
  PAGE_ROWS_MAX,
} from '../../../base/desk-limits.ts'
import { REASONS } from '../../../grants/ports.ts'
import {
  component,
  count,
  id,
  name,
  nextCursor,
  nullable,
  oneOf,
  shape,
  text,
  time,
  words,
} from './base.ts'
import { fieldNames } from './shown.ts'

const kind = oneOf(
  ['see', 'export', 'budget'],
  'To see customers, to export them, or to be shown more of them in a day',
)
const reason = oneOf(REASONS, 'Why')

/** `POST /grants`. */
export const ask = shape({
  kind,
  reason,
  text: text(REASON_CHARS_MAX, 'What for, so that somebody else can decide'),
  ticket: nullable(id('The ticket it is about')),
  handles: Type.Array(id('Handle from a search in this session'), {
    maxItems: GRANT_CUSTOMERS_MAX,
    uniqueItems: true,
  }),
  tickets: Type.Array(id('Number of a ticket whose customer is meant'), {
    maxItems: EXPORT_CUSTOMERS_MAX,
    uniqueItems: true,
  }),
  fields: Type.Array(name('Name of a field'), { maxItems: FIELDS_MAX, uniqueItems: true }),
  minutes: Type.Integer({ minimum: 1, maximum: GRANT_MINUTES_MAX, description: 'For how long' }),
  extra: Type.Integer({
    minimum: 0,
    maximum: 10_000,
    description: 'Kind budget: how many customers more; else 0',
  }),
  emergency: Type.Boolean({
    description: 'Used at once; raises an alert that nobody can silence, and is reviewed',
  }),
})
/** `POST /grants`. */
export type Ask = Static<typeof ask>

const grantProperties = {
  id: id('Id of the grant'),
  kind,
  agent: id('Who asked'),
  agentName: name('Their name'),
  reason,
  text: Type.String({ description: 'What for' }),
  ticket: nullable(id('The ticket it is about')),
  customerCount: count('How many customers; they are numbered from 0'),
  fields: Type.Array(name('Name of a field'), { maxItems: FIELDS_MAX }),
  minutes: count('For how long'),
  extra: count('Customers more, of kind budget'),
  emergency: Type.Boolean({ description: 'Whether it was used before a decision' }),
  state: oneOf(['asked', 'approved', 'denied', 'ended'], 'Where it stands'),
  askedAtMs: time('When it was asked for'),
  liveFromMs: nullable(time('From when it can be used')),
  liveUntilMs: nullable(time('Until when it can be used')),
  decidedBy: nullable(id('Who decided')),
  decidedAtMs: nullable(time('When it was decided')),
  decisionText: nullable(Type.String({ description: 'What they said to it' })),
  review: nullable(oneOf(['fine', 'wrong'], 'What an officer said afterwards')),
  reviewedBy: nullable(id('Which officer')),
}

/** An exception; its customers are counted, never named. */
export const grant = component('Grant', shape(grantProperties, 'An exception'))
/** An exception; its customers are counted, never named. */
export type Grant = Static<typeof grant>

/** `GET /grants`. */
export const grants = component(
  'Grants',
  shape(
    { grants: Type.Array(grant, { maxItems: PAGE_ROWS_MAX }), cursor: nextCursor },
    'My exceptions, newest first',
  ),
)
/** `GET /grants`. */
export type Grants = Static<typeof grants>

/** The address of a grant. */
export const grantParams = shape({ id: id('Id of the grant') })

/** `POST /grants/{id}/reveal`. */
export const grantReveal = shape({
  which: Type.Integer({
    minimum: 0,
    maximum: EXPORT_CUSTOMERS_MAX - 1,
    description: 'Which of its customers, from 0',
  }),
  fields: fieldNames,
})
const request = component(
  'Request',
  shape(
    {
      ...grantProperties,
      asker: shape({
        asked30d: count('How often they asked in 30 days'),
        approved30d: count('How often it was approved'),
        peersMedian30d: Type.Number({ minimum: 0, description: 'How often their peers asked' }),
        liveTickets: count('Their live tickets'),
      }),
      mine: shape({
        decidedToday: count('How many I decided today'),
        approvedToday: count('How many of those I approved'),
        approvedForThem7d: count('How many I approved for them in 7 days'),
        medianSeconds: nullable(Type.Number({ minimum: 0, description: 'How long I take' })),
      }),
      whyNot: Type.Array(Type.String(), { maxItems: 20, description: 'What speaks against it' }),
      blocked: nullable(Type.String({ description: 'What keeps me from deciding; null: nothing' })),
    },
    'An exception that waits, and what one needs to say no',
  ),
)
/** An exception that waits, and what one needs to say no. */
export type Request = Static<typeof request>

/** `GET /requests`. */
export const requests = component(
  'Requests',
  shape(
    { requests: Type.Array(request, { maxItems: PAGE_ROWS_MAX }), cursor: nextCursor },
    'What waits for me',
  ),
)
/** `GET /requests`. */
export type Requests = Static<typeof requests>

/** `POST /requests/{id}/decide`. */
export const decide = shape({
  approve: Type.Boolean({ description: 'Yes or no' }),
  text: words(REASON_CHARS_MAX, 'What the asker is told; to say yes it has to say something'),
})
/** `POST /requests/{id}/decide`. */
export type Decide = Static<typeof decide>

/** `POST /requests/{id}/review`. */
export const review = shape({
  verdict: oneOf(['fine', 'wrong'], 'Whether it should have been'),
  text: words(REASON_CHARS_MAX, 'Why; of what is wrong it has to say something'),
})
/** `POST /requests/{id}/review`. */
export type Review = Static<typeof review>
