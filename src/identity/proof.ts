/**
 * Proofs that a request comes from a device: DPoP (RFC 9449) over our session cookie. Only ES256, only
 * a bare public key of P-256. A proof names its session by its key, since a device has one at a time. docs/identity.md tells what a client has to send.
 */
import { calculateJwkThumbprint, errors, importJWK, jwtVerify } from 'jose'
import { PROOF_AGE_MS } from '../base/desk-limits.ts'
import { PROOF_BYTES_MAX, PROOF_SLACK_MS } from '../base/identity-limits.ts'
import type { DeviceKey } from './stores.ts'

/** Why a proof does not hold: for the log, never for whoever sent it. */
export type ProofRefusal = 'no-proof' | 'malformed' | 'unsigned' | 'other-request' | 'stale'

/** What a proof has to be about. */
export interface ProofTarget {
  readonly method: string
  readonly url: string
  /** An earlier one was made for another session, or used before this process began to remember. */
  readonly notBeforeMs: number
}

/** A proof whose signature and claims hold. */
export interface Proof {
  /** Thumbprint of the key (RFC 7638). */
  readonly device: string
  readonly key: DeviceKey
  /** Given by the client, once per request. */
  readonly id: string
}

const ID = /^[\w-]{16,64}$/
const COORDINATE = /^[\w-]{42}[AEIMQUYcgkosw048]$/
const HEADER_FIELDS = new Set(['alg', 'typ', 'jwk'])
const KEY_FIELDS = new Set(['kty', 'crv', 'x', 'y', 'ext', 'key_ops', 'alg', 'use', 'kid'])

/** Verifies a proof, or says why not; never throws. */
export async function readProof(
  text: string | null,
  target: ProofTarget,
  nowMs: number,
): Promise<Proof | ProofRefusal> {
  if (text === null || text === '') return 'no-proof'
  if (text.length > PROOF_BYTES_MAX) return 'malformed'
  let key: DeviceKey | null = null
  try {
    const { payload } = await jwtVerify(
      text,
      (header) => {
        key = keyOf(header)
        return importJWK({ ...key }, 'ES256')
      },
      { algorithms: ['ES256'], typ: 'dpop+jwt', currentDate: new Date(nowMs) },
    )
    const refusal = judge(payload, target, nowMs)
    if (refusal !== null) return refusal
    const device = await calculateJwkThumbprint({ ...key! }, 'sha256')
    return { device, key: key!, id: payload.jti! }
  } catch (error) {
    return error instanceof errors.JWSSignatureVerificationFailed ? 'unsigned' : 'malformed'
  }
}

/** The key a proof carries. What else a header may say is refused unread: nothing of it is needed. */
function keyOf(header: object): DeviceKey {
  const { jwk } = header as { jwk?: Record<string, unknown> }
  if (Object.keys(header).some((name) => !HEADER_FIELDS.has(name))) throw new Error('header')
  if (jwk === null || typeof jwk !== 'object') throw new Error('no key')
  if (Object.keys(jwk).some((name) => !KEY_FIELDS.has(name))) throw new Error('more than a key')
  const { kty, crv, x, y } = jwk
  if (kty !== 'EC' || crv !== 'P-256' || !isCoordinate(x) || !isCoordinate(y))
    throw new Error('another kind of key')
  return { kty, crv, x, y }
}

function isCoordinate(value: unknown): value is string {
  return typeof value === 'string' && COORDINATE.test(value)
}

function judge(
  claims: Readonly<Record<string, unknown>>,
  target: ProofTarget,
  nowMs: number,
): ProofRefusal | null {
  const { jti, htm, htu, iat } = claims
  if (typeof jti !== 'string' || !ID.test(jti)) return 'malformed'
  if (typeof iat !== 'number' || !Number.isSafeInteger(iat)) return 'malformed'
  if (htm !== target.method || htu !== target.url) return 'other-request'
  const atMs = iat * 1000
  if (Math.abs(atMs - nowMs) > PROOF_AGE_MS) return 'stale'
  return atMs + PROOF_SLACK_MS > target.notBeforeMs ? null : 'stale'
}
