import { leafHash, nodeHash, sha256 } from '../../src/tlog/hash.ts'
import type { HashTile, ReadTile } from '../../src/tlog/plan.ts'

/** The leaf hashes of entries that are made up, the same each time. */
export function leavesOf(size: number): Buffer[] {
  return Array.from({ length: size }, (_, i) => leafHash(Buffer.from(`entry ${i}`)))
}

/** MTH of RFC 6962, section 2.1, as it is written there. */
export function naiveRoot(leaves: readonly Buffer[]): Buffer {
  const n = leaves.length
  if (n === 0) return sha256(Buffer.alloc(0))
  if (n === 1) return leaves[0]
  const k = naiveSplit(n)
  return nodeHash(naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)))
}

function naiveSplit(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

/** PATH of RFC 6962, section 2.1.1. */
export function naivePath(m: number, leaves: readonly Buffer[]): Buffer[] {
  const n = leaves.length
  if (n === 1) return []
  const k = naiveSplit(n)
  return m < k
    ? [...naivePath(m, leaves.slice(0, k)), naiveRoot(leaves.slice(k))]
    : [...naivePath(m - k, leaves.slice(k)), naiveRoot(leaves.slice(0, k))]
}

/** SUBPROOF of RFC 6962, section 2.1.2. */
export function naiveConsistency(m: number, leaves: readonly Buffer[], known = true): Buffer[] {
  const n = leaves.length
  if (m === n) return known ? [] : [naiveRoot(leaves)]
  const k = naiveSplit(n)
  return m <= k
    ? [...naiveConsistency(m, leaves.slice(0, k), known), naiveRoot(leaves.slice(k))]
    : [...naiveConsistency(m - k, leaves.slice(k), false), naiveRoot(leaves.slice(0, k))]
}

/** Reads tiles of the tree over these leaves, each hash as the specification defines it. */
export function tilesOf(leaves: readonly Buffer[]): ReadTile & { reads: HashTile[] } {
  const tiles = new Map<string, Buffer>()
  const hashOf = (level: number, at: number) =>
    naiveRoot(leaves.slice(at * 256 ** level, (at + 1) * 256 ** level))
  const reads: HashTile[] = []
  const read = async (tile: HashTile) => {
    reads.push(tile)
    const { level, index, width } = tile
    const end = (index * 256 + width) * 256 ** level
    if (width < 1 || width > 256 || end > leaves.length) throw new Error('no such tile')
    const key = `${level} ${index} ${width}`
    const hashes = () => Array.from({ length: width }, (_, i) => hashOf(level, index * 256 + i))
    const bytes = tiles.get(key) ?? Buffer.concat(hashes())
    tiles.set(key, bytes)
    return bytes
  }
  return Object.assign(read, { reads })
}
