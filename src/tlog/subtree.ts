/** Subtrees: draft-ietf-plants-merkle-tree-certs, section 4. A tree of n entries is the one from 0
 * up to n. */

/** Whether the entries from `start` up to `end`, that one not included, are a subtree: what a tree
 * of `end - start` entries would be stands at `start` in every larger tree. */
export function isSubtree(start: number, end: number): boolean {
  if (!isCount(start) || !isCount(end) || start >= end) return false
  return start % 2 ** bitLength(end - start - 1) === 0
}

/** Whether this can be a number of entries, or the index of one. */
export function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

/** How many bits it takes to write a number up to 2^53 - 1: exact, as `Math.log2` is not. */
export function bitLength(value: number): number {
  const high = Math.floor(value / 2 ** 32)
  return high > 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(value)
}

/** Where RFC 6962 divides the subtree from `start` up to `end`, of two entries or more: its left
 * part has the largest power of two below its size. */
export function middleOf(start: number, end: number): number {
  return start + 2 ** (bitLength(end - start - 1) - 1)
}
