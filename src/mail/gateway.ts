/** Signed requests to a provider of text messages or calls: Standard Webhooks, so that it can check them. */
import { randomUUID } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { TelltaleError } from '../base/errors.ts'
import { GATEWAY_TIMEOUT_MS } from '../base/ticket-limits.ts'

/** Where requests go, and with which secret they are signed. */
export interface GatewayOptions {
  readonly url: string
  /** Base64, with or without `whsec_` before it. */
  readonly secret: string
}

/** Posts one JSON document; throws an error with a code of its own and no value where it was not taken
 * (any status but 2xx, no answer in time). */
export type Gateway = (event: string, data: Readonly<Record<string, string>>) => Promise<void>

/** Throws USAGE for an address that would send a customer's number over a network in the clear, and for a
 * secret that is none. */
export function createGateway({ url, secret }: GatewayOptions): Gateway {
  const target = addressOf(url)
  const webhook = signerOf(secret)
  return async (type, data) => {
    const id = `msg_${randomUUID()}`
    const at = new Date()
    const body = JSON.stringify({ type, timestamp: at.toISOString(), data })
    const answer = await fetch(target, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(GATEWAY_TIMEOUT_MS),
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': webhook.sign(id, at, body),
      },
      body,
    }).catch((error) => {
      throw failure(error.name === 'TimeoutError' ? 'NO_ANSWER' : 'UNREACHABLE')
    })
    // Only the status counts; what else comes is not read.
    await answer.body?.cancel().catch(() => {})
    if (!answer.ok) throw failure(`STATUS_${answer.status}`)
  }
}

function failure(code: string): Error {
  return Object.assign(new Error(`the provider did not take it (${code})`), { code })
}

function addressOf(text: string): URL {
  if (!URL.canParse(text)) throw usage(`${text} is no address of a provider.`)
  const url = new URL(text)
  const isLocal = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLocal)) return url
  throw usage(
    `${url.origin} is neither https nor on this machine: numbers of customers would cross the network in the clear.`,
  )
}

function signerOf(secret: string): Webhook {
  const bytes = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  if (bytes.length < 24) throw usage('The secret of a provider has less than 24 bytes in base64.')
  return new Webhook(bytes.toString('base64'))
}

function usage(problem: string): TelltaleError {
  return new TelltaleError('USAGE', { problem })
}
