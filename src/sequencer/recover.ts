/** What a start after any end finds out: which entries are durable, and where the tree stands. */
import { TelltaleError } from '../base/errors.ts'
import type { Edge } from '../tlog/edge.ts'
import { HASH_BYTES, leafHash } from '../tlog/hash.ts'
import { rootAt } from '../tlog/plan.ts'
import { TILE_WIDTH, type TileName, tilePath } from '../tlog/tile.ts'
import type { Disk } from './disk.ts'
import { type Batch, entriesOf, spell } from './frames.ts'
import { readJournal } from './journal.ts'
import { edgeOf, type TreeHead, tilesOf } from './source.ts'
import { createTiling, type Tiling } from './tiling.ts'

/** A log as recovered: every durable entry is in tiles that are on the disk. */
export interface Recovered {
  readonly tiling: Tiling
  /** Entries that were durable, but in no checkpoint. */
  readonly recovered: number
  /** Bytes of a frame that a crash cut off; it was never acknowledged. */
  readonly tornBytes: number
}

/** Nothing is signed that whoever verifies the log would refuse: somebody wrote it past `append`. */
function checkUnpublished(batch: Batch, published: number, isEntry: (bytes: Buffer) => boolean) {
  for (const [i, entry] of (entriesOf(batch.payload) ?? []).entries()) {
    const index = batch.first + i
    if (index < published || isEntry(entry)) continue
    throw new TelltaleError('JOURNAL_DAMAGED', { problem: `entry ${index} in it is none` })
  }
}

/** Reads the journal again and brings the tiles up to it. `published` and `signed` are the newest
 * tree heads of each kind: the log must hold both. `isEntry` says whether bytes are an entry. Throws
 * JOURNAL_DAMAGED, LOG_DAMAGED, LOG_INCOMPLETE, LOG_ROLLED_BACK. */
export async function recover(
  disk: Disk,
  origin: string,
  published: TreeHead,
  signed: TreeHead,
  isEntry: (bytes: Buffer) => boolean,
): Promise<Recovered> {
  const journal = await readJournal(disk, origin)
  for (const batch of journal.batches) checkUnpublished(batch, published.size, isEntry)
  const edge = await settledEdge(disk, journal.first)
  const bundle = await settledBundle(disk, edge)
  const tiling = createTiling(disk, { edge, bundle }, true)
  for (const batch of journal.batches) await tiling.take(batch)
  await tiling.flush()
  const size = tiling.size()
  await holdsHead(disk, size, published)
  await holdsHead(disk, size, signed)
  await tiling.settle()
  return { tiling, recovered: size - published.size, tornBytes: journal.tornBytes }
}

async function holdsHead(disk: Disk, size: number, head: TreeHead): Promise<void> {
  if (head.size > size) throw new TelltaleError('LOG_ROLLED_BACK', { signed: head.size, size })
  const root = await rootAt(head.size, size, tilesOf(disk, size))
  if (!root.equals(head.root)) {
    const problem = `its first ${head.size} entries are not those that were signed`
    throw new TelltaleError('LOG_DAMAGED', { problem })
  }
}

/** The edge of the tree where the journal begins. Its tiles are settled, some also wider by now. */
function settledEdge(disk: Disk, size: number): Promise<Edge> {
  const isWhole = (bytes: Buffer, of: number) => bytes.length === of * HASH_BYTES
  return edgeOf(size, (tile) => narrowest(disk, tile, isWhole))
}

async function settledBundle(disk: Disk, edge: Edge): Promise<Buffer> {
  const width = edge.size % TILE_WIDTH
  if (width === 0) return Buffer.alloc(0)
  const index = Math.floor(edge.size / TILE_WIDTH)
  const isWhole = (bytes: Buffer, of: number) => entriesOf(bytes)?.length === of
  const bytes = await narrowest(disk, { level: 'entries', index, width }, isWhole)
  const entries = entriesOf(bytes)?.slice(0, width) ?? []
  const leaves = Buffer.concat(entries.map((entry) => leafHash(entry)))
  if (!leaves.equals(edge.tiles[0])) {
    const problem = `${tilePath({ level: 'entries', index, width })} does not fit its tile`
    throw new TelltaleError('LOG_DAMAGED', { problem })
  }
  return spell(entries)
}

/** The narrowest file that holds at least `width`: a wider one may be newer than what is settled. */
async function narrowest(
  disk: Disk,
  { level, index, width }: TileName,
  isWhole: (bytes: Buffer, width: number) => boolean,
): Promise<Buffer> {
  const full = tilePath({ level, index, width: TILE_WIDTH })
  const widths = (await disk.list(`${full}.p`)).map(Number).sort((a, b) => a - b)
  for (const of of [...widths.filter((one) => one >= width), TILE_WIDTH]) {
    const bytes = await disk.read(tilePath({ level, index, width: of }))
    if (bytes !== null && isWhole(bytes, of)) return bytes
  }
  const problem = `it begins after ${tilePath({ level, index, width })}, which is not there`
  throw new TelltaleError('JOURNAL_DAMAGED', { problem })
}
