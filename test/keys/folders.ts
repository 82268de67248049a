/** Keys folders for tests, in a folder that goes away. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { TelltaleError } from '../../src/base/errors.ts'
import { createKeyFolder, type KeyFolder, type KeyFolderOptions } from '../../src/keys/folder.ts'
import type { KeyService } from '../../src/keys/key-service.ts'

export const ORIGIN = 'keys.example/log'
export const AT_MS = Date.UTC(2026, 0, 1)

/** A folder of this test's own. */
export async function ownFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'telltale-keys-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

/** A keys folder as it is made. */
export async function made(): Promise<{ dir: string; keys: KeyFolder }> {
  const dir = join(await ownFolder(), 'keys')
  return { dir, keys: await createKeyFolder(dir, ORIGIN, AT_MS, options()) }
}

/** Options whose lock is held by one holder at a time, as the real one. */
export function options(
  service: KeyService | null = null,
): KeyFolderOptions & { held: () => number } {
  let held = 0
  return {
    service,
    held: () => held,
    lock: async (dir) => {
      if (held > 0) throw new TelltaleError('FOLDER_LOCKED', { dir })
      held++
      return {
        release: async () => {
          held--
        },
      }
    },
  }
}

/** The code of the error that a promise ends with; what is not ours passes through. */
export async function codeOf(promise: Promise<unknown>): Promise<string | null> {
  try {
    await promise
  } catch (error) {
    if (!(error instanceof TelltaleError)) throw error
    return error.code
  }
  return null
}
