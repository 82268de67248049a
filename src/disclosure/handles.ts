/**
 * Handles: what a search gives instead of a customer's key. Sealed, so that nobody reads a key out of
 * one, makes one up, or uses another's: it opens only for the agent and session that it was made for.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { HANDLE_LIFE_MS } from '../base/desk-limits.ts'
import { TelltaleError } from '../base/errors.ts'
import type { Caller } from '../guard/facts.ts'

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16
const TIME_BYTES = 6
/** Handles of keys of any usual length are alike. */
const BLOCK_BYTES = 64

/** Makes and opens handles. */
export interface Handles {
  seal(caller: Caller, customer: string, atMs: number): string
  /** The customer's key; throws HANDLE_ENDED, whatever is wrong with it. */
  open(caller: Caller, handle: string, atMs: number): string
}

/** `key`: 32 bytes, the same for all desks of one store. */
export function createHandles(key: Uint8Array): Handles {
  return {
    seal: (caller, customer, atMs) => {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(CIPHER, key, nonce).setAAD(boundTo(caller))
      const text = plain(customer, atMs + HANDLE_LIFE_MS)
      return Buffer.concat([
        nonce,
        cipher.update(text),
        cipher.final(),
        cipher.getAuthTag(),
      ]).toString('base64url')
    },

    open: (caller, handle, atMs) => {
      const sealed = Buffer.from(handle, 'base64url')
      const tagAt = sealed.length - TAG_BYTES
      const isWhole = tagAt >= NONCE_BYTES + TIME_BYTES && sealed.toString('base64url') === handle
      if (!isWhole) throw ended()
      const nonce = sealed.subarray(0, NONCE_BYTES)
      const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
      decipher.setAAD(boundTo(caller)).setAuthTag(sealed.subarray(tagAt))
      let text: Buffer
      try {
        text = Buffer.concat([
          decipher.update(sealed.subarray(NONCE_BYTES, tagAt)),
          decipher.final(),
        ])
      } catch {
        throw ended()
      }
      if (text.readUIntBE(0, TIME_BYTES) <= atMs) throw ended()
      const keyed = text.subarray(TIME_BYTES).toString()
      return keyed.slice(0, keyed.indexOf('\0'))
    },
  }
}

/** Until when, the key, and zeros to the full block. No key holds a zero: no database stores one. */
function plain(customer: string, untilMs: number): Buffer {
  const key = Buffer.from(`${customer}\0`)
  const bytes = Buffer.alloc(Math.ceil((TIME_BYTES + key.length) / BLOCK_BYTES) * BLOCK_BYTES)
  bytes.writeUIntBE(untilMs, 0, TIME_BYTES)
  key.copy(bytes, TIME_BYTES)
  return bytes
}

function boundTo({ agent, session }: Caller): Buffer {
  return Buffer.from(JSON.stringify(['handle', agent.id, session.id]))
}

function ended(): TelltaleError {
  return new TelltaleError('HANDLE_ENDED', {})
}
