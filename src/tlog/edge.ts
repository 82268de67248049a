/**
 * The right edge of a growing tree: of each level of tiles, the hashes of the tile that is not full
 * yet. All that is needed to take further entries and to know the root, whatever the tree's size.
 */
import { EMPTY_ROOT, HASH_BYTES, nodeHash } from './hash.ts'
import {
  partialWidth,
  subtreeRoot,
  TILE_BYTES,
  TILE_LEVELS,
  TILE_WIDTH,
  type TileName,
} from './tile.ts'

/** A tree of `size` entries by its right edge. */
export interface Edge {
  readonly size: number
  /** By level; of each only the first `partialWidth(size, level)` hashes mean something. */
  readonly tiles: readonly Buffer[]
}

/** A tile with its hashes. */
export interface Tile extends TileName {
  readonly bytes: Buffer
}

/** An edge that can be grown in place; `edgeOf` says what it stands at. */
export interface Growing {
  /** Entries so far. */
  size(): number
  /** Takes the leaf hashes side by side in `leaves`; tiles that become full go to `onFull`. */
  grow(leaves: Buffer, onFull: (tile: Tile) => void): void
  /** A copy of the edge as it is now. */
  edge(): Edge
}

/** The edge of the tree without entries. */
export const EMPTY_EDGE: Edge = { size: 0, tiles: [] }

/** Grows a tree from an edge, which is left as it is. */
export function growFrom(start: Edge): Growing {
  let size = start.size
  const tiles = Array.from({ length: TILE_LEVELS }, (_, level) => {
    const tile = Buffer.alloc(TILE_BYTES)
    start.tiles[level]?.copy(tile)
    return tile
  })

  /** `count` counts the hashes of this level so far, the new one not included. */
  function push(level: number, count: number, hash: Buffer, onFull: (tile: Tile) => void) {
    const place = count % TILE_WIDTH
    hash.copy(tiles[level], place * HASH_BYTES)
    if (place !== TILE_WIDTH - 1) return
    const bytes = Buffer.from(tiles[level])
    const index = Math.floor(count / TILE_WIDTH)
    onFull({ level, index, width: TILE_WIDTH, bytes })
    if (level + 1 < TILE_LEVELS) push(level + 1, index, subtreeRoot(bytes, 0, TILE_WIDTH), onFull)
  }

  return {
    size: () => size,
    grow: (leaves, onFull) => {
      for (let at = 0; at < leaves.length; at += HASH_BYTES) {
        push(0, size, leaves.subarray(at, at + HASH_BYTES), onFull)
        size++
      }
    },
    edge: () => ({ size, tiles: tiles.map((tile) => Buffer.from(tile)) }),
  }
}

/** The root of the tree that ends in this edge. */
export function rootOf({ size, tiles }: Edge): Buffer {
  let root: Buffer | null = null
  for (let level = 0; level < tiles.length; level++) {
    const width = partialWidth(size, level)
    let end = width
    // From the smallest complete subtree, at the right, to the largest.
    for (let count = 1; count <= width; count *= 2) {
      if ((width & count) === 0) continue
      const left = subtreeRoot(tiles[level], end - count, count)
      root = root === null ? left : nodeHash(left, root)
      end -= count
    }
  }
  return root ?? EMPTY_ROOT
}

/** The tiles that are not full at this edge. */
export function partialTiles({ size, tiles }: Edge): Tile[] {
  return tiles.flatMap((tile, level) => {
    const width = partialWidth(size, level)
    if (width === 0) return []
    const index = Math.floor(size / TILE_WIDTH ** (level + 1))
    return [{ level, index, width, bytes: tile.subarray(0, width * HASH_BYTES) }]
  })
}
