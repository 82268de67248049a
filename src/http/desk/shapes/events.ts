/** Live updates. */
import type { Static } from 'typebox'
import { component, id, nullable, oneOf, shape, time } from './base.ts'

/** What a live update can be about. */
const EVENT_KINDS = ['queue', 'ticket', 'grant', 'request', 'budget', 'session', 'resume'] as const

/** `data` of one event of `GET /events`: says what to ask for anew, never what it is. */
export const event = component(
  'Event',
  shape(
    {
      kind: oneOf(
        EVENT_KINDS,
        'What changed; `session`: it ended; `resume`: some updates were missed, ask for all anew',
      ),
      atMs: time('When'),
      ticket: nullable(id('Number of the ticket')),
      grant: nullable(id('Id of the grant')),
    },
    'A live update: what to ask for anew',
  ),
)
/** `data` of one event of `GET /events`. */
export type Event = Static<typeof event>
