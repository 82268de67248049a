/** For operators: whether the desk works, and what it counts. */
import Type from 'typebox'
import { READY_KEPT_MS } from '../../../base/desk-http-limits.ts'
import type { Services } from '../../../identity/ports.ts'
import { isOperator } from '../auth.ts'
import { type DeskApp, describe } from '../describe.ts'
import type { Metrics } from '../metrics.ts'
import type { Readiness } from '../ports.ts'
import { alive, type Ready, ready } from '../shapes/health.ts'

const tag = 'operators'

/** Adds the routes of operators. */
export function addHealth(
  app: DeskApp,
  services: { readonly services: Services; readonly ready: Readiness },
  metrics: Metrics,
  nowMs: () => number,
): void {
  const look = remembered(services.ready, nowMs)
  app.get(
    '/health/live',
    describe({
      id: 'isLive',
      tag,
      summary: 'Whether the program runs',
      access: 'open',
      answer: [200, 'It does', alive],
    }),
    async () => ({ live: true }),
  )

  app.get(
    '/health/ready',
    describe({
      id: 'isReady',
      tag,
      summary: 'Whether requests can be answered',
      description:
        'Operators are told why not: from this machine, or with a token of scope metrics.',
      access: 'open',
      answer: [200, 'They can', ready],
      otherwise: [503, 'They cannot', ready],
      errors: ['SERVICE_REFUSED'],
    }),
    async (request, reply) => {
      const parts = await look()
      const tellsWhy = await isOperator(request, services.services)
      const told = (why: string | null) => ({ ready: why === null, ...(tellsWhy ? { why } : {}) })
      const answer: Ready = {
        ready: Object.values(parts).every((why) => why === null),
        parts: { store: told(parts.store), source: told(parts.source), log: told(parts.log) },
      }
      return reply.code(answer.ready ? 200 : 503).send(answer)
    },
  )

  app.get(
    '/metrics',
    describe({
      id: 'getMetrics',
      tag,
      summary: 'What the desk counts, for Prometheus',
      access: 'operator',
      answer: [200, 'Text, version 0.0.4', Type.String(), 'text/plain'],
      errors: ['SERVICE_REFUSED'],
    }),
    async (_, reply) => {
      const { registry } = metrics
      return reply.type(registry.contentType).send(await registry.metrics())
    },
  )
}

/** Whoever asks often costs no more than who asks now and then. */
function remembered(look: Readiness, nowMs: () => number): Readiness {
  let last: { readonly atMs: number; readonly found: ReturnType<Readiness> } | undefined
  return () => {
    if (last === undefined || nowMs() - last.atMs > READY_KEPT_MS) {
      last = { atMs: nowMs(), found: look() }
    }
    return last.found
  }
}
