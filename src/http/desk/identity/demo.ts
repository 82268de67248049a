/** Being somebody of a demonstration: a route that exists in a demonstration alone. */
import type { FastifyRequest } from 'fastify'
import { TelltaleError } from '../../../base/errors.ts'
import { isLoopbackHost } from '../../../base/loopback.ts'
import { urlOf } from '../../../identity/demo.ts'
import type { AuthOptions } from '../auth.ts'
import { type DeskApp, describe } from '../describe.ts'
import { isFromHere } from '../from-here.ts'
import { demoSignIn, signedIn, stepUpQuery } from '../shapes/session.ts'
import { begunAnswer, steppedAnswer, steppingUp } from './step-up.ts'

/** Adds it. Whoever starts the desk has checked by `checkDemo` that it listens to this machine alone;
 * each request is looked at all the same. */
export function addDemo(app: DeskApp, auth: AuthOptions): void {
  app.post(
    '/sign-in/demo',
    describe({
      id: 'signInToDemo',
      tag: 'session',
      summary: 'Signs in as somebody of the demonstration, without proving anything',
      access: 'stranger',
      query: stepUpQuery,
      body: demoSignIn,
      answer: [200, 'Signed in', signedIn],
      errors: ['AGENT_UNKNOWN', 'AGENT_SUSPENDED', 'ROUTE_UNKNOWN'],
    }),
    async (request, reply) => {
      if (!isOfThisMachine(request)) throw new TelltaleError('ROUTE_UNKNOWN', {})
      const caller = await steppingUp(request, auth)
      if (caller !== null) return steppedAnswer(await auth.sessions.stepUp(caller, 'demo'))
      const begun = await auth.sessions.begin(request.body.agent, 'demo')
      auth.cookie.set(reply, begun.secret)
      return begunAnswer(begun)
    },
  )
}

/** From this machine, under a name that only this machine has: a page elsewhere can lead a name of its
 * own to this address (DNS rebinding), but its requests carry that name. */
function isOfThisMachine(request: FastifyRequest): boolean {
  const host = urlOf(`http://${request.headers.host ?? ''}`)?.hostname ?? ''
  return isFromHere(request) && isLoopbackHost(host)
}
