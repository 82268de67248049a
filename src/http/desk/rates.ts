/** How often the same session, program or address may ask. */

import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import {
  RATE_KEYS_MAX,
  REFUSED_PER_MINUTE_MAX,
  SERVICE_REQUESTS_PER_MINUTE_MAX,
  SESSION_REQUESTS_PER_MINUTE_MAX,
  STRANGER_REQUESTS_PER_MINUTE_MAX,
} from '../../base/desk-http-limits.ts'
import { MINUTE_MS } from '../../base/durations.ts'
import { TelltaleError } from '../../base/errors.ts'

/** Each counts a request, or throws RATE_LIMITED. Every desk counts for itself. */
export interface RateLimits {
  session(request: FastifyRequest, id: string): Promise<void>
  service(request: FastifyRequest, id: string): Promise<void>
  /** Of an address, without being known. */
  stranger(request: FastifyRequest): Promise<void>
  /** Of an address, with a session or token that was not good. */
  refused(request: FastifyRequest): Promise<void>
  /** Throws where too many of an address were refused; counts nothing. */
  refusedBefore(request: FastifyRequest): Promise<void>
}

/** Limits of one desk. An address is one IPv4 address or one network of 64 bits of IPv6. */
export async function createRateLimits(app: FastifyInstance): Promise<RateLimits> {
  await app.register(rateLimit, { global: false, cache: RATE_KEYS_MAX })
  const ids = new WeakMap<FastifyRequest, string>()
  const limiter = (max: number, byId: boolean) => {
    const of = app.createRateLimit({
      max,
      timeWindow: MINUTE_MS,
      ...(byId ? { keyGenerator: (request) => ids.get(request) as string } : {}),
    })
    return async (request: FastifyRequest, increment = true) => {
      const state = await of(request, { increment })
      if (state.isAllowed || !state.isExceeded) return
      const seconds = Math.max(1, state.ttlInSeconds)
      throw new TelltaleError('RATE_LIMITED', { limit: max, window: 'a minute', seconds })
    }
  }
  const byId = (max: number) => {
    const check = limiter(max, true)
    return (request: FastifyRequest, id: string) => {
      ids.set(request, id)
      return check(request)
    }
  }
  const stranger = limiter(STRANGER_REQUESTS_PER_MINUTE_MAX, false)
  const refused = limiter(REFUSED_PER_MINUTE_MAX, false)
  return {
    session: byId(SESSION_REQUESTS_PER_MINUTE_MAX),
    service: byId(SERVICE_REQUESTS_PER_MINUTE_MAX),
    stranger: (request) => stranger(request),
    refused: (request) => refused(request),
    refusedBefore: (request) => refused(request, false),
  }
}
