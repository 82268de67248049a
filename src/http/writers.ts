/** Who may append, by their tokens' hashes: docs/formats.md, section 8. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Writers } from './append.ts'

/** A writer as the keys folder lists it. */
export interface Writer {
  readonly name: string
  /** SHA-256 of the token, hex. */
  readonly sha256: string
}

/** Looks tokens up among these writers. Compares every hash to its end, so that the time taken says
 * nothing about any. */
export function writersOf(list: readonly Writer[]): Writers {
  const known = list.map(({ name, sha256 }) => ({ name, hash: Buffer.from(sha256, 'hex') }))
  return {
    nameOf: (token) => {
      const hash = createHash('sha256').update(token).digest()
      let found: string | null = null
      for (const one of known) {
        if (one.hash.length === hash.length && timingSafeEqual(one.hash, hash)) found = one.name
      }
      return found
    },
  }
}
