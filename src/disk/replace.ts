/** Replacing one file of a person's. */
import { open, rename, rm } from 'node:fs/promises'
import { TelltaleError } from '../base/errors.ts'

/** Replaces a file: after a crash it holds the old content or the new. Throws FILE_UNWRITABLE. */
export async function replaceOwnFile(file: string, bytes: Uint8Array): Promise<void> {
  const fresh = `${file}.new`
  try {
    const handle = await open(fresh, 'w')
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(fresh, file)
  } catch (error) {
    await rm(fresh, { force: true }).catch(() => {})
    const { code, message } = error as NodeJS.ErrnoException
    throw new TelltaleError('FILE_UNWRITABLE', { file, reason: code ?? message }, { cause: error })
  }
}
