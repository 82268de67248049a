/**
 * From durable batches to the files that readers see: bundles of entries and tiles of hashes.
 * What is in a file depends on the entries alone, so writing it again after a crash changes
 * nothing.
 */
import { type Edge, growFrom, partialTiles, type Tile } from '../tlog/edge.ts'
import { HASH_BYTES, leafHashInto } from '../tlog/hash.ts'
import { TILE_WIDTH, type TileName, tilePath } from '../tlog/tile.ts'
import { type Disk, folderOf } from './disk.ts'
import type { Batch } from './frames.ts'

/** Where a tree stands, and the bundle that is not full yet, as a bundle spells it. */
export interface TilingStart {
  readonly edge: Edge
  readonly bundle: Buffer
}

/** Writes tiles and bundles. One call at a time. */
export interface Tiling {
  size(): number
  edge(): Edge
  /** Writes the bundles and tiles that this batch makes full. */
  take(batch: Batch): Promise<void>
  /** Writes those that are not full, so that a checkpoint of `size()` can be published. */
  flush(): Promise<void>
  /** Has all files written so far on the disk when it returns, and removes partial ones that full
   * ones replace. */
  settle(): Promise<void>
}

/** `isAgain`: files may be there already, whole or torn, from before a crash. */
export function createTiling(disk: Disk, start: TilingStart, isAgain: boolean): Tiling {
  const growing = growFrom(start.edge)
  let bundle: Buffer[] = [start.bundle]
  let unsettled: string[] = []
  let replaced: string[] = []
  const partial = new Map<string, number>()

  async function write(name: TileName, bytes: Buffer): Promise<void> {
    const path = tilePath(name)
    // A reader may have a published file open: what is right already is not touched.
    const isThere = isAgain && (await disk.read(path))?.equals(bytes) === true
    if (!isThere) await disk.write(path, bytes)
    unsettled.push(path)
    if (name.width < TILE_WIDTH) return
    const full = tilePath(name)
    if (isAgain || partial.delete(full)) replaced.push(`${full}.p`)
  }

  async function writePartial(name: TileName, bytes: Buffer): Promise<void> {
    const full = tilePath({ ...name, width: TILE_WIDTH })
    if (partial.get(full) === name.width) return
    partial.set(full, name.width)
    if (isAgain) await sweep(`${full}.p`, name.width)
    await write(name, bytes)
  }

  /** Partial files wider than the tree never belonged to a checkpoint and may be torn. */
  async function sweep(folder: string, width: number): Promise<void> {
    const names = await disk.list(folder)
    for (const one of names) if (Number(one) > width) await disk.remove(`${folder}/${one}`)
  }

  async function take(batch: Batch): Promise<void> {
    const { leaves, bundles, rest } = divide(batch, growing.size(), bundle)
    bundle = rest
    const tiles: Tile[] = []
    growing.grow(leaves, (tile) => tiles.push(tile))
    await Promise.all([...bundles, ...tiles].map((one) => write(one, one.bytes)))
  }

  async function flush(): Promise<void> {
    const size = growing.size()
    const width = size % TILE_WIDTH
    const tiles = partialTiles(growing.edge()).map((tile) => writePartial(tile, tile.bytes))
    if (width > 0) {
      bundle = [Buffer.concat(bundle)]
      const index = Math.floor(size / TILE_WIDTH)
      tiles.push(writePartial({ level: 'entries', index, width }, bundle[0]))
    }
    await Promise.all(tiles)
  }

  async function settle(): Promise<void> {
    const [paths, gone] = [unsettled, replaced]
    unsettled = []
    replaced = []
    const folders = new Set<string>()
    for (const path of paths) {
      await disk.syncFile(path)
      for (let folder = folderOf(path); ; folder = folderOf(folder)) {
        if (folders.has(folder)) break
        folders.add(folder)
        if (folder === '') break
      }
    }
    for (const folder of folders) await disk.syncFolder(folder)
    for (const folder of gone) await disk.remove(folder)
  }

  return { size: growing.size, edge: growing.edge, take, flush, settle }
}

/** A file of a tree, and what is in it. */
interface TileFile extends TileName {
  readonly bytes: Buffer
}

/** A batch that follows `before` entries, as leaf hashes and full bundles; `begun` and `rest` are the
 * parts of the bundle that is not full before and after it. */
function divide({ payload, count }: Batch, before: number, begun: readonly Buffer[]) {
  const leaves = Buffer.allocUnsafe(count * HASH_BYTES)
  const bundles: TileFile[] = []
  let rest = [...begun]
  let from = 0
  let at = 0
  for (let i = 0; i < count; i++) {
    const end = at + 2 + payload.readUInt16BE(at)
    leafHashInto(payload.subarray(at + 2, end), leaves, i * HASH_BYTES)
    at = end
    if ((before + i + 1) % TILE_WIDTH !== 0) continue
    const index = Math.floor((before + i) / TILE_WIDTH)
    const bytes = Buffer.concat([...rest, payload.subarray(from, at)])
    bundles.push({ level: 'entries', index, width: TILE_WIDTH, bytes })
    rest = []
    from = at
  }
  if (from < at) rest.push(payload.subarray(from, at))
  return { leaves, bundles, rest }
}
