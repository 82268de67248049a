/**
 * ML-DSA-44 (FIPS 204) with keys as their plain bytes. Node has it from 24.6 on, where it is built
 * on OpenSSL 3.5; any other Node gets a typed error.
 */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { TelltaleError } from '../base/errors.ts'

/** Length of a public key. */
export const MLDSA_KEY_BYTES = 1312
const SIGNATURE_BYTES = 2420

const PUBLIC_PREFIX = Buffer.from('30820532300b06096086480165030403110382052100', 'hex')
const PRIVATE_PREFIX = Buffer.from('3034020100300b060960864801650304031104228020', 'hex')

/** The public key of a 32-byte seed. Throws `ALGORITHM_MISSING`. */
export function mldsaPublicKey(seed: Uint8Array): Buffer {
  const key = keyFrom(() => createPublicKey(privateKey(seed)))
  return key.export({ format: 'der', type: 'spki' }).subarray(PUBLIC_PREFIX.length)
}

/** A signature of a message, 2,420 bytes. The library hedges it: it differs each time. Throws
 * `ALGORITHM_MISSING`. */
export function mldsaSign(seed: Uint8Array, message: Uint8Array): Buffer {
  return sign(
    null,
    message,
    keyFrom(() => privateKey(seed)),
  )
}

/** Whether this is a signature of a message by the holder of the key (1,312 bytes). Throws
 * `ALGORITHM_MISSING`. */
export function mldsaVerify(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false
  const der = Buffer.concat([PUBLIC_PREFIX, key])
  const publicKey = keyFrom(() => createPublicKey({ key: der, format: 'der', type: 'spki' }))
  return verify(null, message, publicKey, signature)
}

function privateKey(seed: Uint8Array): KeyObject {
  const der = Buffer.concat([PRIVATE_PREFIX, seed])
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
}

/** Every key of the right length is one, so that only a Node without the algorithm fails here. */
function keyFrom(make: () => KeyObject): KeyObject {
  try {
    const key = make()
    // A Node between knows the algorithm's identifier but not what to do with it.
    if ((key.asymmetricKeyType as string | undefined) === 'ml-dsa-44') return key
  } catch {
    // Said below.
  }
  throw new TelltaleError('ALGORITHM_MISSING', { algorithm: 'ML-DSA-44', node: '24.6' })
}
