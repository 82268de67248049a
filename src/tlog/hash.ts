/** Hashing of the Merkle tree: RFC 6962, section 2.1, with SHA-256. */
import { hash } from 'node:crypto'
import { ENTRY_BYTES_MAX } from '../base/limits.ts'

/** Length of every hash in bytes. */
export const HASH_BYTES = 32

// One-shot hashing into a text of one character a byte is four times as fast as any way that allocates a buffer, and
// a leaf's prefix byte must stand right before its bytes: hence the scratch space, used within one
// call only.
const leafScratch = Buffer.alloc(1 + ENTRY_BYTES_MAX)
const nodeScratch = Buffer.alloc(1 + 2 * HASH_BYTES, 1)

/** The root of the tree without entries. */
export const EMPTY_ROOT: Buffer = sha256(Buffer.alloc(0))

/** SHA-256 of these bytes, 32 bytes long. */
export function sha256(bytes: Uint8Array | string): Buffer {
  return Buffer.from(hash('sha256', bytes, 'binary'), 'latin1')
}

/** Writes the leaf hash of `entry`, `SHA-256(0x00 || entry)`, to `out` at `at`. */
export function leafHashInto(entry: Uint8Array, out: Buffer, at: number): void {
  leafScratch.set(entry, 1)
  const bytes = leafScratch.subarray(0, 1 + entry.length)
  out.write(hash('sha256', bytes, 'binary'), at, HASH_BYTES, 'latin1')
}

/** The leaf hash of an entry. */
export function leafHash(entry: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(HASH_BYTES)
  leafHashInto(entry, out, 0)
  return out
}

/** Writes the hash of an inner node, `SHA-256(0x01 || left || right)`, to `out` at `at`; its
 * children stand side by side in `pairs` at `from`. `out` may be `pairs` itself. */
export function nodeHashInto(pairs: Buffer, from: number, out: Buffer, at: number): void {
  pairs.copy(nodeScratch, 1, from, from + 2 * HASH_BYTES)
  out.write(hash('sha256', nodeScratch, 'binary'), at, HASH_BYTES, 'latin1')
}

/** The hash of the inner node above these two. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  nodeScratch.set(left, 1)
  nodeScratch.set(right, 1 + HASH_BYTES)
  return Buffer.from(hash('sha256', nodeScratch, 'binary'), 'latin1')
}
