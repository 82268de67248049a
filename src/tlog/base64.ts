/** Base64 of RFC 4648, section 4: with padding, and only in the one spelling an encoder writes. */

/** The bytes that `text` spells; null where an encoder would have spelt them in another way. */
export function parseBase64(text: string): Buffer | null {
  if (text.length % 4 !== 0) return null
  const bytes = Buffer.from(text, 'base64')
  // The decoder skips what it does not know and reads base64url as well: only the way back tells.
  return bytes.toString('base64') === text ? bytes : null
}

/** Base64 of these bytes. */
export function formatBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
}
