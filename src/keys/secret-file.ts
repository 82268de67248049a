/**
 * Files that only their owner may read, replaced so that a crash leaves the old content or the new.
 * What is replaced is overwritten, as far as a file system lets one: journals, snapshots, backups and
 * the spare blocks of a flash disk may keep it.
 */
import { constants } from 'node:fs'
import { type FileHandle, link, mkdir, open, rename, rm, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { TelltaleError } from '../base/errors.ts'
import { SECRET_FILE_BYTES_MAX } from '../base/limits.ts'

const OTHERS = 0o077

/** Makes the folder, which must not exist. Throws FILE_UNWRITABLE. */
export async function makeSecretFolder(dir: string): Promise<void> {
  await writing(dir, async () => {
    await mkdir(dir, { mode: 0o700 })
    await syncFolder(dirname(dir))
  })
}

/** Throws KEYS_MISSING where there is no such folder, KEYS_EXPOSED where others may look into it. */
export async function checkSecretFolder(dir: string): Promise<void> {
  const found = await stat(dir).catch(() => null)
  if (!found?.isDirectory()) throw new TelltaleError('KEYS_MISSING', { dir })
  checkMode(dir, found.mode)
}

/** The text of a file; null where there is none. Throws KEYS_EXPOSED where others may read or write
 * it, KEYS_DAMAGED where it is too long or no file, FILE_UNREADABLE. */
export async function readSecret(path: string): Promise<string | null> {
  let file: FileHandle
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw new TelltaleError('FILE_UNREADABLE', { file: path, reason: codeOf(error) })
  }
  try {
    const found = await file.stat()
    if (!found.isFile()) throw damaged(path, 'it is no file')
    checkMode(path, found.mode)
    if (found.size > SECRET_FILE_BYTES_MAX) throw damaged(path, 'it is too long')
    return await file.readFile('utf8')
  } catch (error) {
    if (error instanceof TelltaleError) throw error
    throw new TelltaleError('FILE_UNREADABLE', { file: path, reason: codeOf(error) })
  } finally {
    await file.close()
  }
}

/** Makes or replaces a file of keys; no two processes may at once. The text is on the disk, and the
 * old one overwritten, when this returns. Throws FILE_UNWRITABLE. */
export async function replaceSecret(path: string, text: string): Promise<void> {
  await writing(path, async () => {
    await tidy(path)
    await write(`${path}.new`, text)
    // Under a second name the old content can still be found, and overwritten, after a crash.
    await link(path, `${path}.old`).catch(unlessImpossible)
    await rename(`${path}.new`, path)
    await syncFolder(dirname(path))
    await tidy(path)
  })
}

/** Makes or replaces a file that holds nothing secret, in the same way but for the overwriting. */
export async function replaceKept(path: string, text: string): Promise<void> {
  await writing(path, async () => {
    await write(`${path}.new`, text)
    await rename(`${path}.new`, path)
    await syncFolder(dirname(path))
  })
}

async function write(path: string, text: string): Promise<void> {
  const fresh = await open(path, 'w', 0o600)
  try {
    await fresh.writeFile(text)
    await fresh.sync()
  } finally {
    await fresh.close()
  }
}

/** Removes what an interrupted `replaceSecret` left. */
async function tidy(path: string): Promise<void> {
  const [current, old] = await Promise.all([inodeOf(path), inodeOf(`${path}.old`)])
  // Interrupted before the rename, both names are of the content that counts.
  if (old !== null && old === current) await unlink(`${path}.old`)
  else await overwrite(`${path}.old`)
  await overwrite(`${path}.new`)
}

async function inodeOf(path: string): Promise<number | null> {
  return stat(path).then(({ ino }) => ino, unlessAbsent)
}

/** Fills a file with zeros and removes it; does nothing where there is none. */
async function overwrite(path: string): Promise<void> {
  const file = await open(path, 'r+').catch(unlessAbsent)
  if (file === null) return
  try {
    const { size } = await file.stat()
    await file.write(Buffer.alloc(size), 0, size, 0)
    await file.sync()
  } finally {
    await file.close()
  }
  await rm(path)
}

async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function checkMode(file: string, mode: number): void {
  if ((mode & OTHERS) === 0) return
  throw new TelltaleError('KEYS_EXPOSED', { file, mode: (mode & 0o777).toString(8) })
}

/** The error of a file of keys that is not what it has to be. */
export function damaged(file: string, problem: string): TelltaleError {
  return new TelltaleError('KEYS_DAMAGED', { file, problem })
}

async function writing(file: string, act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    throw new TelltaleError('FILE_UNWRITABLE', { file, reason: codeOf(error) }, { cause: error })
  }
}

/** Where there is no old content, or the file system knows no second names. */
function unlessImpossible(error: unknown): void {
  if (!['ENOENT', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP'].includes(codeOf(error))) throw error
}

function unlessAbsent(error: unknown): null {
  if (codeOf(error) === 'ENOENT') return null
  throw error
}

function codeOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return code ?? message
}
