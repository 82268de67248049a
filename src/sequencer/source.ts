/** Reading a log's files, wherever they are: a folder, or a server of tlog-tiles. */
import { TelltaleError } from '../base/errors.ts'
import type { Edge } from '../tlog/edge.ts'
import { HASH_BYTES } from '../tlog/hash.ts'
import type { HashTile, ReadTile } from '../tlog/plan.ts'
import { partialWidth, TILE_LEVELS, TILE_WIDTH, type TileName, tilePath } from '../tlog/tile.ts'

/** Where a log's files are read from, by their path below the log's folder. */
export interface LogSource {
  /** The whole file; null where there is none. */
  read(path: string): Promise<Buffer | null>
}

/** A tree's size and root, as a checkpoint states them. */
export interface TreeHead {
  readonly size: number
  readonly root: Buffer
}

/** How wide the tile or bundle of this level and index is in a tree of `size` entries. */
export function widthIn(size: number, level: TileName['level'], index: number): number {
  const at = level === 'entries' ? 0 : level
  const hashes = Math.floor(size / TILE_WIDTH ** at)
  return Math.min(TILE_WIDTH, Math.max(0, hashes - index * TILE_WIDTH))
}

/** A tile or bundle as it stands in its file. */
export interface TileFile {
  readonly path: string
  /** How many hashes or entries the file has to hold: not fewer than the tree has there. */
  readonly width: number
  readonly bytes: Buffer
}

/** Reads the file that a tree of `size` has for a tile or bundle: where the partial one is gone, the
 * full one is there. Throws LOG_INCOMPLETE. */
export async function readTileFile(
  source: LogSource,
  size: number,
  level: TileName['level'],
  index: number,
): Promise<TileFile> {
  const width = widthIn(size, level, index)
  for (const one of new Set([width, TILE_WIDTH])) {
    const path = tilePath({ level, index, width: one })
    const bytes = await source.read(path)
    if (bytes !== null) return { path, width: one, bytes }
  }
  throw new TelltaleError('LOG_INCOMPLETE', { path: tilePath({ level, index, width }) })
}

/** Reads a tile as a tree of `size` has it, or the bundle from the same entries on, maybe with more
 * behind them. Throws LOG_INCOMPLETE, LOG_DAMAGED where a tile has another length than its name
 * says. */
export async function readTile(
  source: LogSource,
  size: number,
  level: TileName['level'],
  index: number,
): Promise<Buffer> {
  const { path, width, bytes } = await readTileFile(source, size, level, index)
  if (level === 'entries') return bytes
  if (bytes.length !== width * HASH_BYTES) {
    const problem = `${path} has ${bytes.length} bytes, not ${width * HASH_BYTES}`
    throw new TelltaleError('LOG_DAMAGED', { problem })
  }
  return bytes.subarray(0, widthIn(size, level, index) * HASH_BYTES)
}

/** The edge of the tree of the first `size` entries, out of the tiles of one of `total` entries. */
export function edgeAt(source: LogSource, size: number, total: number): Promise<Edge> {
  return edgeOf(size, ({ level, index }) => readTile(source, total, level, index))
}

/** The edge of a tree of `size` entries; `read` gives at least the hashes of each tile asked for. */
export async function edgeOf(
  size: number,
  read: (tile: HashTile) => Promise<Buffer>,
): Promise<Edge> {
  const tiles: Buffer[] = []
  for (let level = 0; level < TILE_LEVELS; level++) {
    const width = partialWidth(size, level)
    const index = Math.floor(size / TILE_WIDTH ** (level + 1))
    const tile = width === 0 ? Buffer.alloc(0) : await read({ level, index, width })
    tiles.push(tile.subarray(0, width * HASH_BYTES))
  }
  return { size, tiles }
}

/** Reads the tiles of a tree of `size` entries, as proofs ask for them. */
export function tilesOf(source: LogSource, size: number): ReadTile {
  return ({ level, index }) => readTile(source, size, level, index)
}
