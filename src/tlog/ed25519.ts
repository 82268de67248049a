/**
 * Ed25519 (RFC 8032) with keys as 32 bytes. A verifier key is looked at before it is trusted: under
 * a key of small order one signature fits many texts, and older releases of the library take such
 * keys, as all take 32 bytes that are no point.
 */
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'

const KEY_BYTES = 32
const SIGNATURE_BYTES = 64

const PUBLIC_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

const P = 2n ** 255n - 19n
const D = 0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3n
/** y of the points of order 8, up to sign; those of order 1, 2 and 4 have y = 1, -1 and 0. */
const Y_OF_ORDER_8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n
const SMALL_ORDER = new Set([0n, 1n, P - 1n, Y_OF_ORDER_8, P - Y_OF_ORDER_8])

/** What is wrong with this public key, or null: it is 32 bytes, the one spelling of a point of the
 * curve, and of no small order. */
export function ed25519KeyProblem(key: Uint8Array): string | null {
  if (key.length !== KEY_BYTES) return 'an Ed25519 key has 32 bytes'
  const bytes = Buffer.from(key).reverse()
  bytes[0] &= 0x7f
  const y = BigInt(`0x${bytes.toString('hex')}`)
  if (y >= P) return 'its point is not in the one form'
  if (SMALL_ORDER.has(y)) return 'its point has a small order'
  return isOnCurve(y) ? null : 'it is no point of the curve'
}

/** Whether some x gives `-x^2 + y^2 = 1 + d x^2 y^2`: whether `(y^2 - 1) / (d y^2 + 1)` is a
 * square, by Euler's criterion; a quotient and a product are squares alike. */
function isOnCurve(y: bigint): boolean {
  const square = (y * y) % P
  const product = ((square + P - 1n) * (D * square + 1n)) % P
  return power(product, (P - 1n) / 2n) <= 1n
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let factor = base % P
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * factor) % P
    factor = (factor * factor) % P
  }
  return result
}

/** The public key of a 32-byte seed. */
export function ed25519PublicKey(seed: Uint8Array): Buffer {
  const spki = createPublicKey(privateKey(seed)).export({ format: 'der', type: 'spki' })
  return spki.subarray(PUBLIC_PREFIX.length)
}

/** The signature of a message: 64 bytes, the same each time. */
export function ed25519Sign(seed: Uint8Array, message: Uint8Array): Buffer {
  return sign(null, message, privateKey(seed))
}

/** Whether this is the signature of a message by the holder of a key that has no problem. */
export function ed25519Verify(key: Uint8Array, message: Uint8Array, signature: Uint8Array) {
  if (signature.length !== SIGNATURE_BYTES) return false
  const der = Buffer.concat([PUBLIC_PREFIX, key])
  const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' })
  return verify(null, message, publicKey, signature)
}

function privateKey(seed: Uint8Array) {
  const der = Buffer.concat([PRIVATE_PREFIX, seed])
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
}
