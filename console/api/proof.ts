import { deviceKey } from './device.ts'

let serverAheadMs = 0

/** HTTP dates leave out the seconds' parts, and an answer takes its time. */
const CLOCK_OFF_MS = 5_000

/** Takes the server's clock for proofs where this device's own is wrong; whether it was. `date` is an
 * HTTP date, as of now. */
export function followClock(date: string | null): boolean {
  const aheadMs = Date.parse(date ?? '') - Date.now()
  const isOff = Math.abs(aheadMs - serverAheadMs) > CLOCK_OFF_MS
  if (isOff) serverAheadMs = aheadMs
  return isOff
}

/** Now, by the server's clock as far as it is known. */
export function serverNowMs(): number {
  return Date.now() + serverAheadMs
}

/** A DPoP proof (RFC 9449, 4.2) for one request: a JWT over method and address, signed by the key of
 * this device, good once. */
export async function proofFor(method: string, url: URL): Promise<string> {
  const { publicKey, privateKey } = await deviceKey()
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey)
  const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } }
  const claims = {
    jti: crypto.randomUUID(),
    htm: method,
    htu: `${url.origin}${url.pathname}`,
    iat: Math.floor(serverNowMs() / 1000),
  }
  const signed = `${encoded(header)}.${encoded(claims)}`
  const signature = await crypto.subtle.sign(
    { name: 'ECDSA', hash: 'SHA-256' },
    privateKey,
    new TextEncoder().encode(signed),
  )
  return `${signed}.${base64url(new Uint8Array(signature))}`
}

function encoded(value: unknown): string {
  return base64url(new TextEncoder().encode(JSON.stringify(value)))
}

function base64url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes))
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
