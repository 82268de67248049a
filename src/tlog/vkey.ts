/** Verifier keys and signing keys as text: C2SP signed-note, docs/formats.md section 4. */
import { TelltaleError } from '../base/errors.ts'
import { KEY_TEXT_BYTES_MAX } from '../base/limits.ts'
import { formatBase64, parseBase64 } from './base64.ts'
import { ed25519KeyProblem, ed25519PublicKey } from './ed25519.ts'
import { sha256 } from './hash.ts'
import { MLDSA_KEY_BYTES, mldsaPublicKey } from './mldsa.ts'
import { isKeyName, readText } from './text.ts'

/** Signature types: what a key signs, and how. */
export const KEY_TYPE = {
  /** A note's text, by Ed25519. */
  ed25519: 0x01,
  /** A checkpoint and a time, by Ed25519. */
  cosignature: 0x04,
  /** A checkpoint and a time, by ML-DSA-44. */
  mldsa: 0x06,
} as const
export type KeyType = (typeof KEY_TYPE)[keyof typeof KEY_TYPE]

/** Whose signatures to accept. */
export interface VerifierKey {
  readonly name: string
  /** Unsigned, 32 bits: follows from everything else. */
  readonly id: number
  readonly type: KeyType
  /** 32 bytes; 1,312 of ML-DSA-44. */
  readonly publicKey: Buffer
}

/** A verifier key with what it takes to sign. */
export interface SigningKey extends VerifierKey {
  /** 32 bytes, secret. */
  readonly seed: Buffer
}

const SEED_BYTES = 32
const PRIVATE = 'PRIVATE+KEY+'

/** The key ID of C2SP signed-note: the first 32 bits of
 * `SHA-256(name || LF || type || public key)`. */
export function keyId(name: string, type: number, publicKey: Uint8Array): number {
  const head = Buffer.from(`${name}\n`)
  return sha256(Buffer.concat([head, Buffer.of(type), publicKey])).readUInt32BE(0)
}

/** A signing key of this name; `seed` is 32 bytes that nobody can guess. Throws `KEY_INVALID`,
 * `ALGORITHM_MISSING`. */
export function signingKey(name: string, type: KeyType, seed: Uint8Array): SigningKey {
  if (!isKeyName(name)) throw invalid(NAME_PROBLEM)
  if (seed.length !== SEED_BYTES) throw invalid('a seed has 32 bytes')
  const publicKey = type === KEY_TYPE.mldsa ? mldsaPublicKey(seed) : ed25519PublicKey(seed)
  return { name, type, publicKey, id: keyId(name, type, publicKey), seed: Buffer.from(seed) }
}

/** Reads `<name>+<key ID>+<base64(type || public key)>`. Throws `KEY_INVALID`. */
export function parseVkey(text: string): VerifierKey {
  const { name, id, type, bytes } = parseParts(text)
  const problem =
    type !== KEY_TYPE.mldsa
      ? ed25519KeyProblem(bytes)
      : bytes.length !== MLDSA_KEY_BYTES && 'an ML-DSA-44 key has 1,312 bytes'
  if (problem) throw invalid(problem)
  if (keyId(name, type, bytes) !== id) throw invalid(ID_PROBLEM)
  return { name, id, type, publicKey: bytes }
}

/** A verifier key as text, without LF. */
export function formatVkey({ name, id, type, publicKey }: VerifierKey): string {
  return formatParts(name, id, type, publicKey)
}

/** Reads `PRIVATE+KEY+<name>+<key ID>+<base64(type || seed)>`. Throws `KEY_INVALID`, which never
 * says the key, and `ALGORITHM_MISSING`. */
export function parseSkey(text: string): SigningKey {
  if (!text.startsWith(PRIVATE)) throw invalid('a signing key starts with PRIVATE+KEY+')
  const { name, id, type, bytes } = parseParts(text.slice(PRIVATE.length))
  const key = signingKey(name, type, bytes)
  if (key.id !== id) throw invalid(ID_PROBLEM)
  return key
}

/** A signing key as text, without LF: secret. */
export function formatSkey({ name, id, type, seed }: SigningKey): string {
  return PRIVATE + formatParts(name, id, type, seed)
}

/** A key ID as it is written: eight hex digits. */
export function formatKeyId(id: number): string {
  return id.toString(16).padStart(8, '0')
}

const NAME_PROBLEM = 'a name is 1 to 255 bytes without space, plus or control character'
const ID_PROBLEM = 'its key ID does not belong to its name and key'

function formatParts(name: string, id: number, type: number, bytes: Uint8Array): string {
  const key = formatBase64(Buffer.concat([Buffer.of(type), bytes]))
  return `${name}+${formatKeyId(id)}+${key}`
}

function parseParts(text: string) {
  // Base64 has a plus too: only the first two divide.
  const match = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/.exec(text)
  if (match === null || readText(text, KEY_TEXT_BYTES_MAX) === null) {
    throw invalid('it is not <name>+<8 hex digits>+<base64>')
  }
  const [, name, id, key] = match
  if (!isKeyName(name)) throw invalid(NAME_PROBLEM)
  const bytes = parseBase64(key)
  if (bytes === null) throw invalid('its last part is not base64 in the one form')
  const type = Object.values(KEY_TYPE).find((known) => known === bytes[0])
  if (type === undefined) throw invalid('it is of a type that is not known here')
  return { name, id: Number.parseInt(id, 16), type, bytes: bytes.subarray(1) }
}

function invalid(problem: string) {
  return new TelltaleError('KEY_INVALID', { problem })
}
