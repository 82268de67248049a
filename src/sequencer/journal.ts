/**
 * The journal: where entries become durable before anything else is done with them. One frame is
 * one group commit; a file is begun anew when it is large enough, so that settled ones can go.
 */
import { reasonOf, TelltaleError } from '../base/errors.ts'
import { JOURNAL_ENTRIES_MAX } from '../base/limits.ts'
import type { Disk, DiskFile } from './disk.ts'
import { type Batch, FRAME_HEAD_BYTES, frameHead, readFrames } from './frames.ts'

const FOLDER = 'journal'
const NAME = /^[0-9]{16}$/

/** The path of the journal file whose first entry has this index. */
export function journalPath(first: number): string {
  return `${FOLDER}/${String(first).padStart(16, '0')}`
}

/** First indexes of the journal's files, ascending. */
export async function journalFiles(disk: Pick<Disk, 'list'>): Promise<number[]> {
  return (await disk.list(FOLDER)).filter((name) => NAME.test(name)).map(Number)
}

/** Everything that a journal holds. */
export interface JournalContent {
  /** Index of the first entry; the tree up to it is settled on the disk. */
  readonly first: number
  /** Index after the last. */
  readonly end: number
  readonly batches: readonly Batch[]
  /** Bytes of an unfinished last frame, which was never acknowledged. */
  readonly tornBytes: number
}

/** Reads the whole journal. Throws JOURNAL_DAMAGED for anything that no crash leaves behind. */
export async function readJournal(
  disk: Pick<Disk, 'list' | 'read'>,
  origin: string,
): Promise<JournalContent> {
  const files = await journalFiles(disk)
  const damaged = (problem: string) => new TelltaleError('JOURNAL_DAMAGED', { problem })
  if (files.length === 0) throw damaged('there is no journal file')
  const batches: Batch[] = []
  let next = files[0]
  let tornBytes = 0
  for (const first of files) {
    const path = journalPath(first)
    if (first !== next) throw damaged(`${path} follows entry ${next - 1}`)
    const bytes = (await disk.read(path)) ?? Buffer.alloc(0)
    const content = readFrames(origin, bytes, first)
    if (typeof content === 'string') throw damaged(`${path}: ${content}`)
    if (content.torn !== null) tornBytes = bytes.length - content.torn
    if (content.torn !== null && first !== files.at(-1)) throw damaged(`${path} ends too early`)
    batches.push(...content.batches)
    for (const { count } of content.batches) next += count
  }
  return { first: files[0], end: next, batches, tornBytes }
}

/** The journal, open for writing. */
export interface Journal {
  /** Durable when it returns. Throws LOG_UNWRITABLE where the batch is certainly not in the
   * journal and further ones may be tried, LOG_STOPPED where that is unknown. */
  write(batch: Batch): Promise<void>
  /** Removes the files whose entries are all below `settled`. */
  forget(settled: number): Promise<void>
  /** Ends it, with an empty file where all its entries are below `settled`. */
  close(settled: number): Promise<void>
}

/** Begins a new journal file at index `first`, beside whatever files are there. */
export async function beginJournal(disk: Disk, origin: string, first: number): Promise<Journal> {
  let { file, path } = await begin(disk, first)
  let firsts = (await journalFiles(disk)).filter((index) => index <= first)
  let length = 0
  let end = first

  async function rotate(next: number): Promise<void> {
    await file.close()
    ;({ file, path } = await begin(disk, next))
    firsts = [...firsts, next]
    length = 0
  }

  async function takeBack(): Promise<void> {
    await file.truncate(length)
    await file.sync()
  }

  async function put(batch: Batch): Promise<void> {
    const head = frameHead(origin, batch)
    try {
      await file.write(Buffer.concat([head, batch.payload]), length)
    } catch (error) {
      await takeBack().catch((failed) => stopped(path, failed))
      throw new TelltaleError('LOG_UNWRITABLE', { reason: reasonOf(error) }, { cause: error })
    }
    // After a failed sync the system may take the pages for clean: nothing written can be trusted.
    await file.sync().catch((error) => stopped(path, error))
    length += FRAME_HEAD_BYTES + batch.payload.length
    end = batch.first + batch.count
  }

  async function forget(settled: number): Promise<void> {
    // A file ends where the next one begins; the last is being written.
    const gone = firsts.filter((_, i) => i + 1 < firsts.length && firsts[i + 1] <= settled)
    for (const index of gone) await disk.remove(journalPath(index))
    firsts = firsts.filter((index) => !gone.includes(index))
  }

  return {
    write: async (batch) => {
      const began = firsts.at(-1) ?? first
      if (batch.first - began >= JOURNAL_ENTRIES_MAX) {
        await rotate(batch.first).catch((error) => stopped(path, error))
      }
      await put(batch)
    },
    forget,
    close: async (settled) => {
      if (settled === end && length > 0) {
        await rotate(end)
        await forget(end)
      }
      await file.close()
    },
  }
}

async function begin(disk: Disk, first: number): Promise<{ file: DiskFile; path: string }> {
  const path = journalPath(first)
  const file = await disk.open(path)
  await file.truncate(0)
  await file.sync()
  await disk.syncFolder(FOLDER)
  return { file, path }
}

function stopped(path: string, error: unknown): never {
  throw new TelltaleError(
    'LOG_STOPPED',
    { reason: `${path}: ${reasonOf(error)}` },
    { cause: error },
  )
}
