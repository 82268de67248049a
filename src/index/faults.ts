/** What the engine says when its files fail it, as errors of the catalogue. */
import { join } from 'node:path'
import { TelltaleError } from '../base/errors.ts'

/** The engine's own file in the folder of a kept index. */
export const DATABASE_FILE = 'telltale.duckdb'

/** The disk takes no more; also where temporary files find no room. */
const CANNOT_WRITE =
  /no space left|disk (?:is )?full|could not write|cannot write|read-only file system|disk quota|ENOSPC|max_temp_directory_size/i

/** A database file that is cut off, damaged or gone; what follows from that on later calls. */
const CANNOT_READ =
  /^(?:IO|Serialization|Deserialization|FATAL|Fatal|INTERNAL)\b.*|corrupt|checksum|has been invalidated|not a valid DuckDB database/i

/** Runs work on the index. Throws FILE_UNWRITABLE where its disk is full, and INDEX_UNREADABLE where
 * the kept database in `dir` turns out damaged; everything else as it was thrown. */
export async function guardedIndex<T>(dir: string | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw indexFault(dir, error)
  }
}

export function indexFault(dir: string | undefined, error: unknown): unknown {
  if (error instanceof TelltaleError || !(error instanceof Error)) return error
  const reason = error.message.split('\n')[0].replace(/[.\s]+$/, '')
  if (CANNOT_WRITE.test(error.message)) {
    const file = dir === undefined ? 'temporary files' : join(dir, DATABASE_FILE)
    return new TelltaleError('FILE_UNWRITABLE', { file, reason }, { cause: error })
  }
  if (dir === undefined || !CANNOT_READ.test(error.message)) return error
  return new TelltaleError('INDEX_UNREADABLE', { dir, reason }, { cause: error })
}
