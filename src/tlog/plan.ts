/**
 * Which hashes make a proof, and which tiles hold them: RFC 6962 section 2.1, and for subtrees
 * draft-ietf-plants-merkle-tree-certs section 4. Whoever can read tiles can prove.
 */
import { TelltaleError } from '../base/errors.ts'
import { EMPTY_ROOT, HASH_BYTES, nodeHash } from './hash.ts'
import { bitLength, isCount, isSubtree, middleOf } from './subtree.ts'
import { subtreeRoot, TILE_HEIGHT, TILE_WIDTH, tilePath } from './tile.ts'

/** The root over the entries `index * 2^level .. (index + 1) * 2^level`. */
export interface Coordinate {
  readonly level: number
  readonly index: number
}

/** Neighbours, largest first, that fold into one hash: the root over all their entries. */
export type Group = readonly Coordinate[]

/** A tile of hashes. */
export interface HashTile {
  readonly level: number
  readonly index: number
  readonly width: number
}

/** Where a hash comes from: the root over `count` hashes of a tile from hash `first` on. */
export interface Location {
  readonly tile: HashTile
  readonly first: number
  readonly count: number
}

/** The hashes of a tile, side by side: at least as many as its `width`. */
export type ReadTile = (tile: HashTile) => Promise<Buffer>

/** What folds into the root over the entries from `start` up to `end`, that one not included. */
export function planRoot(start: number, end: number): Group {
  const group: Coordinate[] = []
  for (let at = start; at < end; ) {
    const level = bitLength(end - at) - 1
    group.push({ level, index: at / 2 ** level })
    at += 2 ** level
  }
  return group
}

/** The inclusion proof of an entry in the subtree from `start` up to `end`: from the leaf's
 * sibling up. Throws `PROOF_INVALID` where there is none. */
export function planInclusion(index: number, start: number, end: number): Group[] {
  if (!isSubtree(start, end) || !(isCount(index) && index >= start && index < end)) {
    throw invalid('there is no such entry')
  }
  const groups: Group[] = []
  for (let [from, to] = [start, end]; to - from > 1; ) {
    const middle = middleOf(from, to)
    groups.unshift(index < middle ? planRoot(middle, to) : planRoot(from, middle))
    if (index < middle) to = middle
    else from = middle
  }
  return groups
}

/** The proof that the subtree from `start` up to `end` is one of the tree of `size` entries; with
 * `start` 0, a consistency proof. Throws `PROOF_INVALID` where there is none. */
export function planConsistency(start: number, end: number, size: number): Group[] {
  if (!isCount(size) || !(end <= size)) throw invalid('the tree is smaller than its part')
  if (start === 0 && end === 0) return []
  if (!isSubtree(start, end)) throw invalid('there is no such subtree')
  return consistency(start, end, 0, size, true)
}

/** `SUBTREE_SUBPROOF` of the draft, within the entries from `from` up to `to`; `isKnown`: whoever
 * checks the proof has the hash of exactly the entries from `start` up to `end`. */
function consistency(
  start: number,
  end: number,
  from: number,
  to: number,
  isKnown: boolean,
): Group[] {
  if (start === from && end === to) return isKnown ? [] : [planRoot(from, to)]
  const middle = middleOf(from, to)
  if (end <= middle) {
    return [...consistency(start, end, from, middle, isKnown), planRoot(middle, to)]
  }
  const isRight = start >= middle
  const rest = consistency(isRight ? start : middle, end, middle, to, isRight && isKnown)
  return [...rest, planRoot(from, middle)]
}

/** Where the hash at this coordinate comes from in the tiles of a tree of `size` entries. */
export function locate({ level, index }: Coordinate, size: number): Location {
  const tileLevel = Math.floor(level / TILE_HEIGHT)
  const count = 2 ** (level % TILE_HEIGHT)
  const tileIndex = Math.floor((index * count) / TILE_WIDTH)
  const hashes = Math.floor(size / TILE_WIDTH ** tileLevel) - tileIndex * TILE_WIDTH
  return {
    tile: { level: tileLevel, index: tileIndex, width: Math.min(hashes, TILE_WIDTH) },
    first: (index * count) % TILE_WIDTH,
    count,
  }
}

/** Reads what a plan needs of the tiles of a tree of `size` entries, each tile once, and folds each
 * group into its hash. Throws `PROOF_INVALID` where a tile is too short. */
export async function foldPlan(
  groups: readonly Group[],
  size: number,
  readTile: ReadTile,
): Promise<Buffer[]> {
  const tiles = new Map<string, HashTile>()
  for (const { tile } of groups.flat().map((one) => locate(one, size))) {
    tiles.set(tilePath(tile), tile)
  }
  const read = async ([path, tile]: [string, HashTile]) => {
    const bytes = await readTile(tile)
    if (bytes.length < tile.width * HASH_BYTES) throw invalid(`${path} is too short`)
    return [path, bytes] as const
  }
  const contents = new Map(await Promise.all([...tiles].map(read)))
  return groups.map((group) =>
    group
      .map((coordinate) => {
        const { tile, first, count } = locate(coordinate, size)
        return subtreeRoot(contents.get(tilePath(tile)) as Buffer, first, count)
      })
      .reduceRight((right, left) => nodeHash(left, right)),
  )
}

/** The root over the first `size` entries of a tree of `treeSize`, whose tiles are read. Throws
 * `PROOF_INVALID` and what `readTile` throws. */
export async function rootAt(size: number, treeSize: number, readTile: ReadTile): Promise<Buffer> {
  if (!isCount(size) || !isCount(treeSize) || size > treeSize)
    throw invalid('there is no such tree')
  if (size === 0) return EMPTY_ROOT
  const [root] = await foldPlan([planRoot(0, size)], treeSize, readTile)
  return root
}

/** The inclusion proof of an entry in a tree. Throws `PROOF_INVALID` and what `readTile` throws. */
export async function proveInclusion(
  index: number,
  size: number,
  readTile: ReadTile,
): Promise<Buffer[]> {
  return foldPlan(planInclusion(index, 0, size), size, readTile)
}

/** The consistency proof from a tree of `from` entries to one of `to`, whose tiles are read.
 * Throws `PROOF_INVALID` and what `readTile` throws. */
export async function proveConsistency(
  from: number,
  to: number,
  readTile: ReadTile,
): Promise<Buffer[]> {
  return foldPlan(planConsistency(0, from, to), to, readTile)
}

function invalid(problem: string) {
  return new TelltaleError('PROOF_INVALID', { problem })
}
