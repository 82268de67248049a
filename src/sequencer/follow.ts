/**
 * Following a log: every entry once, in order, and only what the checkpoint stands for. A follower
 * keeps the tree head it has come to together with what it made of the entries, in one transaction
 * of its own store: so each entry takes effect exactly once, whatever crashes.
 */
import { TelltaleError } from '../base/errors.ts'
import { FOLLOW_ENTRIES } from '../base/limits.ts'
import { growFrom, rootOf } from '../tlog/edge.ts'
import { EMPTY_ROOT, HASH_BYTES, leafHashInto } from '../tlog/hash.ts'
import { proveConsistency } from '../tlog/plan.ts'
import { verifyConsistency } from '../tlog/proof.ts'
import { TILE_WIDTH, tilePath } from '../tlog/tile.ts'
import { entriesOf } from './frames.ts'
import { edgeAt, type LogSource, readTile, type TreeHead, tilesOf, widthIn } from './source.ts'

/** Entries that follow each other. */
export interface Followed {
  /** Index of the first. */
  readonly first: number
  readonly entries: readonly Buffer[]
  /** Where a follower stands once it has taken them. */
  readonly cursor: TreeHead
}

/** Where a follower begins that has taken nothing yet. */
export const BEGINNING: TreeHead = { size: 0, root: EMPTY_ROOT }

/** The entries after `cursor` up to `head`, a tree head that the caller has verified. Throws
 * LOG_FORKED where the log does not hold what was followed before, LOG_INCOMPLETE and LOG_DAMAGED
 * where its files are not what the head stands for; nothing unproven is ever given out. */
export async function* follow(
  source: LogSource,
  head: TreeHead,
  cursor: TreeHead,
): AsyncGenerator<Followed> {
  if (cursor.size > head.size)
    throw forked(`${cursor.size} entries were read, ${head.size} are left`)
  const edge = await edgeAt(source, cursor.size, head.size)
  if (!rootOf(edge).equals(cursor.root)) {
    throw forked(`its first ${cursor.size} entries are not those that were read before`)
  }
  const growing = growFrom(edge)
  for (let first = cursor.size; first < head.size; ) {
    const end = Math.min(head.size, first - (first % FOLLOW_ENTRIES) + FOLLOW_ENTRIES)
    const entries = await entriesBetween(source, first, end, head.size)
    const leaves = Buffer.allocUnsafe(entries.length * HASH_BYTES)
    for (const [i, entry] of entries.entries()) leafHashInto(entry, leaves, i * HASH_BYTES)
    growing.grow(leaves, () => {})
    const reached = { size: end, root: rootOf(growing.edge()) }
    await checkWithin(source, reached, head)
    yield { first, entries, cursor: reached }
    first = end
  }
}

/** Throws LOG_DAMAGED where this is not the beginning of the log. */
async function checkWithin(source: LogSource, part: TreeHead, head: TreeHead): Promise<void> {
  const proof = await proveConsistency(part.size, head.size, tilesOf(source, head.size))
  const { size: from, root: oldRoot } = part
  try {
    verifyConsistency({ from, to: head.size, oldRoot, newRoot: head.root, proof })
  } catch (cause) {
    const problem = `its first ${from} entries do not fit its checkpoint of ${head.size}`
    throw new TelltaleError('LOG_DAMAGED', { problem }, { cause })
  }
}

/** The entries from `first` up to `end`, not verified. Throws LOG_INCOMPLETE, LOG_DAMAGED. */
export async function entriesBetween(
  source: LogSource,
  first: number,
  end: number,
  total: number,
): Promise<Buffer[]> {
  const entries: Buffer[] = []
  for (let index = Math.floor(first / TILE_WIDTH); index * TILE_WIDTH < end; index++) {
    const width = widthIn(total, 'entries', index)
    const bundle = entriesOf(await readTile(source, total, 'entries', index))
    if (bundle === null || bundle.length < width) {
      const problem = `${tilePath({ level: 'entries', index, width })} does not hold ${width} entries`
      throw new TelltaleError('LOG_DAMAGED', { problem })
    }
    const start = index * TILE_WIDTH
    entries.push(...bundle.slice(Math.max(0, first - start), Math.min(width, end - start)))
  }
  return entries
}

function forked(problem: string): TelltaleError {
  return new TelltaleError('LOG_FORKED', { problem })
}
