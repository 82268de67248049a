/** A device with a key of its own, as a browser of the console is one. */
import { randomUUID, webcrypto } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, type JWK, SignJWT } from 'jose'

/** What a proof says; what is left out is right. */
export interface Claims {
  readonly method?: string
  readonly url?: string
  readonly iat?: number
  readonly jti?: string
  readonly header?: Readonly<Record<string, unknown>>
}

/** Makes proofs. */
export interface Device {
  readonly thumbprint: string
  readonly jwk: JWK
  readonly privateJwk: JWK
  prove(claims?: Claims): Promise<string>
}

/** `url` and `nowMs` are what a proof says where it is not told otherwise. */
export async function newDevice(url: string, nowMs: () => number): Promise<Device> {
  const pair = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ])
  const { privateKey } = pair as webcrypto.CryptoKeyPair
  const jwk = await exportJWK((pair as webcrypto.CryptoKeyPair).publicKey)
  return {
    jwk,
    privateJwk: await exportJWK(privateKey),
    thumbprint: await calculateJwkThumbprint(jwk),
    prove: (claims = {}) =>
      new SignJWT({
        jti: claims.jti ?? randomUUID(),
        htm: claims.method ?? 'GET',
        htu: claims.url ?? url,
        iat: claims.iat ?? Math.floor(nowMs() / 1000),
      })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk, ...claims.header })
        .sign(privateKey),
  }
}
