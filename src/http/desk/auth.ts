/** Who calls: each route says whom it takes, and nobody else comes to its handler or its parser. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { TelltaleError } from '../../base/errors.ts'
import type { Caller } from '../../guard/facts.ts'
import type { Presented, Scope, ServiceCaller, Services, Sessions } from '../../identity/ports.ts'
import type { SessionCookie } from './cookie.ts'
import type { Access } from './describe.ts'
import { isFromHere } from './from-here.ts'
import { requireOwnPage } from './origin.ts'
import type { RateLimits } from './rates.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Code of the error that was answered. */
    refusal: string | null
    caller: Caller | null
    service: ServiceCaller | null
  }
}

/** What telling callers apart needs. */
export interface AuthOptions {
  readonly sessions: Sessions
  readonly services: Services
  readonly cookie: SessionCookie
  readonly rates: RateLimits
  /** Scheme, host and port by which browsers reach the desk. */
  readonly origin: () => string
}

/** Looks at each request before its body is read. */
export function addAuth(app: FastifyInstance, options: AuthOptions): void {
  app.decorateRequest('caller', null)
  app.decorateRequest('service', null)
  app.addHook('onRequest', async (request) => {
    if (request.is404) return
    const { access = 'session' } = request.routeOptions.config
    if (access === 'open') return
    const { rates } = options
    await rates.refusedBefore(request)
    try {
      await authenticate(request, access, options)
    } catch (error) {
      if (isRefusedCaller(error)) await rates.refused(request)
      throw error
    }
  })
}

async function authenticate(request: FastifyRequest, access: Access, options: AuthOptions) {
  const { sessions, services, rates } = options
  if (access === 'signature') return rates.stranger(request)
  if (access === 'stranger') {
    if (request.method !== 'GET') requireOwnPage(request, options.origin())
    return rates.stranger(request)
  }
  if (access === 'operator') {
    await rates.stranger(request)
    if (!(await isOperator(request, services))) await services.callerOf(null, 'metrics')
    return
  }
  if (access.startsWith('service:')) {
    const scope = access.slice('service:'.length) as Scope
    request.service = await services.callerOf(bearerOf(request), scope)
    return rates.service(request, request.service.id)
  }
  requireOwnPage(request, options.origin())
  const presented = presentedBy(request, options)
  request.caller = await (access === 'device'
    ? sessions.bind(presented)
    : sessions.callerOf(presented))
  return rates.session(request, request.caller.session.id)
}

/** Who calls a route for sessions. */
export function callerIn(request: FastifyRequest): Caller {
  if (request.caller === null) throw new TelltaleError('SESSION_ENDED', {})
  return request.caller
}

/** Sent with what a page asks for by itself, while nobody is at it. */
const UNATTENDED = 'telltale-unattended'

/** What a request shows to prove whose it is; throws SESSION_ENDED where it has no cookie. */
export function presentedBy(
  request: FastifyRequest,
  { cookie, origin }: Pick<AuthOptions, 'cookie' | 'origin'>,
): Presented {
  const secret = cookie.read(request)
  if (secret === null) throw new TelltaleError('SESSION_ENDED', {})
  const { dpop, [UNATTENDED]: unattended } = request.headers
  return {
    secret,
    proof: typeof dpop === 'string' ? dpop : null,
    method: request.method,
    url: `${origin()}${request.url.split('?', 1)[0]}`,
    isAttended: unattended === undefined,
  }
}

/** Whether whoever runs this desk asks: from this machine, or with a token of scope metrics, which
 * throws SERVICE_REFUSED where it is not good. */
export async function isOperator(request: FastifyRequest, services: Services): Promise<boolean> {
  const token = bearerOf(request)
  if (token === null) return isFromHere(request)
  request.service = await services.callerOf(token, 'metrics')
  return true
}

function bearerOf({ headers: { authorization } }: FastifyRequest): string | null {
  return /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization ?? '')?.[1] ?? null
}

const REFUSED = new Set(['SESSION_ENDED', 'DEVICE_REFUSED', 'SERVICE_REFUSED'])

function isRefusedCaller(error: unknown): boolean {
  return error instanceof TelltaleError && REFUSED.has(error.code)
}
