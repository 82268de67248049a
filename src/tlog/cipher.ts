/** Sealing and opening the bytes of an entry, of whatever kind: docs/formats.md section 10.4. */
import { createCipheriv, createDecipheriv, createSecretKey, hash } from 'node:crypto'
import { TelltaleError } from '../base/errors.ts'
import { ENTRY_BYTES_MAX } from '../base/limits.ts'
import { ENTRY_KEY_BYTES } from './derive.ts'
import { malformed } from './header.ts'

const LF = 0x0a
const TAG_BYTES = 16
const PAD_BYTES = 64
const SALT_BYTES = 32
const NONCE = Buffer.alloc(12)
const CIPHER = 'aes-256-gcm'

/** No header is longer: its names and numbers are bounded. */
export const HEADER_BYTES_MAX = 512
/** Of plain text, what fits into one entry beside the longest header. */
export const PLAIN_BYTES_MAX =
  Math.floor((ENTRY_BYTES_MAX - HEADER_BYTES_MAX - 1 - TAG_BYTES) / PAD_BYTES) * PAD_BYTES

// The entry's key, whose second half is the salt, and right after it the padded text, so that salt
// and text are hashed in one call. Used within one call only.
const work = Buffer.alloc(ENTRY_KEY_BYTES + ENTRY_BYTES_MAX)
const encryptKey = work.subarray(0, ENTRY_KEY_BYTES - SALT_BYTES)

/** The entry with this plain text, of up to `PLAIN_BYTES_MAX` bytes. `putKey` writes the entry's key of
 * 64 bytes to the buffer's beginning; `headerFor` gives the header with this commitment. */
export function sealedEntry(
  plain: string,
  putKey: (out: Buffer) => void,
  headerFor: (commitment: string) => string,
): Buffer {
  putKey(work)
  const end = ENTRY_KEY_BYTES + work.write(plain, ENTRY_KEY_BYTES, 'utf8')
  const paddedEnd = Math.ceil(end / PAD_BYTES) * PAD_BYTES
  work.fill(0, end, paddedEnd)
  const header = headerFor(commitmentOf(paddedEnd))
  const sealedAt = header.length + 1
  const tagAt = sealedAt + paddedEnd - ENTRY_KEY_BYTES
  const entry = Buffer.allocUnsafe(tagAt + TAG_BYTES)
  entry.write(header, 0, 'latin1')
  entry[header.length] = LF
  // As a key object, because a cipher is made from one seven times as fast as from bytes.
  const cipher = createCipheriv(CIPHER, createSecretKey(encryptKey), NONCE)
  cipher.setAAD(entry.subarray(0, header.length))
  entry.set(cipher.update(work.subarray(ENTRY_KEY_BYTES, paddedEnd)), sealedAt)
  cipher.final()
  entry.set(cipher.getAuthTag(), tagAt)
  return entry
}

/** Whether a sealed part may have this many bytes. */
export function isSealedLength(bytes: number): boolean {
  return bytes > TAG_BYTES && (bytes - TAG_BYTES) % PAD_BYTES === 0
}

/** The plain text of a sealed part, by the entry's key of 64 bytes. Throws ENTRY_UNOPENED where the key
 * does not fit or the commitment is to something else, ENTRY_MALFORMED where it is no padded text. */
export function openedText(
  { headerBytes, sealed }: { readonly headerBytes: Buffer; readonly sealed: Buffer },
  key: Uint8Array,
  commitment: string,
): string {
  if (key.length !== ENTRY_KEY_BYTES) throw unopened('the key does not have 64 bytes')
  work.set(key)
  const padded = decrypted(headerBytes, sealed)
  work.set(padded, ENTRY_KEY_BYTES)
  if (commitmentOf(ENTRY_KEY_BYTES + padded.length) !== commitment) {
    throw unopened('its commitment is not to what this key shows')
  }
  return withoutPadding(padded)
}

/** The commitment to the salt and padded text in `work`. */
function commitmentOf(paddedEnd: number): string {
  return hash('sha256', work.subarray(ENTRY_KEY_BYTES - SALT_BYTES, paddedEnd), 'base64url')
}

function decrypted(headerBytes: Buffer, sealed: Buffer): Buffer {
  const tagAt = sealed.length - TAG_BYTES
  const cipher = createDecipheriv(CIPHER, createSecretKey(encryptKey), NONCE, {
    authTagLength: TAG_BYTES,
  })
  cipher.setAAD(headerBytes)
  cipher.setAuthTag(sealed.subarray(tagAt))
  const padded = cipher.update(sealed.subarray(0, tagAt))
  try {
    cipher.final()
  } catch (cause) {
    throw unopened('the key does not fit it, or it was changed', cause)
  }
  return padded
}

function withoutPadding(padded: Buffer): string {
  let end = padded.length
  while (end > 0 && padded[end - 1] === 0) end--
  if (end <= padded.length - PAD_BYTES) throw malformed('what is sealed in it is padded too far')
  const text = padded.toString('utf8', 0, end)
  // Bytes that are no UTF-8 read as U+FFFD, which has other bytes.
  if (Buffer.compare(Buffer.from(text, 'utf8'), padded.subarray(0, end)) !== 0) {
    throw malformed('what is sealed in it is not UTF-8')
  }
  return text
}

/** The error of an entry that does not open; `problem` is a clause without a full stop. */
export function unopened(problem: string, cause?: unknown): TelltaleError {
  return new TelltaleError('ENTRY_UNOPENED', { problem }, { cause })
}
