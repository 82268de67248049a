/** How the desk says no: an error as problem+json (RFC 9457), with a code of the catalogue. */
import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { API_BODY_BYTES_MAX } from '../../base/desk-http-limits.ts'
import { CATALOGUE, type ErrorCode, EXIT, TelltaleError } from '../../base/errors.ts'
import { endRaw } from '../serve.ts'
import type { Problem } from './shapes/problem.ts'

/** An error's problem. Of what a client cannot mend it is told the code, never the cause. */
function problemOf(error: TelltaleError, requestId: string, at?: string): Problem {
  const status = statusOf(error.code)
  const told = isOurs(error) ? withoutCause(error, requestId) : error
  const { seconds } = error.details
  return {
    type: `urn:telltale:error:${error.code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code: error.code,
    detail: told.message,
    next: told.next,
    instance: instanceOf(requestId),
    ...(at === undefined ? {} : { at }),
    ...(typeof seconds === 'number' ? { retryAfterS: seconds } : {}),
  }
}

/** Whether it failed here, and not by what was asked. */
function isOurs({ code, exit }: TelltaleError): boolean {
  return statusOf(code) >= 500 && exit === EXIT.failed
}

function instanceOf(requestId: string): string {
  return `urn:telltale:request:${requestId}`
}

/** The HTTP status of a code. */
export function statusOf(code: ErrorCode): number {
  return (CATALOGUE[code] as { status?: number }).status ?? 500
}

/** Answers a request with an error. */
export function refuse(reply: FastifyReply, error: TelltaleError, at?: string): FastifyReply {
  return sendProblem(reply, problemOf(error, reply.request.id, at))
}

/** Answers a request with a problem, as of this request. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const { request } = reply
  request.refusal = problem.code
  if (problem.retryAfterS !== undefined) reply.header('retry-after', problem.retryAfterS)
  if (problem.status === 401) reply.header('www-authenticate', schemeOf(request))
  if (isUnread(request)) reply.header('connection', 'close')
  // As text: a problem is no answer of the route, whose shape would cut it.
  return reply
    .code(problem.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .serializer((text: string) => text)
    .send(JSON.stringify({ ...problem, instance: instanceOf(request.id) }))
}

/** Says no to what is no request of HTTP. */
export function refuseRaw(error: NodeJS.ErrnoException, socket: Socket): void {
  const told = new TelltaleError('REQUEST_INVALID', { reason: 'it is malformed' })
  endRaw(error, socket, 'application/problem+json', (status, title) => ({
    ...problemOf(told, randomUUID()),
    status,
    title,
  }))
}

/** What anything thrown says to the client. `onFault` is told what it does not say. */
export function tellable(
  error: unknown,
  onFault: (error: unknown) => void,
): { readonly error: TelltaleError; readonly at?: string } {
  if (error instanceof TelltaleError) {
    if (isOurs(error)) onFault(error)
    return { error }
  }
  const { code, statusCode, validation, validationContext } = error as Partial<FastifyError>
  if (validation !== undefined) return invalid(validation[0], validationContext)
  if (statusCode === 413) {
    return { error: new TelltaleError('REQUEST_TOO_LARGE', { limit: API_BODY_BYTES_MAX }) }
  }
  if (statusCode === 415) return { error: new TelltaleError('MEDIA_UNSUPPORTED', {}) }
  if (code?.startsWith('FST_') && statusCode !== undefined && statusCode < 500) {
    return { error: new TelltaleError('REQUEST_INVALID', { reason: 'it is malformed' }) }
  }
  onFault(error)
  return { error: new TelltaleError('INTERNAL', { reason: '' }) }
}

type Broken = NonNullable<FastifyError['validation']>[number] | undefined

/** Says which place is wrong and what is asked of it, never what stands there. */
function invalid(broken: Broken, context: string | undefined) {
  const at = `/${context ?? 'body'}${broken?.instancePath ?? ''}`
  const reason = `${at} ${broken?.message ?? 'is wrong'}`
  return { error: new TelltaleError('REQUEST_INVALID', { reason }), at }
}

/** Details of what failed here may name files, addresses or statements. */
function withoutCause({ code, details }: TelltaleError, requestId: string): TelltaleError {
  const noted = `the cause is noted under ${requestId}`
  const told = Object.fromEntries(Object.keys(details).map((name) => [name, noted]))
  return new TelltaleError(code, told as never)
}

function schemeOf(request: FastifyRequest): string {
  return request.routeOptions.config?.access?.startsWith('service:') ? 'Bearer' : 'DPoP'
}

/** Of a request that is refused before its end, the rest is not read. */
function isUnread({ raw }: FastifyRequest): boolean {
  const hasBody =
    (raw.headers['content-length'] ?? '0') !== '0' || 'transfer-encoding' in raw.headers
  return hasBody && !raw.complete
}
