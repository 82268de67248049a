/** Writes that are sent twice happen once: draft-ietf-httpapi-idempotency-key-header. */
import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { IDEMPOTENCY_KEY_CHARS } from '../../base/desk-http-limits.ts'
import { TelltaleError } from '../../base/errors.ts'
import type { Idempotency, Numbered } from './ports.ts'
import { sendProblem } from './problem.ts'
import type { Problem } from './shapes/problem.ts'

const { min, max } = IDEMPOTENCY_KEY_CHARS
const KEY = new RegExp(`^"?([A-Za-z0-9_-]{${min},${max}})"?$`)

/** Numbers the writes of routes that say so. Kept is what a route's `writes` says, and refusals that
 * would be the same again. */
export function addIdempotency(
  app: FastifyInstance,
  idempotency: Idempotency,
  onFault: (error: unknown) => void,
): void {
  const under = new WeakMap<FastifyRequest, Numbered>()

  app.addHook('preValidation', async (request) => {
    if (request.routeOptions.config.writes !== undefined) keyOf(request)
  })

  app.addHook('preHandler', async (request, reply) => {
    const { writes } = request.routeOptions.config
    if (writes === undefined) return
    const numbered = numberedOf(request)
    const outcome = await idempotency.begin(numbered)
    if (outcome.state !== 'done') {
      if (outcome.state === 'mismatch') throw new TelltaleError('IDEMPOTENCY_MISMATCH', {})
      if (outcome.state === 'running') throw new TelltaleError('IDEMPOTENCY_RUNNING', {})
      return void under.set(request, numbered)
    }
    reply.header('idempotency-replayed', 'true')
    const { status, body } = outcome
    if (status >= 400) return sendProblem(reply, body as Problem)
    reply.code(status)
    return reply.send(status === 204 ? null : await writes.again(body, request))
  })

  app.addHook('onSend', async (request, reply, payload) => {
    const numbered = under.get(request)
    if (numbered === undefined) return
    under.delete(request)
    const { statusCode } = reply
    try {
      const kept = keptOf(request, statusCode, payload)
      if (kept === undefined) await idempotency.forget(numbered)
      else await idempotency.finish(numbered, statusCode, kept)
    } catch (error) {
      // It happened, and is told so; sent again it is answered that its end is not known.
      onFault(error)
    }
  })
}

function keyOf({ headers }: FastifyRequest): string {
  const key = KEY.exec(String(headers['idempotency-key'] ?? ''))?.[1]
  if (key === undefined) throw new TelltaleError('IDEMPOTENCY_KEY_MISSING', {})
  return key
}

function numberedOf(request: FastifyRequest): Numbered {
  const key = keyOf(request)
  const agent = request.caller?.agent.id ?? request.service?.id
  if (agent === undefined) throw new TelltaleError('SESSION_ENDED', {})
  const said = JSON.stringify([request.url, request.body ?? null])
  return {
    agent,
    key,
    route: `${request.method} ${request.routeOptions.url}`,
    hash: createHash('sha256').update(said).digest(),
  }
}

/** What is kept of an answer; undefined: nothing, since sent again it may go otherwise. */
function keptOf(request: FastifyRequest, status: number, payload: unknown): unknown {
  const { config } = request.routeOptions
  if (status === 204) return null
  const answer = typeof payload === 'string' ? (JSON.parse(payload) as unknown) : null
  if (status < 300) return config.writes?.keep(answer)
  return status === 401 || status === 429 || status >= 500 ? undefined : answer
}
