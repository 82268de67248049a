/** What the servers of this folder have in common: how they listen, and how they say no. */
import {
  createServer as createPlain,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http'
import { createServer as createTls } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify'
import { type ErrorCode, TelltaleError } from '../base/errors.ts'
import {
  HTTP_CONNECTIONS_MAX,
  HTTP_HEADER_BYTES_MAX,
  HTTP_HEADERS_TIMEOUT_MS,
  HTTP_IDLE_TIMEOUT_MS,
  HTTP_REQUEST_TIMEOUT_MS,
} from '../base/limits.ts'
import { isLoopbackHost } from '../base/loopback.ts'

/** A private key and its certificate chain, PEM. */
export interface Tls {
  readonly key: string
  readonly cert: string
}

/** Where a server listens. */
export interface Address {
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
  readonly tls?: Tls
}

/** A server that listens. */
export interface Running {
  /** Its address without a slash at the end, such as `http://127.0.0.1:8080`. */
  readonly url: string
  /** Finishes what is under way, takes nothing new, and resolves when all is closed. */
  close(): Promise<void>
}

/** A server without routes. Bodies come as bytes, whatever type they claim, up to `bodyBytesMax`.
 * `onFault` is told what the person at the other end is not: failures that are ours. */
export function createServer(
  tls: Tls | undefined,
  bodyBytesMax: number,
  onFault: (error: unknown) => void,
): FastifyInstance {
  const app = Fastify({
    // An address that cannot be decoded comes to no route, and what is no HTTP to no request.
    frameworkErrors: (_, __, reply) => void refuse(reply, new TelltaleError('NOT_SERVED', {})),
    clientErrorHandler: refuseRaw,
    bodyLimit: bodyBytesMax,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    serverFactory: boundedServer(tls, HTTP_CONNECTIONS_MAX),
  })
  app.removeAllContentTypeParsers()
  app.addHook('onRequest', async ({ raw }) => {
    raw.headers['content-type'] = 'application/octet-stream'
  })
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body))
  app.setErrorHandler<FastifyError>((error, _, reply) => {
    const told = tellable(error, bodyBytesMax)
    if (told.exit === 3 && STATUS[told.code] === undefined) onFault(error)
    refuse(reply, told)
  })
  return app
}

/** Makes servers that nobody holds up by being slow. */
export function boundedServer(
  tls: Tls | undefined,
  connectionsMax: number,
): (handler: RequestListener) => Server {
  return (handler) => {
    const options = {
      maxHeaderSize: HTTP_HEADER_BYTES_MAX,
      headersTimeout: HTTP_HEADERS_TIMEOUT_MS,
      requestTimeout: HTTP_REQUEST_TIMEOUT_MS,
      keepAliveTimeout: HTTP_IDLE_TIMEOUT_MS,
      connectionsCheckingInterval: 1000,
    }
    const server = tls
      ? (createTls({ ...options, ...tls }, handler) as unknown as Server)
      : createPlain(options, handler)
    server.maxConnections = connectionsMax
    server.setTimeout(HTTP_IDLE_TIMEOUT_MS)
    return server
  }
}

/** Starts to listen. Throws LISTEN_FAILED. */
export async function listen(app: FastifyInstance, address: Address): Promise<Running> {
  const { host, port, tls } = address
  await app.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
    throw new TelltaleError('LISTEN_FAILED', { host, port, reason: error.message })
  })
  const bound = app.server.address() as AddressInfo
  const name = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address
  return {
    url: `${tls ? 'https' : 'http'}://${name}:${bound.port}`,
    close: async () => {
      await app.close()
    },
  }
}

/** Throws LISTEN_NEEDS_TLS where others than this machine could listen in. */
export function requireTls({ host, tls }: Address): void {
  if (!isLoopbackHost(host) && tls === undefined)
    throw new TelltaleError('LISTEN_NEEDS_TLS', { host })
}

/** Addresses of one server: which paths, and which methods they take. */
export type Paths = readonly (readonly [path: RegExp, allowed: string])[]

/** Answers whatever no route takes: 405 on a path that exists, 404 on any other. */
export function refuseTheRest(app: FastifyInstance, paths: Paths): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!request.is404) return
    const allowed = paths.find(([path]) => path.test(request.raw.url ?? ''))?.[1]
    if (allowed === undefined) return refuse(reply, new TelltaleError('NOT_SERVED', {}))
    reply.header('allow', allowed)
    return refuse(reply, new TelltaleError('METHOD_NOT_ALLOWED', { allowed }))
  })
}

const STATUS: Partial<Record<ErrorCode, number>> = {
  WRITER_UNKNOWN: 401,
  NOT_SERVED: 404,
  METHOD_NOT_ALLOWED: 405,
  REQUEST_TOO_LARGE: 413,
  WRITER_BUSY: 429,
  LOG_BUSY: 503,
  LOG_STOPPED: 500,
  LOG_UNWRITABLE: 507,
  APPEND_UNCERTAIN: 504,
}

/** Codes after which the same request may be sent again, and when, in seconds. */
const RETRY_AFTER_S: Partial<Record<ErrorCode, number>> = { WRITER_BUSY: 1, LOG_BUSY: 1 }

/** Says no: the error's code, sentence and advice as JSON. Errors of input are 400, others 500,
 * save those that HTTP has a status of its own for. */
export function refuse(reply: FastifyReply, error: TelltaleError): FastifyReply {
  const { code, message, next } = error
  const retryAfterS = RETRY_AFTER_S[code]
  if (retryAfterS !== undefined) reply.header('retry-after', retryAfterS)
  if (code === 'WRITER_UNKNOWN') reply.header('www-authenticate', 'Bearer')
  if (hasUnreadBody(reply.request.raw)) reply.header('connection', 'close')
  return reply
    .code(STATUS[code] ?? (error.exit === 2 ? 400 : 500))
    .header('content-type', 'application/json')
    .send(JSON.stringify({ code, message, next }))
}

/** Says no to what is no request of HTTP. */
function refuseRaw(error: NodeJS.ErrnoException, socket: Socket): void {
  const { code, message, next } = MALFORMED
  endRaw(error, socket, 'application/json', () => ({ code, message, next }))
}

/** Ends a connection on which something came that is no request, or too slowly. */
export function endRaw(
  error: NodeJS.ErrnoException,
  socket: Socket,
  type: string,
  tell: (status: number, title: string) => object,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy(error)
  const [status, title] = RAW_STATUS[error.code ?? ''] ?? [400, 'Bad Request']
  const body = JSON.stringify(tell(status, title))
  const about = `content-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}`
  const line = `HTTP/1.1 ${status} ${title}`
  socket.end(`${line}\r\n${about}\r\nconnection: close\r\n\r\n${body}`)
}

const RAW_STATUS: Readonly<Record<string, readonly [number, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
}

const MALFORMED = new TelltaleError('REQUEST_INVALID', { reason: 'it is malformed' })

/** Of a request that is refused before its end, the rest is not read. */
function hasUnreadBody({ complete, headers }: IncomingMessage): boolean {
  const hasBody = (headers['content-length'] ?? '0') !== '0' || 'transfer-encoding' in headers
  return hasBody && !complete
}

/** What a stranger may be told of any error. */
function tellable(error: FastifyError | TelltaleError, bodyBytesMax: number): TelltaleError {
  if (error instanceof TelltaleError) return error
  if (error.statusCode === 413) {
    return new TelltaleError('REQUEST_TOO_LARGE', { limit: bodyBytesMax })
  }
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return MALFORMED
  }
  return new TelltaleError('INTERNAL', { reason: 'the server noted the cause' })
}
