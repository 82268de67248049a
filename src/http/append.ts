/** The endpoint that desks and gateways append disclosures to: answered once they are durable. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { TelltaleError } from '../base/errors.ts'
import {
  APPEND_LINES_MAX,
  APPEND_REQUESTS_MAX,
  APPEND_REQUESTS_PER_WRITER_MAX,
  APPEND_TIMEOUT_MS,
} from '../base/limits.ts'
import { refuse } from './serve.ts'

/** Who may append. */
export interface Writers {
  /** The name of the writer whose token this is; null: nobody's. Takes as long whatever the token. */
  nameOf(token: string): string | null
}

/** Where disclosures go. */
export interface AppendPort {
  /** Resolves once all lines, each one disclosure in JSON, are durable as neighbours; `first` is
   * the index of the first entry, `count` how many entries they became. Takes all lines or none:
   * throws LINE_INVALID for a line that is no disclosure, LOG_BUSY where too many wait, and then
   * nothing is in the log; APPEND_UNCERTAIN or LOG_STOPPED where that is not known. */
  append(lines: readonly string[], writer: string): Promise<Appended>
}

/** Where disclosures came to stand. */
export interface Appended {
  readonly first: number
  readonly count: number
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who appends, once the token is known. */
    writer: string | null
    /** Ends the request's count as under way. */
    finish: (() => void) | null
  }
}

const BEARER = /^Bearer ([\x21-\x7e]{1,512})$/i
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Adds `POST /append`. */
export function addAppend(app: FastifyInstance, writers: Writers, port: AppendPort): void {
  const underWay = new Map<string, number>()
  let all = 0

  function begin(writer: string): () => void {
    const own = underWay.get(writer) ?? 0
    if (own >= APPEND_REQUESTS_PER_WRITER_MAX) {
      throw new TelltaleError('WRITER_BUSY', { limit: APPEND_REQUESTS_PER_WRITER_MAX })
    }
    if (all >= APPEND_REQUESTS_MAX) throw new TelltaleError('LOG_BUSY', { waiting: all })
    underWay.set(writer, own + 1)
    all++
    return once(() => {
      const left = (underWay.get(writer) ?? 1) - 1
      if (left > 0) underWay.set(writer, left)
      else underWay.delete(writer)
      all--
    })
  }

  app.decorateRequest('writer', null)
  app.decorateRequest('finish', null)
  app.post('/append', {
    // Before any of the body is read.
    onRequest: async (request, reply) => {
      const writer = writerOf(request, writers)
      if (writer === null) return refuse(reply, new TelltaleError('WRITER_UNKNOWN', {}))
      request.finish = begin(writer)
      request.writer = writer
      // A request that breaks off before its handler runs.
      reply.raw.once('close', () => request.finish?.())
    },
    handler: async (request, reply) => handle(request, reply, port),
  })
}

async function handle(request: FastifyRequest, reply: FastifyReply, port: AppendPort) {
  const { writer, finish } = request
  if (writer === null || finish === null) throw new Error('no hook ran before the handler')
  const lines = linesOf(request.body)
  // From here on the request is under way until it is in the log, even where its client has gone.
  request.finish = null
  const appended = (async () => port.append(lines, writer))().finally(finish)
  const { first, count } = await within(APPEND_TIMEOUT_MS, appended)
  return reply.header('content-type', 'application/json').send(JSON.stringify({ first, count }))
}

function writerOf(request: FastifyRequest, writers: Writers): string | null {
  const token = BEARER.exec(request.headers.authorization ?? '')?.[1]
  return token === undefined ? null : writers.nameOf(token)
}

/** The lines of a body, the last with or without LF. Throws REQUEST_INVALID, LINES_COUNT. */
function linesOf(body: unknown): string[] {
  const text = Buffer.isBuffer(body) ? decode(body) : ''
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  if (lines.length === 0 || lines.length > APPEND_LINES_MAX) {
    throw new TelltaleError('LINES_COUNT', { count: lines.length, limit: APPEND_LINES_MAX })
  }
  return lines
}

function decode(body: Buffer): string {
  try {
    return decoder.decode(body)
  } catch {
    throw new TelltaleError('REQUEST_INVALID', { reason: 'it is not UTF-8' })
  }
}

/** Throws APPEND_UNCERTAIN where the promise takes longer. */
async function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const reason = `the log did not answer within ${timeoutMs / 1000} s`
    timer = setTimeout(() => reject(new TelltaleError('APPEND_UNCERTAIN', { reason })), timeoutMs)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

function once(act: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) act()
    isDone = true
  }
}
