/** Cursors of lists: sealed, so that nobody reads or makes one, and good for one caller and list. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { TelltaleError } from '../../base/errors.ts'

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Seals and opens cursors. `list` and `agent` are what one is bound to. */
export interface Cursors {
  seal(cursor: string | null, list: string, agent: string): string | null
  /** Throws CURSOR_INVALID. */
  open(sealed: string | undefined, list: string, agent: string): string | null
}

/** `key`: 32 bytes, the same for all desks of one store. */
export function createCursors(key: Uint8Array): Cursors {
  return {
    seal(cursor, list, agent) {
      if (cursor === null) return null
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(CIPHER, key, nonce).setAAD(boundTo(list, agent))
      const sealed = [nonce, cipher.update(cursor, 'utf8'), cipher.final(), cipher.getAuthTag()]
      return Buffer.concat(sealed).toString('base64url')
    },
    open(text, list, agent) {
      if (text === undefined) return null
      const bytes = Buffer.from(text, 'base64url')
      const textAt = bytes.length - TAG_BYTES
      if (textAt < NONCE_BYTES || bytes.toString('base64url') !== text) throw invalid()
      const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      })
      decipher.setAAD(boundTo(list, agent)).setAuthTag(bytes.subarray(textAt))
      try {
        const open = [decipher.update(bytes.subarray(NONCE_BYTES, textAt)), decipher.final()]
        return Buffer.concat(open).toString()
      } catch {
        throw invalid()
      }
    },
  }
}

function boundTo(list: string, agent: string): Buffer {
  return Buffer.from(JSON.stringify(['cursor', list, agent]))
}

function invalid(): TelltaleError {
  return new TelltaleError('CURSOR_INVALID', {})
}
