/** A log's folder to read only, by somebody who does not trust what is in it. */
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { TelltaleError } from '../base/errors.ts'
import { BUNDLE_BYTES_MAX, NOTE_BYTES_MAX } from '../base/limits.ts'
import type { LogFolder } from '../sequencer/fsck.ts'
import { TILE_BYTES } from '../tlog/tile.ts'

/**
 * The log's folder `root`. What is no regular file counts as missing; of a file that is longer than
 * its kind can be, so much is read that it shows. Reads without waiting turns: whoever verifies does
 * nothing else, and it takes a third of the time. Throws FILE_UNREADABLE.
 */
export function readFolder(root: string): LogFolder {
  return {
    read: async (path) => readBounded(join(root, path), bytesMaxOf(path)),
    list: async (folder) => {
      const path = join(root, folder)
      return unlessAbsent(path, [], () => readdirSync(path)).sort()
    },
  }
}

/** The content of a file that somebody names, at most `bytesMax` and one byte of it; null where there
 * is none. Throws FILE_UNREADABLE. */
export function readBounded(path: string, bytesMax: number): Buffer | null {
  return unlessAbsent(path, null, () => {
    // Without O_NONBLOCK a pipe in a file's place would be waited for.
    const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      const { size, isFile } = statOf(fd)
      return isFile ? readAll(fd, Math.min(size, bytesMax + 1)) : null
    } finally {
      closeSync(fd)
    }
  })
}

function statOf(fd: number) {
  const stat = fstatSync(fd)
  return { size: stat.size, isFile: stat.isFile() }
}

function readAll(fd: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  let done = 0
  while (done < length) {
    const read = readSync(fd, bytes, done, length - done, done)
    if (read === 0) break
    done += read
  }
  return bytes.subarray(0, done)
}

function bytesMaxOf(path: string): number {
  if (path.startsWith('tile/entries/')) return BUNDLE_BYTES_MAX
  if (path.startsWith('tile/')) return TILE_BYTES
  return path.startsWith('journal/') ? Number.MAX_SAFE_INTEGER : NOTE_BYTES_MAX
}

function unlessAbsent<T>(file: string, otherwise: T, read: () => T): T {
  try {
    return read()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return otherwise
    throw new TelltaleError('FILE_UNREADABLE', { file, reason: code ?? message }, { cause: error })
  }
}
