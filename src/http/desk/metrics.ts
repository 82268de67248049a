/** What the desk counts, for Prometheus. No label holds personal data or anything without a bound. */

import type { FastifyInstance } from 'fastify'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Release } from '../../disclosure/ports.ts'

/** Steps of a disclosure whose time is told apart. */
export type Step = 'facts' | 'charge' | 'values' | 'record' | 'whole'

/** What is counted. */
export interface Metrics {
  readonly registry: Registry
  /** Times a step, whether it succeeds or not. */
  timed<T>(step: Step, work: () => Promise<T>): Promise<T>
  /** Entries that wait for the log, asked for when somebody looks. */
  watchQueue(waiting: () => number): void
  /** Streams of updates that are open. */
  streams(open: number): void
  readonly disclosures: Counter<'view' | 'path' | 'purpose'>
  readonly refusals: Counter<'code'>
  readonly requests: Histogram<'method' | 'route' | 'status'>
}

const MS = 0.001
const STEP_BUCKETS_S = [1, 2, 5, 10, 15, 20, 40, 80, 160, 500, 2000].map((ms) => ms * MS)
const REQUEST_BUCKETS_S = [2, 5, 10, 20, 50, 100, 250, 1000, 5000].map((ms) => ms * MS)

/** Counters of one desk, in a registry of their own. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const steps = new Histogram({
    name: 'telltale_disclosure_seconds',
    help: 'How long a disclosure takes, by step',
    labelNames: ['step'],
    buckets: STEP_BUCKETS_S,
    registers,
  })
  const streams = new Gauge({
    name: 'telltale_streams',
    help: 'Consoles that follow live updates',
    registers,
  })
  return {
    registry,
    timed: async (step, work) => {
      const stop = steps.startTimer({ step })
      return work().finally(stop)
    },
    watchQueue: (waiting) => {
      const gauge: Gauge = new Gauge({
        name: 'telltale_log_waiting_entries',
        help: 'Entries that wait for the disk of the log',
        registers,
        collect: () => gauge.set(waiting()),
      })
    },
    streams: (open) => streams.set(open),
    disclosures: new Counter({
      name: 'telltale_disclosures_total',
      help: 'Fields shown, after they stood in the log',
      labelNames: ['view', 'path', 'purpose'],
      registers,
    }),
    refusals: new Counter({
      name: 'telltale_refusals_total',
      help: 'Requests that were refused, by code of docs/errors.md',
      labelNames: ['code'],
      registers,
    }),
    requests: new Histogram({
      name: 'telltale_request_seconds',
      help: 'How long requests take',
      labelNames: ['method', 'route', 'status'],
      buckets: REQUEST_BUCKETS_S,
      registers,
    }),
  }
}

/** Counts each answer, by the pattern of its route. */
export function addRequestMetrics(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', async (request, reply) => {
    const { is404, routeOptions } = request
    const method = is404 ? 'other' : request.method
    const route = is404 ? 'none' : (routeOptions.url ?? 'none')
    const status = `${Math.floor(reply.statusCode / 100)}xx`
    metrics.requests.observe({ method, route, status }, reply.elapsedTime * MS)
    if (request.refusal !== null) metrics.refusals.inc({ code: request.refusal })
  })
}

/** Counts what a release hands over. */
export function counted(release: Release, { disclosures, timed }: Metrics): Release {
  return async (request) => {
    const released = await timed('whole', () => release(request))
    if (released.entry === null) return released
    for (const view of ['clear', 'masked'] as const) {
      const shown = released.fields.filter((field) => field.view === view).length
      if (shown > 0)
        disclosures.inc({ view, path: request.path, purpose: released.purpose.kind }, shown)
    }
    return released
  }
}
