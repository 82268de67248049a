/** A device that speaks to a desk's API as the console does: a cookie, and a proof with each request. */
import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'

/** An answer: status and JSON, null where there is none. */
export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever the desk answers is looked at by who asked
  readonly body: any
}

/** Somebody signed in at a device. */
export interface DeskClient {
  readonly agent: string
  readonly cookie: string
  call(method: string, path: string, body?: unknown): Promise<Answer>
}

/** A device's key pair. */
export interface Device {
  readonly privateKey: KeyObject
  readonly jwk: {
    readonly kty: string
    readonly crv: string
    readonly x: string
    readonly y: string
  }
}

/** A device with a key of its own. */
export function newDevice(): Device {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' }) as Record<string, string>
  return { privateKey, jwk: { kty, crv, x, y } }
}

/** A DPoP proof (RFC 9449, 4.2) for one request. */
export function proof(device: Device, method: string, url: string): string {
  const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: device.jwk }
  const claims = {
    jti: randomUUID(),
    htm: method,
    htu: url,
    iat: Math.floor(Date.now() / 1000),
  }
  const signed = `${encoded(header)}.${encoded(claims)}`
  const signature = sign('sha256', Buffer.from(signed), {
    key: device.privateKey,
    dsaEncoding: 'ieee-p1363',
  })
  return `${signed}.${signature.toString('base64url')}`
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** Signs in at a demonstration's desk, `base` such as `http://127.0.0.1:8080`. */
export async function signIn(
  base: string,
  agent: string,
  device = newDevice(),
): Promise<DeskClient> {
  const answer = await fetch(`${base}/api/v1/sign-in/demo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: base },
    body: JSON.stringify({ agent }),
  })
  const cookie = answer.headers.getSetCookie()[0]?.split(';', 1)[0]
  if (!answer.ok || cookie === undefined) {
    throw new Error(`sign-in of ${agent}: ${answer.status} ${await answer.text()}`)
  }
  await answer.body?.cancel()
  const client: DeskClient = {
    agent,
    cookie,
    call: (method, path, body) => call(base, device, cookie, method, path, body),
  }
  const bound = await client.call('POST', '/session/device')
  if (bound.status >= 300) throw new Error(`device of ${agent}: ${JSON.stringify(bound)}`)
  return client
}

async function call(
  base: string,
  device: Device,
  cookie: string,
  method: string,
  path: string,
  body: unknown,
): Promise<Answer> {
  const url = `${base}/api/v1${path}`
  const response = await fetch(url, {
    method,
    headers: {
      cookie,
      origin: base,
      dpop: proof(device, method, url.split('?', 1)[0]),
      ...(method === 'GET' ? {} : { 'idempotency-key': randomUUID() }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? null : JSON.parse(text) }
}
