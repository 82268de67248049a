/** Files of a log's folder that no checkpoint leads to: partial tiles that wider ones replaced, the
 * journal, and what does not belong there. */
import { TelltaleError } from '../base/errors.ts'
import { HASH_BYTES, leafHash } from '../tlog/hash.ts'
import { parseTilePath, TILE_WIDTH, type TileName, tilePath } from '../tlog/tile.ts'
import type { Disk } from './disk.ts'
import { entriesOf, spell } from './frames.ts'
import { readJournal } from './journal.ts'
import { type LogSource, readTile, type TreeHead, widthIn } from './source.ts'
import type { Finding } from './verify.ts'

/** A folder whose files can be listed too. */
export type LogFolder = LogSource & Pick<Disk, 'list'>

/** Checks every file below `tile/` that verifying the tree does not read. Files beyond the tree are
 * not published yet and left alone. */
export async function checkLeftovers(folder: LogFolder, head: TreeHead): Promise<Finding[]> {
  const findings: Finding[] = []
  for await (const path of filesBelow(folder, 'tile')) {
    const name = parseTilePath(path)
    const problem =
      name === null ? 'no log has a file of this name' : await problemOf(folder, head.size, name)
    if (problem !== null) findings.push({ path, problem })
  }
  return findings
}

async function* filesBelow(folder: LogFolder, path: string): AsyncGenerator<string> {
  for (const name of await folder.list(path)) {
    const isFolder = /^(x[0-9]{3}|[0-9]{3}\.p)$/.test(name) || path === 'tile'
    if (isFolder) yield* filesBelow(folder, `${path}/${name}`)
    else yield `${path}/${name}`
  }
}

/** Of a partial file that a wider one has replaced, what is wrong with it. */
async function problemOf(folder: LogFolder, size: number, name: TileName): Promise<string | null> {
  const { level, index, width } = name
  const inTree = widthIn(size, level, index)
  if (width === TILE_WIDTH || width >= inTree) return null
  const [bytes, wider] = [await folder.read(tilePath(name)), await wholeOf(folder, size, name)]
  if (bytes === null || wider === null) return null
  const part =
    level === 'entries'
      ? spell(entriesOf(wider)?.slice(0, width) ?? [])
      : wider.subarray(0, width * HASH_BYTES)
  return part.equals(bytes) ? null : 'it is not the beginning of what replaced it'
}

async function wholeOf(folder: LogFolder, size: number, { level, index }: TileName) {
  return readTile(folder, size, level, index).catch((error) => {
    // Verifying the tree has told of it.
    const isTold = error instanceof TelltaleError && /^LOG_(INCOMPLETE|DAMAGED)$/.test(error.code)
    if (isTold) return null
    throw error
  })
}

/** What a journal holds beside a published tree. */
export interface JournalCheck {
  readonly findings: readonly Finding[]
  /** Entries that are durable and not published. */
  readonly unpublished: number
  /** Bytes of a frame that a crash cut off. */
  readonly tornBytes: number
}

/** Checks the journal, and that what it holds is what was published. */
export async function checkJournal(
  folder: LogFolder,
  origin: string,
  head: TreeHead,
): Promise<JournalCheck> {
  const findings: Finding[] = []
  try {
    const { end, batches, tornBytes } = await readJournal(folder, origin)
    for (const { first, payload } of batches) {
      findings.push(...(await differing(folder, head, first, entriesOf(payload) ?? [])))
    }
    if (end < head.size) {
      findings.push({ path: 'journal', problem: `it ends at entry ${end}, before the checkpoint` })
    }
    return { findings, unpublished: Math.max(0, end - head.size), tornBytes }
  } catch (error) {
    if (!(error instanceof TelltaleError)) throw error
    return { findings: [{ path: 'journal', problem: error.message }], unpublished: 0, tornBytes: 0 }
  }
}

async function differing(
  folder: LogFolder,
  head: TreeHead,
  first: number,
  entries: readonly Buffer[],
): Promise<Finding[]> {
  const findings: Finding[] = []
  let tile: { index: number; bytes: Buffer | null } = { index: -1, bytes: null }
  for (const [i, entry] of entries.entries()) {
    const number = first + i
    if (number >= head.size) break
    const index = Math.floor(number / TILE_WIDTH)
    if (tile.index !== index) {
      tile = {
        index,
        bytes: await wholeOf(folder, head.size, { level: 0, index, width: TILE_WIDTH }),
      }
    }
    const at = (number % TILE_WIDTH) * HASH_BYTES
    if (tile.bytes !== null && !leafHash(entry).equals(tile.bytes.subarray(at, at + HASH_BYTES))) {
      findings.push({ path: 'journal', problem: `entry ${number} is not the one published` })
    }
  }
  return findings
}
