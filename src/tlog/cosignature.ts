/** Signing and verifying: C2SP signed-note and tlog-cosignature, docs/formats.md section 6. */
import { parseCheckpoint } from './checkpoint.ts'
import { ed25519Sign, ed25519Verify } from './ed25519.ts'
import { mldsaSign, mldsaVerify } from './mldsa.ts'
import type { Signature } from './note.ts'
import { KEY_TYPE, type SigningKey, type VerifierKey } from './vkey.ts'

/** A part of a log that an ML-DSA key signs: the entries from `start` up to `end`, that one not
 * included. A checkpoint is the part from 0. */
export interface Subtree {
  readonly origin: string
  readonly start: number
  readonly end: number
  /** 32 bytes. */
  readonly root: Buffer
}

const TIME_BYTES = 8
const TIME_MAX = BigInt(Number.MAX_SAFE_INTEGER)

/** The signature of a note's text by a key of type Ed25519: the same each time. */
export function signNote(key: SigningKey, text: string): Signature {
  return { name: key.name, id: key.id, bytes: ed25519Sign(key.seed, Buffer.from(text)) }
}

/** A witness's signature of a checkpoint's text, at a time in POSIX seconds. Throws
 * `CHECKPOINT_INVALID`, `ALGORITHM_MISSING`. */
export function cosign(key: SigningKey, text: string, timeS: number): Signature {
  const message = timedMessage(key, text, timeS)
  const sign = key.type === KEY_TYPE.mldsa ? mldsaSign : ed25519Sign
  return timed(key, timeS, sign(key.seed, message))
}

/** An ML-DSA key's signature of a part of a log, without a time. Throws `ALGORITHM_MISSING`. */
export function cosignSubtree(key: SigningKey, subtree: Subtree): Signature {
  return timed(key, 0, mldsaSign(key.seed, subtreeMessage(key.name, subtree, 0)))
}

/** What a signature that holds says. */
export interface Signed {
  /** When, in POSIX seconds, by the signer's clock; 0 from an ML-DSA key that says no time; null
   * from a key whose signatures have none. */
  readonly timeS: number | null
}

/** What `signature`, a line that names this key, says of the note's text; null where it is not the
 * key's. Throws `CHECKPOINT_INVALID` where the key signs checkpoints only, `ALGORITHM_MISSING`. */
export function verifySignature(
  key: VerifierKey,
  text: string,
  { bytes }: Signature,
): Signed | null {
  if (key.type === KEY_TYPE.ed25519) {
    return ed25519Verify(key.publicKey, Buffer.from(text), bytes) ? { timeS: null } : null
  }
  const timeS = timeOf(bytes)
  if (timeS === null) return null
  const message = timedMessage(key, text, timeS)
  const verify = key.type === KEY_TYPE.mldsa ? mldsaVerify : ed25519Verify
  return verify(key.publicKey, message, bytes.subarray(TIME_BYTES)) ? { timeS } : null
}

function timed({ name, id }: SigningKey, timeS: number, signature: Buffer): Signature {
  return { name, id, bytes: Buffer.concat([uint64(timeS), signature]) }
}

/** The time at the head of a cosignature; null where there is none up to 2^53 - 1. */
function timeOf(bytes: Buffer): number | null {
  if (bytes.length < TIME_BYTES) return null
  const time = bytes.readBigUInt64BE(0)
  return time <= TIME_MAX ? Number(time) : null
}

function timedMessage(key: VerifierKey, text: string, timeS: number): Buffer {
  const { origin, size, root } = parseCheckpoint(text)
  if (key.type !== KEY_TYPE.mldsa) return Buffer.from(`cosignature/v1\ntime ${timeS}\n${text}`)
  return subtreeMessage(key.name, { origin, start: 0, end: size, root }, timeS)
}

function subtreeMessage(name: string, { origin, start, end, root }: Subtree, timeS: number) {
  return Buffer.concat([
    Buffer.from('subtree/v1\n\0'),
    counted(name),
    uint64(timeS),
    counted(origin),
    uint64(start),
    uint64(end),
    root,
  ])
}

function counted(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([Buffer.of(bytes.length), bytes])
}

function uint64(value: number): Buffer {
  const out = Buffer.alloc(8)
  out.writeBigUInt64BE(BigInt(value))
  return out
}
