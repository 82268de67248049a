/** One request and its answer, bounded in time and size, over connections that are kept. */
import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'

/** What is asked. Redirections are not followed. */
export interface Ask {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
  /** For the whole exchange. */
  readonly timeoutMs: number
  readonly answerBytesMax: number
  readonly signal?: AbortSignal
}

/** What came back. */
export interface Answer {
  readonly status: number
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/** Why nothing came back. */
export class NoAnswer extends Error {
  /** Whether the request may have reached the other end. */
  readonly mayHaveArrived: boolean

  constructor(reason: string, mayHaveArrived: boolean) {
    super(reason)
    this.name = 'NoAnswer'
    this.mayHaveArrived = mayHaveArrived
  }
}

/** Asks, over connections of its own. */
export interface Exchange {
  /** Throws NoAnswer, and nothing else. */
  ask(ask: Ask): Promise<Answer>
  /** Closes the connections that are kept. */
  close(): void
}

/** `ca` (PEM) replaces the authorities that the system trusts. */
export function createExchange(ca?: string): Exchange {
  const options = { keepAlive: true, maxSockets: 64 }
  const plain = new HttpAgent(options)
  const tls = new HttpsAgent(ca === undefined ? options : { ...options, ca })
  return {
    ask: (ask) => {
      const agent = ask.url.protocol === 'https:' ? tls : plain
      return exchangeOnce(ask, agent)
    },
    close: () => {
      plain.destroy()
      tls.destroy()
    },
  }
}

function exchangeOnce(ask: Ask, agent: HttpAgent | HttpsAgent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let isConnected = false
    const open = ask.url.protocol === 'https:' ? httpsRequest : httpRequest
    const body = Buffer.from(ask.body ?? '')
    const headers = { ...ask.headers, ...(ask.body && { 'content-length': body.length }) }
    const sent: ClientRequest = open(ask.url, { method: ask.method, headers, agent })
    const fail = (reason: string) => {
      end()
      sent.destroy()
      reject(new NoAnswer(reason, isConnected))
    }
    const onAbort = () => fail('it was not waited for')
    const timer = setTimeout(() => fail(`no answer within ${ask.timeoutMs} ms`), ask.timeoutMs)
    const end = () => {
      clearTimeout(timer)
      ask.signal?.removeEventListener('abort', onAbort)
    }
    sent.on('socket', (socket) => {
      const secured = ask.url.protocol === 'https:' ? 'secureConnect' : 'connect'
      if (!socket.connecting) isConnected = true
      else socket.once(secured, () => (isConnected = true))
    })
    // Also for what comes after the exchange is over: a connection that is destroyed says so.
    sent.on('error', (error: NodeJS.ErrnoException) => fail(error.message || String(error.code)))
    sent.on('response', (response) => {
      const chunks: Buffer[] = []
      let length = 0
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        length += chunk.length
        if (length > ask.answerBytesMax) fail(`the answer is over ${ask.answerBytesMax} bytes`)
      })
      response.on('error', (error) => fail(error.message))
      response.on('end', () => {
        if (!response.complete) return fail('the answer broke off')
        end()
        const { statusCode = 0, headers } = response
        resolve({ status: statusCode, headers, body: Buffer.concat(chunks) })
      })
    })
    if (ask.signal?.aborted) return onAbort()
    ask.signal?.addEventListener('abort', onAbort)
    sent.end(body)
  })
}
