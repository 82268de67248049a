/**
 * Proofs that a request comes from a device: DPoP (RFC 9449) over our session cookie. Only ES256, only
 * a bare public key of P-256. A proof names its session by its key, since a device has one at a time. docs/identity.md tells what a client has to send.
 */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { PROOF_AGE_MS } from '../base/desk-limits.ts'
import { PROOF_BYTES_MAX, PROOF_SLACK_MS, PUBLIC_KEYS_MAX } from '../base/identity-limits.ts'
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
export function readProof(
  text: string | null,
  target: ProofTarget,
  nowMs: number,
): Proof | ProofRefusal {
  if (text === null || text === '') return 'no-proof'
  if (text.length > PROOF_BYTES_MAX) return 'malformed'
  try {
    const [, header, payload, signature] = COMPACT.exec(text) ?? []
    if (signature === undefined) return 'malformed'
    const key = keyOf(jsonOf(header))
    if (!isSigned(`${header}.${payload}`, key, signature)) return 'unsigned'
    const claims = jsonOf(payload)
    const refusal = judge(claims, target, nowMs)
    if (refusal !== null) return refusal
    return { device: thumbprint(key), key, id: claims.jti as string }
  } catch {
    return 'malformed'
  }
}

// JWS, compact (RFC 7515, 7.1): of ES256, whose signatures have 64 bytes (RFC 7518, 3.4).
const COMPACT = /^([\w-]+)\.([\w-]+)\.([\w-]{86})$/

function jsonOf(part: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('none')
  return value as Readonly<Record<string, unknown>>
}

/** In this thread: a proof comes with every request, and handing one to another thread costs more than
 * verifying it. */
function isSigned(text: string, key: DeviceKey, signature: string): boolean {
  return verify(
    'sha256',
    Buffer.from(text),
    { key: publicKey(key), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
}

const publicKeys = new Map<string, KeyObject>()

/** Reading one costs as much as verifying by it, and a device uses one for years. */
function publicKey(key: DeviceKey): KeyObject {
  const name = `${key.x}.${key.y}`
  const known = publicKeys.get(name)
  if (known !== undefined) return known
  const read = createPublicKey({ key: { ...key }, format: 'jwk' })
  if (publicKeys.size === PUBLIC_KEYS_MAX) publicKeys.clear()
  publicKeys.set(name, read)
  return read
}

/** RFC 7638: its members in order of their names, nothing else. */
function thumbprint({ kty, crv, x, y }: DeviceKey): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url')
}

/** The key a proof carries. What else a header may say is refused unread: nothing of it is needed. */
function keyOf(header: Readonly<Record<string, unknown>>): DeviceKey {
  const { typ, alg } = header
  if (typ !== 'dpop+jwt' || alg !== 'ES256') throw new Error('another kind of proof')
  const jwk = header.jwk as Record<string, unknown> | null
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
