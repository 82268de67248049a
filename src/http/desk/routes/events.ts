/** Live updates. */
import type { Readable } from 'node:stream'
import { STREAMS_MAX, STREAMS_PER_SESSION_MAX } from '../../../base/desk-http-limits.ts'
import { TelltaleError } from '../../../base/errors.ts'
import { callerIn } from '../auth.ts'
import { type DeskApp, describe } from '../describe.ts'
import type { Metrics } from '../metrics.ts'
import type { DeskServices } from '../ports.ts'
import { event } from '../shapes/events.ts'
import { openStream } from '../stream.ts'

/** Adds the route of live updates, whose streams end when the desk does. */
export function addEvents(
  app: DeskApp,
  { sessions, events }: Pick<DeskServices, 'sessions' | 'events'>,
  metrics: Metrics,
  nowMs: () => number,
): void {
  const open = new Map<Readable, string>()
  app.addHook('preClose', async () => {
    for (const stream of open.keys()) stream.push(null)
  })

  app.get(
    '/events',
    describe({
      id: 'followEvents',
      tag: 'events',
      summary: 'Live updates: what to ask for anew',
      description:
        'A stream of events whose `data` is an Event; it begins with `resume` and ends with the session.',
      access: 'session',
      answer: [200, 'A stream of events', event, 'text/event-stream'],
      errors: ['STREAMS_TOO_MANY'],
    }),
    async (request, reply) => {
      const caller = callerIn(request)
      const mine = [...open.values()].filter((session) => session === caller.session.id).length
      if (mine >= STREAMS_PER_SESSION_MAX || open.size >= STREAMS_MAX) {
        throw new TelltaleError('STREAMS_TOO_MANY', { limit: STREAMS_PER_SESSION_MAX })
      }
      const stands = (of: typeof caller) => sessions.stands(of)
      const stream = openStream({ events, stands, nowMs }, caller)
      open.set(stream, caller.session.id)
      metrics.streams(open.size)
      stream.once('close', () => {
        open.delete(stream)
        metrics.streams(open.size)
      })
      // A proxy that gathers would hold updates back.
      reply.header('x-accel-buffering', 'no')
      return reply.type('text/event-stream').send(stream)
    },
  )
}
