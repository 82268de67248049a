/** Verifying a whole log: every entry against its tile, every tile against the one above, the top
 * against the checkpoint (docs/formats.md, section 11). Findings say where, and it goes on. */
import { TelltaleError } from '../base/errors.ts'
import { FINDINGS_MAX } from '../base/limits.ts'
import { type Edge, rootOf } from '../tlog/edge.ts'
import { parseEntry } from '../tlog/entry.ts'
import { HASH_BYTES, leafHashInto } from '../tlog/hash.ts'
import { subtreeRoot, TILE_BYTES, TILE_WIDTH, tilePath } from '../tlog/tile.ts'
import { entriesOf } from './frames.ts'
import { edgeAt, type LogSource, readTile, readTileFile, type TreeHead, widthIn } from './source.ts'

/** Something that is not as the checkpoint says, and where. */
export interface Finding {
  /** The file below the log's folder. */
  readonly path: string
  readonly problem: string
}

export interface Verification {
  /** Entries that were hashed. */
  readonly entries: number
  /** At most FINDINGS_MAX; none where the log is whole. */
  readonly findings: readonly Finding[]
}

/** Verifies everything that a tree head, verified by the caller, stands for. Memory does not grow
 * with the log. Throws only what `source` throws. */
export async function verifyTree(
  source: LogSource,
  head: TreeHead,
  onEntries: (entries: number) => void = () => {},
): Promise<Verification> {
  const findings: Finding[] = []
  const report = (path: string, problem: string) => {
    if (findings.length < FINDINGS_MAX) findings.push({ path, problem })
  }
  let entries = 0
  const checkAbove = createAbove(source, head.size, report)
  const bundles = Math.ceil(head.size / TILE_WIDTH)
  // A checkpoint may claim any number of entries: enough findings are enough.
  for (let index = 0; index < bundles && findings.length < FINDINGS_MAX; index++) {
    const tile = await tileOf(source, head.size, 0, index, report)
    entries += await verifyBundle(source, head.size, index, tile, report)
    if (tile?.length === TILE_BYTES) await checkAbove(0, index, tile)
    onEntries(entries)
  }
  const edge = await edgeHere(source, head.size)
  if (edge !== null && !rootOf(edge).equals(head.root)) {
    report('checkpoint', `its root is not that of the ${head.size} entries here`)
  }
  return { entries, findings }
}

type Report = (path: string, problem: string) => void

async function tileOf(
  source: LogSource,
  size: number,
  level: number,
  index: number,
  report: Report,
): Promise<Buffer | null> {
  try {
    return await readTile(source, size, level, index)
  } catch (error) {
    const lacks = lacking(error)
    report(
      pathIn(size, level, index),
      lacks ? 'it is missing' : 'it has another length than its name says',
    )
    return null
  }
}

/** Whether a file is missing, rather than wrong; throws what does not come from the log. */
function lacking(error: unknown): boolean {
  if (error instanceof TelltaleError && error.code === 'LOG_INCOMPLETE') return true
  if (error instanceof TelltaleError && error.code === 'LOG_DAMAGED') return false
  throw error
}

function pathIn(size: number, level: number | 'entries', index: number): string {
  return tilePath({ level, index, width: widthIn(size, level, index) })
}

/** Compares each entry of a bundle with its hash. Returns how many entries there were. */
async function verifyBundle(
  source: LogSource,
  size: number,
  index: number,
  tile: Buffer | null,
  report: Report,
): Promise<number> {
  const file = await readTileFile(source, size, 'entries', index).catch((error) => {
    lacking(error)
    return null
  })
  const path = file?.path ?? pathIn(size, 'entries', index)
  const all = file === null ? null : entriesOf(file.bytes)
  if (all === null || all.length !== file?.width) {
    report(path, file === null ? 'it is missing' : `it does not hold ${file.width} entries`)
    return 0
  }
  const entries = all.slice(0, widthIn(size, 'entries', index))
  const leaf = Buffer.alloc(HASH_BYTES)
  for (const [i, entry] of entries.entries()) {
    leafHashInto(entry, leaf, 0)
    const number = index * TILE_WIDTH + i
    if (tile !== null && leaf.compare(tile, i * HASH_BYTES, (i + 1) * HASH_BYTES) !== 0) {
      report(path, `entry ${number} is not the one that was logged`)
    } else {
      const problem = entryProblem(entry)
      if (problem !== null) report(path, `entry ${number} is malformed: ${problem}`)
    }
  }
  return entries.length
}

/** Why bytes are no entry; null where they are one. */
export function entryProblem(entry: Buffer): string | null {
  try {
    parseEntry(entry)
    return null
  } catch (error) {
    if (error instanceof TelltaleError) return error.message
    throw error
  }
}

/** Checks full tiles against those above them, each of which is read once. */
function createAbove(source: LogSource, size: number, report: Report) {
  const open: ({ index: number; tile: Buffer | null } | undefined)[] = []

  async function check(level: number, index: number, tile: Buffer): Promise<void> {
    const parent = Math.floor(index / TILE_WIDTH)
    if (open[level]?.index !== parent) {
      open[level] = { index: parent, tile: await tileOf(source, size, level + 1, parent, report) }
    }
    const above = open[level].tile
    const place = index % TILE_WIDTH
    if (above === null) return
    const at = place * HASH_BYTES
    if (subtreeRoot(tile, 0, TILE_WIDTH).compare(above, at, at + HASH_BYTES) !== 0) {
      report(pathIn(size, level, index), `its hash is not hash ${place} of the tile above it`)
    }
    // The last of its hashes: this tile is full, and has a tile above itself.
    if (place === TILE_WIDTH - 1) await check(level + 1, parent, above)
  }

  return check
}

/** The right edge as the tiles have it; null where one is missing, which was reported. */
function edgeHere(source: LogSource, size: number): Promise<Edge | null> {
  return edgeAt(source, size, size).catch((error) => {
    lacking(error)
    return null
  })
}
