/** The desk's end of the append endpoint. */
import { setTimeout as sleep } from 'node:timers/promises'
import { TelltaleError } from '../base/errors.ts'
import {
  APPEND_ATTEMPTS_MAX,
  APPEND_BODY_BYTES_MAX,
  APPEND_LINES_MAX,
  APPEND_TIMEOUT_MS,
} from '../base/limits.ts'
import type { Appended } from './append.ts'
import { type Answer, createExchange, type Exchange, NoAnswer } from './exchange.ts'

/** Where a desk appends, and as whom. */
export interface AppendClientOptions {
  /** The log server's address, such as `https://log.example`. */
  readonly url: string
  readonly token: string
  /** Authorities to trust instead of the system's, PEM. */
  readonly ca?: string
  /** Waits so long, times two for each attempt before, where the server names no time; 100. */
  readonly waitMs?: number
}

/** A log on another machine. */
export interface AppendClient {
  /**
   * Resolves once the disclosures, one JSON text each, are durable in the log. Tries again while
   * the log is busy or cannot be reached, for some seconds. Throws LOG_UNREACHABLE and LOG_REFUSED
   * where nothing was logged, APPEND_UNCERTAIN where that is not known: nothing may be shown then.
   * Lines that no log would take are LINES_COUNT, REQUEST_TOO_LARGE and USAGE.
   */
  append(lines: readonly string[]): Promise<Appended>
  /** Closes the connections that are kept. */
  close(): void
}

/** The longest time of the server's that is waited for. */
const WAIT_MAX_MS = 5000
/** More than the server takes to give up, so that its own answer is heard. */
const TIMEOUT_MS = APPEND_TIMEOUT_MS + 10_000
const ANSWER_BYTES_MAX = 64 << 10

/** A client of one log server. Throws USAGE for an address that is none, or that would send the
 * token over a network in the clear. */
export function createAppendClient(options: AppendClientOptions): AppendClient {
  const { token, waitMs = 100 } = options
  const url = endpoint(options.url)
  const exchange = createExchange(options.ca)
  return {
    append: async (lines) => {
      const body = bodyOf(lines)
      for (let attempt = 1; ; attempt++) {
        const result = await tryOnce(exchange, url, token, body)
        if ('first' in result) return result
        if (attempt === APPEND_ATTEMPTS_MAX) throw result.error
        await sleep(result.retryAfterMs ?? waitMs * 2 ** (attempt - 1))
      }
    },
    close: exchange.close,
  }
}

/** Throws LINES_COUNT, REQUEST_TOO_LARGE, USAGE for what the log would not take. */
function bodyOf(lines: readonly string[]): string {
  if (lines.length === 0 || lines.length > APPEND_LINES_MAX) {
    throw new TelltaleError('LINES_COUNT', { count: lines.length, limit: APPEND_LINES_MAX })
  }
  if (lines.some((line) => line.includes('\n'))) {
    throw new TelltaleError('USAGE', { problem: 'A line holds a line feed.' })
  }
  const body = lines.map((line) => `${line}\n`).join('')
  if (Buffer.byteLength(body) > APPEND_BODY_BYTES_MAX) {
    throw new TelltaleError('REQUEST_TOO_LARGE', { limit: APPEND_BODY_BYTES_MAX })
  }
  return body
}

interface Again {
  readonly error: TelltaleError
  readonly retryAfterMs?: number
}

async function tryOnce(exchange: Exchange, url: URL, token: string, body: string) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' }
  const limits = { timeoutMs: TIMEOUT_MS, answerBytesMax: ANSWER_BYTES_MAX }
  try {
    const answer = await exchange.ask({ method: 'POST', url, headers, body, ...limits })
    return readAnswer(url, answer)
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    const reason = error.message
    if (error.mayHaveArrived) {
      throw new TelltaleError('APPEND_UNCERTAIN', { reason }, { cause: error })
    }
    const unreachable = { url: url.origin, reason }
    return { error: new TelltaleError('LOG_UNREACHABLE', unreachable, { cause: error }) }
  }
}

/** Only what says that nothing was logged may be tried again. */
function readAnswer(url: URL, { status, headers, body }: Answer): Appended | Again {
  const said = readJson(body)
  if (status === 200 && isCount(said.first) && isCount(said.count)) {
    return { first: said.first, count: said.count }
  }
  const isBusy = said.code === 'LOG_BUSY' || said.code === 'WRITER_BUSY'
  const isRefusal = (status >= 300 && status < 500) || said.code === 'LOG_UNWRITABLE'
  if (!isBusy && !isRefusal) {
    const reason = `${url.origin} answered ${status}: ${sentence(said)}`
    throw new TelltaleError('APPEND_UNCERTAIN', { reason })
  }
  const error = refused(url, status, said)
  if (!isBusy) throw error
  const seconds = Number(headers['retry-after'] ?? Number.NaN)
  if (!(seconds >= 0)) return { error }
  return { error, retryAfterMs: Math.min(seconds * 1000, WAIT_MAX_MS) }
}

function refused(url: URL, status: number, said: Readonly<Record<string, unknown>>) {
  return new TelltaleError('LOG_REFUSED', { url: url.origin, status, reason: sentence(said) })
}

function sentence({ message, next }: Readonly<Record<string, unknown>>): string {
  return typeof message === 'string' ? `${message} ${next ?? ''}`.trim() : 'it gave no reason.'
}

function readJson(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString())
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function endpoint(text: string): URL {
  const problem = (what: string) => new TelltaleError('USAGE', { problem: `${text} ${what}.` })
  if (!URL.canParse(text)) throw problem('is no address of a log')
  const url = new URL(text)
  const isLocal = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal)) {
    throw problem(
      'is neither https nor on this machine: the token would cross the network in the clear',
    )
  }
  url.pathname = `${url.pathname.replace(/\/$/, '')}/append`
  return url
}
