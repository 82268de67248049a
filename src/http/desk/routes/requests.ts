/** Exceptions that wait for me, and an officer's reviews. */
import { grantOf, requestOf } from '../answers.ts'
import { callerIn } from '../auth.ts'
import type { Cursors } from '../cursors.ts'
import { type DeskApp, describe } from '../describe.ts'
import type { DeskServices } from '../ports.ts'
import { decide, grant, grantParams, requests, review } from '../shapes/grants.ts'
import { pageQuery } from '../shapes/tickets.ts'
import { keepGrant } from './grants.ts'

const tag = 'requests'

/** Adds the routes of those who decide. */
export function addRequests(
  app: DeskApp,
  services: Pick<DeskServices, 'grants'>,
  cursors: Cursors,
): void {
  const { grants } = services
  app.get(
    '/requests',
    describe({
      id: 'listRequests',
      tag,
      summary: 'Exceptions that wait for me',
      access: 'session',
      query: pageQuery,
      answer: [200, 'A page, oldest first', requests],
      errors: ['CURSOR_INVALID', 'GRANT_NOT_YOURS_TO_DECIDE'],
    }),
    async (request) => {
      const caller = callerIn(request)
      const from = cursors.open(request.query.cursor, 'requests', caller.agent.id)
      const page = await grants.requests(caller, from)
      return {
        requests: page.requests.map(requestOf),
        cursor: cursors.seal(page.cursor, 'requests', caller.agent.id),
      }
    },
  )

  app.post(
    '/requests/:id/decide',
    describe({
      id: 'decideRequest',
      tag,
      summary: 'Says yes or no',
      access: 'session',
      writes: keepGrant(services),
      params: grantParams,
      body: decide,
      answer: [200, 'The exception as it stands now', grant],
      errors: DECIDING,
    }),
    async (request) => {
      const { approve, text } = request.body
      return grantOf(await grants.decide(callerIn(request), request.params.id, approve, text))
    },
  )

  app.post(
    '/requests/:id/review',
    describe({
      id: 'reviewRequest',
      tag,
      summary: 'Says whether it should have been',
      access: 'session',
      writes: keepGrant(services),
      params: grantParams,
      body: review,
      answer: [200, 'The exception as it stands now', grant],
      errors: DECIDING,
    }),
    async (request) => {
      const { verdict, text } = request.body
      return grantOf(await grants.review(callerIn(request), request.params.id, verdict, text))
    },
  )
}

const DECIDING = [
  'GRANT_UNKNOWN',
  'GRANT_NOT_YOURS_TO_DECIDE',
  'GRANT_DECIDED',
  'GRANT_LIMIT',
  'GRANT_INVALID',
  'STEP_UP_NEEDED',
] as const
