/** Files that are there after the power fails. */
import { open, rename } from 'node:fs/promises'

/** A file of our own, on the disk under its name or not there. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(`${path}.partial`, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.partial`, path)
}

/** Makes a file, or the names in a folder, durable. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
