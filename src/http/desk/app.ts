/** The desk's API and console as one server: docs/desk.md, "Routes"; docs/api.md. */
import { randomUUID } from 'node:crypto'
import cookie from '@fastify/cookie'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyInstance, LogController } from 'fastify'
import { API_BODY_BYTES_MAX, DESK_CONNECTIONS_MAX } from '../../base/desk-http-limits.ts'
import { boundedServer, type Tls } from '../serve.ts'
import { refuseAbsent } from './absent.ts'
import { type AuthOptions, addAuth } from './auth.ts'
import { sessionCookie } from './cookie.ts'
import { createCursors } from './cursors.ts'
import type { DeskApp } from './describe.ts'
import { addHeaders } from './headers.ts'
import { addIdempotency } from './idempotency.ts'
import { takeJson } from './json.ts'
import { addRequestLog, type LogSink, logger, noteFault } from './log.ts'
import { addRequestMetrics, type Metrics } from './metrics.ts'
import { addOpenApi, addOpenApiRoute } from './openapi.ts'
import { addPages } from './pages.ts'
import type { DeskServices } from './ports.ts'
import { refuse, refuseRaw, tellable } from './problem.ts'
import { createRateLimits } from './rates.ts'
import { addAccess } from './routes/access.ts'
import { addDecisions } from './routes/decisions.ts'
import { addEvents } from './routes/events.ts'
import { addGrants } from './routes/grants.ts'
import { addHealth } from './routes/health.ts'
import { addHooks, type HookSecrets } from './routes/hooks.ts'
import { addPeople } from './routes/people.ts'
import { addRequests } from './routes/requests.ts'
import { addSearch } from './routes/search.ts'
import { addSession, type SignInWays } from './routes/session.ts'
import { addTickets } from './routes/tickets.ts'
import { addWork } from './routes/work.ts'

/** What a desk is told beside its services. */
export interface DeskOptions {
  readonly version: string
  /** Scheme, host and port by which browsers reach it; asked for anew, since a port may be given later. */
  readonly origin: () => string
  /** Whether browsers reach it over TLS, here or at a proxy. */
  readonly secure: boolean
  readonly tls?: Tls
  /** Addresses of proxies whose word on the client's address counts. */
  readonly proxies: readonly string[]
  readonly signIn: SignInWays
  readonly hooks: HookSecrets
  /** 32 bytes, the same for all desks of one store. */
  readonly cursorKey: Uint8Array
  /** A built console; absent: the API alone. */
  readonly console?: string
  readonly log: LogSink
  readonly metrics: Metrics
  readonly nowMs: () => number
  /** More routes under `/api/v1`: signing in. */
  readonly more: readonly MoreRoutes[]
  /** More routes beside `/api/v1`: those of a directory. */
  readonly beside?: readonly MoreRoutes[]
}

/** Routes that others add. */
export type MoreRoutes = (app: DeskApp, auth: AuthOptions) => void | Promise<void>

/** Where the routes are. */
export const API = '/api/v1'

/** A desk that does not listen yet. */
export async function createDesk(
  services: DeskServices,
  options: DeskOptions,
): Promise<FastifyInstance> {
  const { secure, metrics, nowMs } = options
  const app = createApp(options)
  const onFault = (error: unknown) => noteFault(app, error)
  refuseAbsent(app)
  addRequestLog(app)
  addRequestMetrics(app, metrics)
  await addHeaders(app, secure)
  await app.register(cookie)
  takeJson(app, ['application/json'])
  const session = sessionCookie(secure)
  const rates = await createRateLimits(app)
  const auth: AuthOptions = {
    sessions: services.sessions,
    services: services.services,
    cookie: session,
    rates,
    origin: options.origin,
  }
  addAuth(app, auth)
  addIdempotency(app, services.idempotency, onFault)
  await addOpenApi(app, { version: options.version, cookie: session.name })
  await app.register(async (api: DeskApp) => addApi(api, services, options, auth), { prefix: API })
  addHealth(app, services, metrics, nowMs)
  for (const add of options.beside ?? []) await add(app, auth)
  if (options.console !== undefined) await addPages(app, options.console)
  addOpenApiRoute(app)
  await app.ready()
  return app as unknown as FastifyInstance
}

async function addApi(
  api: DeskApp,
  services: DeskServices,
  options: DeskOptions,
  auth: AuthOptions,
): Promise<void> {
  const { metrics, nowMs } = options
  const cursors = createCursors(options.cursorKey)
  addSession(api, services, auth.cookie, options.signIn)
  addTickets(api, services, cursors)
  addWork(api, services)
  addSearch(api, services)
  addGrants(api, services, cursors)
  addRequests(api, services, cursors)
  addAccess(api, services, cursors)
  addPeople(api, services, cursors, nowMs)
  addEvents(api, services, metrics, nowMs)
  addDecisions(api, services, nowMs)
  for (const add of options.more) await add(api, auth)
  await api.register(async (inner) => addHooks(inner as DeskApp, services, options.hooks))
}

function createApp({ tls, proxies, log }: DeskOptions): DeskApp {
  const app = Fastify({
    serverFactory: boundedServer(tls, DESK_CONNECTIONS_MAX),
    forceCloseConnections: 'idle',
    bodyLimit: API_BODY_BYTES_MAX,
    exposeHeadRoutes: false,
    trustProxy: proxies.length === 0 ? false : [...proxies],
    // A name that clients give would let them write into the log.
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    logController: new LogController({ disableRequestLogging: true }),
    clientErrorHandler: refuseRaw,
    logger: logger(log),
    ajv: {
      customOptions: {
        // What is not as it should be is refused, never mended.
        coerceTypes: false,
        removeAdditional: false,
        useDefaults: false,
        allErrors: false,
        strictTypes: false,
      },
    },
    frameworkErrors: (error, _, reply) => {
      const { error: told } = tellable(error, () => {})
      refuse(reply, told)
    },
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.decorateRequest('refusal', null)
  app.setErrorHandler((error, request, reply) => {
    const { error: told, at } = tellable(error, (fault) => noteFault(app, fault, request.id))
    return refuse(reply, told, at)
  })
  app.addHook('preValidation', async (request) => {
    if (request.body == null && request.routeOptions.config.bodyOptional) request.body = {}
  })
  return app as unknown as DeskApp
}
