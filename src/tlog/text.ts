/** What counts as text in notes, keys and receipts. */

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for.
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/
const NOT_IN_SIGNERS = /[\p{White_Space}+]/u
const NOT_IN_NAMES = /\p{Cc}/u

/** A byte counts the length of a name in an ML-DSA cosignature: no name or origin is longer. */
const NAME_BYTES_MAX = 255

/**
 * The text of `input`, or null: it is longer than `bytesMax`, is not UTF-8, or holds a control
 * character other than LF. A string with half a surrogate pair has no UTF-8.
 */
export function readText(input: Uint8Array | string, bytesMax: number): string | null {
  const text = typeof input === 'string' ? input : decode(input, bytesMax)
  if (text === null || !text.isWellFormed() || CONTROL.test(text)) return null
  return Buffer.byteLength(text) > bytesMax ? null : text
}

function decode(bytes: Uint8Array, bytesMax: number): string | null {
  if (bytes.length > bytesMax) return null
  try {
    return decoder.decode(bytes)
  } catch {
    return null
  }
}

/** Whether a signature line may name this as its signer: not empty, no Unicode space, no plus. More
 * than keys may be called here, since lines of unknown keys are to be ignored, not refused. */
export function isSignerName(name: string): boolean {
  return name !== '' && !NOT_IN_SIGNERS.test(name)
}

/** Whether a key may have this name: as a signer, and no control character, at most 255 bytes. */
export function isKeyName(name: string): boolean {
  return isSignerName(name) && isOrigin(name) && !NOT_IN_NAMES.test(name)
}

/** Whether this can be a checkpoint's first line: one line of 1 to 255 bytes. */
export function isOrigin(origin: string): boolean {
  return origin !== '' && !origin.includes('\n') && readText(origin, NAME_BYTES_MAX) !== null
}
