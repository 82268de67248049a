/** Tiles and bundles and where they stand: C2SP tlog-tiles, docs/formats.md section 3. */
import { HASH_BYTES, nodeHashInto } from './hash.ts'

/** Hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 256
/** Levels of binary tree in one level of tiles. */
export const TILE_HEIGHT = 8
/** Bytes of a full tile. */
export const TILE_BYTES = TILE_WIDTH * HASH_BYTES
/** No tree within 2^53 entries has more levels of tiles. */
export const TILE_LEVELS = 7

/** Which tile: `level` from 0, or `entries` for a bundle; `width` 256 when full. */
export interface TileName {
  readonly level: number | 'entries'
  readonly index: number
  readonly width: number
}

/** The path of a tile or bundle below the log's folder, such as `tile/1/x001/x234/067.p/17`. */
export function tilePath({ level, index, width }: TileName): string {
  const groups = [String(index % 1000).padStart(3, '0')]
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`)
  }
  const partial = width === TILE_WIDTH ? '' : `.p/${width}`
  return `tile/${level}/${groups.join('/')}${partial}`
}

const PATH =
  /^tile\/(entries|[0-9]|[1-5][0-9]|6[0-3])\/((?:x[0-9]{3}\/)*)([0-9]{3})(?:\.p\/([1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5]))?$/

/** Reads a path that `tilePath` would write; null for every other. */
export function parseTilePath(path: string): TileName | null {
  const match = PATH.exec(path)
  if (match === null) return null
  const [, level, high, low, width] = match
  const name = {
    level: level === 'entries' ? ('entries' as const) : Number(level),
    index: Number(high.replaceAll(/[x/]/g, '') + low),
    width: width === undefined ? TILE_WIDTH : Number(width),
  }
  return Number.isSafeInteger(name.index) && tilePath(name) === path ? name : null
}

/** How wide the partial tile at this level of a tree of `size` is; 0 where there is none. */
export function partialWidth(size: number, level: number): number {
  return Math.floor(size / TILE_WIDTH ** level) % TILE_WIDTH
}

/** The root over `count` hashes, a power of two up to 256, that stand side by side in `hashes`
 * from hash `first` on. */
export function subtreeRoot(hashes: Buffer, first: number, count: number): Buffer {
  const work = Buffer.allocUnsafe(Math.max(count, 2) * HASH_BYTES)
  hashes.copy(work, 0, first * HASH_BYTES, (first + count) * HASH_BYTES)
  for (let width = count; width > 1; width /= 2) {
    for (let i = 0; i < width; i += 2) nodeHashInto(work, i * HASH_BYTES, work, i * 16)
  }
  return work.subarray(0, HASH_BYTES)
}
