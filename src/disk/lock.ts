/** One writer for a folder, by a lock that the kernel releases with the process, however it ends. */
import { type FileHandle, open, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { reasonOf, TelltaleError } from '../base/errors.ts'

/** The package has no types of its own. */
interface Locks {
  /** False where another open file holds a lock on it, in this process or in any other. */
  tryLock(fd: number): boolean
}

/** A folder that is this process's alone. */
export interface FolderLock {
  /** Throws FOLDER_LOCKED where its file was removed or replaced meanwhile: then another process may
   * hold the folder too, and nothing must be written any more. */
  check(): Promise<void>
  /** The file stays: its removal would let two processes each hold a lock on "the" file. */
  release(): Promise<void>
}

/** Takes the folder `dir`, which must exist, by its file `lock`, or one of another `name` where a
 * folder has several purposes. Throws FOLDER_LOCKED where another process has it, FOLDER_UNLOCKABLE
 * where this system has no such locks. */
export async function lockFolder(dir: string, name = 'lock'): Promise<FolderLock> {
  const path = join(dir, name)
  const unlockable = (error: unknown) =>
    new TelltaleError('FOLDER_UNLOCKABLE', { dir, reason: reasonOf(error) }, { cause: error })
  const file = await open(path, 'a+', 0o600).catch((error) => {
    throw unlockable(error)
  })
  let isOurs = false
  try {
    isOurs = locks().tryLock(file.fd)
  } catch (error) {
    await file.close()
    throw unlockable(error)
  }
  if (!isOurs) {
    await file.close()
    throw new TelltaleError('FOLDER_LOCKED', { dir })
  }
  let release: Promise<void> | undefined
  return {
    check: async () => {
      if (!(await isStillAt(file, path))) throw new TelltaleError('FOLDER_LOCKED', { dir })
    },
    release: () => {
      release ??= file.close()
      return release
    },
  }
}

async function isStillAt(file: FileHandle, path: string): Promise<boolean> {
  const [held, named] = await Promise.all([file.stat(), stat(path).catch(() => null)])
  return named !== null && held.ino === named.ino && held.dev === named.dev
}

/** Loaded when first needed: what only reads must run where the package has no build. */
function locks(): Locks {
  return createRequire(import.meta.url)('fs-native-extensions') as Locks
}
