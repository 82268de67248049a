import { writeFile } from 'node:fs/promises'
import { TelltaleError } from '../base/errors.ts'

/** Writes a result file. Throws FILE_UNWRITABLE. */
export async function writeOut(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text)
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error)
    throw new TelltaleError('FILE_UNWRITABLE', { file, reason }, { cause: error })
  }
}
