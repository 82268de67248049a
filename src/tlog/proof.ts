/**
 * Checking proofs: RFC 9162 section 2.1, draft-ietf-plants-merkle-tree-certs section 4. Sizes and
 * indexes go beyond 32 bits, so bits are taken by division.
 */
import { TelltaleError } from '../base/errors.ts'
import { EMPTY_ROOT, HASH_BYTES, nodeHash } from './hash.ts'
import { isCount, isSubtree } from './subtree.ts'

type Hash = Uint8Array

/** Checks that `leaf` is the leaf hash of entry `index` of the tree of `size` entries under `root`.
 * Throws `PROOF_INVALID` where the proof does not show it. */
export function verifyInclusion(claim: {
  readonly index: number
  readonly size: number
  readonly leaf: Hash
  readonly root: Hash
  readonly proof: readonly Hash[]
}): void {
  const { index, size, leaf, root, proof } = claim
  verifySubtreeInclusion({ index, start: 0, end: size, leaf, root, proof })
}

/** Checks that `leaf` is the leaf hash of entry `index` of the subtree from `start` up to `end`,
 * that one not included, under `root`. Throws `PROOF_INVALID` where the proof does not show it. */
export function verifySubtreeInclusion(claim: {
  readonly index: number
  readonly start: number
  readonly end: number
  readonly leaf: Hash
  readonly root: Hash
  readonly proof: readonly Hash[]
}): void {
  const { index, start, end, leaf, root, proof } = claim
  checkHashes(leaf, root, proof)
  check(isSubtree(start, end), 'there is no such subtree')
  check(isCount(index) && index >= start && index < end, 'its index is not in the tree')
  let place = index - start
  let last = end - start - 1
  let hash = leaf
  for (const sibling of proof) {
    check(last > 0, 'it is too long')
    if (isOdd(place) || place === last) {
      hash = nodeHash(sibling, hash)
      while (!isOdd(place) && place > 0) {
        place /= 2
        last = half(last)
      }
    } else {
      hash = nodeHash(hash, sibling)
    }
    place = half(place)
    last = half(last)
  }
  check(last === 0, 'it is too short')
  check(equal(hash, root), 'it leads to another root')
}

/** Checks that the tree of `from` entries, one at least, under `oldRoot` is the beginning of the one
 * of `to` entries under `newRoot`. Throws `PROOF_INVALID` where the proof does not show it, and
 * where `from` is 0: every tree begins with the empty one, so that nothing is to be shown. */
export function verifyConsistency(claim: {
  readonly from: number
  readonly to: number
  readonly oldRoot: Hash
  readonly newRoot: Hash
  readonly proof: readonly Hash[]
}): void {
  const { from, to, oldRoot, newRoot, proof } = claim
  check(from !== 0, 'every tree begins with the empty one')
  verifySubtree({ start: 0, end: from, size: to, subtreeRoot: oldRoot, root: newRoot, proof })
}

/** Checks that the subtree from `start` up to `end`, that one not included, under `subtreeRoot` is
 * part of the tree of `size` entries under `root`; an empty one is part of any. Throws
 * `PROOF_INVALID` where the proof does not show it. */
export function verifySubtree(claim: {
  readonly start: number
  readonly end: number
  readonly size: number
  readonly subtreeRoot: Hash
  readonly root: Hash
  readonly proof: readonly Hash[]
}): void {
  const { start, end, size, subtreeRoot, root, proof } = claim
  check(isCount(size) && end <= size, 'the tree is smaller than its part')
  if (start === end) {
    check(isCount(start) && proof.length === 0, 'it is too long')
    check(equal(subtreeRoot, EMPTY_ROOT), 'its part is empty, but its root is not')
    return
  }
  check(isSubtree(start, end), 'there is no such subtree')
  if (start === 0 && end === size) {
    check(proof.length === 0, 'it is too long')
    check(equal(subtreeRoot, root), 'its roots differ')
    return
  }
  checkHashes(subtreeRoot, root, proof)
  let first = start
  let last = end - 1
  let treeLast = size - 1
  const up = () => {
    first = half(first)
    last = half(last)
    treeLast = half(treeLast)
  }
  // Up to the largest whole part that ends the subtree. The proof starts with that part's hash,
  // unless it is the subtree itself.
  const isEdge = last === treeLast
  while (first !== last && (isEdge || isOdd(last))) up()
  const isWhole = first === last
  check(isWhole || proof.length > 0, 'it is too short')
  let inner = isWhole ? subtreeRoot : proof[0]
  let outer = inner
  for (const sibling of isWhole ? proof : proof.slice(1)) {
    check(treeLast > 0, 'it is too long')
    if (isOdd(last) || last === treeLast) {
      if (first < last) inner = nodeHash(sibling, inner)
      outer = nodeHash(sibling, outer)
      while (!isOdd(last) && last > 0) up()
    } else {
      outer = nodeHash(outer, sibling)
    }
    up()
  }
  check(treeLast === 0, 'it is too short')
  check(equal(inner, subtreeRoot), 'it leads to another root of the smaller tree')
  check(equal(outer, root), 'it leads to another root')
}

/** Hashes come from outside: each must be one before any is hashed. */
function checkHashes(smaller: Hash, root: Hash, proof: readonly Hash[]): void {
  for (const hash of [smaller, root, ...proof]) {
    check(hash.length === HASH_BYTES, 'a hash does not have 32 bytes')
  }
}

function check(holds: boolean, problem: string): void {
  if (!holds) throw new TelltaleError('PROOF_INVALID', { problem })
}

function equal(a: Hash, b: Hash): boolean {
  return Buffer.compare(a, b) === 0
}

function isOdd(value: number): boolean {
  return value % 2 === 1
}

function half(value: number): number {
  return Math.floor(value / 2)
}
