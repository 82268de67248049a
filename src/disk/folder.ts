/** A folder of the file system, as the sequencer's disk. */
import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { TelltaleError } from '../base/errors.ts'
import type { Disk, DiskFile } from '../sequencer/disk.ts'

/** More than Node reads at once; no file of a log is nearly as long. */
const FILE_BYTES_MAX = 2 ** 31 - 1

/** The disk below `root`, which must exist. Throws what the file system
 * throws, and FILE_UNREADABLE for what is no file. */
export function folderDisk(root: string): Disk {
  const at = (path: string) => join(root, path)
  return {
    open: async (path) => {
      await mkdir(dirname(at(path)), { recursive: true })
      return fileOn(await open(at(path), 'a+').then((made) => reopen(made, at(path))))
    },
    read: (path) => absentAs(null, readOf(at(path))),
    write: async (path, bytes) => {
      const write = () => writeFile(at(path), bytes)
      await write().catch(async (error) => {
        if (!isAbsent(error)) throw error
        await mkdir(dirname(at(path)), { recursive: true })
        await write()
      })
    },
    rename: (from, to) => rename(at(from), at(to)),
    remove: (path) => rm(at(path), { force: true, recursive: true }),
    list: async (folder) => (await absentAs([] as string[], readdir(at(folder)))).sort(),
    syncFile: (path) => absentAs(false, syncOf(at(path))),
    syncFolder: async (folder) => {
      await syncOf(at(folder))
    },
  }
}

/** Once more without O_APPEND, which would ignore the place that is written to. */
async function reopen(made: FileHandle, path: string): Promise<FileHandle> {
  await made.close()
  return open(path, 'r+')
}

function fileOn(handle: FileHandle): DiskFile {
  return {
    write: async (bytes, position) => {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await handle.write(
          bytes,
          done,
          bytes.length - done,
          position + done,
        )
        done += bytesWritten
      }
    },
    sync: () => handle.datasync(),
    truncate: (length) => handle.truncate(length),
    close: () => handle.close(),
  }
}

/** Throws FILE_UNREADABLE where something else is in a file's place: a pipe would be waited for, a
 * device may have no end, and to take either for absent would be to forget a policy. */
async function readOf(path: string): Promise<Buffer> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const unreadable = (reason: string) =>
      new TelltaleError('FILE_UNREADABLE', { file: path, reason })
    const stat = await handle.stat()
    if (!stat.isFile()) throw unreadable('it is no file')
    if (stat.size > FILE_BYTES_MAX) throw unreadable('it is too long')
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}

async function syncOf(path: string): Promise<true> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
  return true
}

async function absentAs<T>(otherwise: T, promise: Promise<T>): Promise<T> {
  try {
    return await promise
  } catch (error) {
    if (isAbsent(error)) return otherwise
    throw error
  }
}

function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'ENOTDIR'
}
