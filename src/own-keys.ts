/** The wiring of a verification by whoever runs the log: their key, and what they signed last. */
import { stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { TelltaleError } from './base/errors.ts'
import { SIGNED_AHEAD_WAIT_MS } from './base/limits.ts'
import { keysBeside } from './cli/log/options.ts'
import type { OwnKeys } from './cli/log/verify.ts'
import { readFolder } from './disk/read.ts'
import type { KeyFolder } from './keys/folder.ts'
import { readJournal } from './sequencer/journal.ts'
import type { Checkpoint } from './tlog/checkpoint.ts'
import { openCheckpoint } from './tlog/signed.ts'
import { formatVkey } from './tlog/vkey.ts'

/** The keys folder beside a log's, where there is one that this user may read. */
export async function ownKeys(
  dir: string,
  open: (keys: string) => Promise<KeyFolder>,
): Promise<OwnKeys | null> {
  const keys = keysBeside(dir)
  if ((await stat(keys).catch(() => null)) === null) return null
  try {
    const { signer, memory } = await open(keys)
    const note = await memory.read()
    // Without it nothing is left that whoever put the log back would have had to change.
    if (note === null) return null
    const isDue = await isPublished(dir, openCheckpoint(note, signer).checkpoint)
    return { dir: keys, vkey: formatVkey(signer), signed: isDue ? Buffer.from(note) : null }
  } catch (error) {
    // Somebody else's keys: the reader says whom to trust.
    if (error instanceof TelltaleError) return null
    throw error
  }
}

/** Whether a checkpoint that was signed must be published: not while its writer is just
 * doing so, nor where it ended before and the journal has the entries for the next start. */
async function isPublished(dir: string, { origin, size }: Checkpoint): Promise<boolean> {
  const folder = readFolder(dir)
  for (let left = SIGNED_AHEAD_WAIT_MS; left > 0; left -= 100) {
    const published = Number((await folder.read('checkpoint'))?.toString().split('\n')[1])
    if (!(published < size)) return true
    await sleep(100)
  }
  const journal = await readJournal(folder, origin).catch(() => null)
  if (journal === null || journal.batches.length === 0) return true
  return journal.end < size
}
