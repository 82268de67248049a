/** One entry of a log, proven to be there. */
import { TelltaleError } from '../../base/errors.ts'
import { entriesBetween } from '../../sequencer/follow.ts'
import { type LogSource, tilesOf } from '../../sequencer/source.ts'
import { leafHash } from '../../tlog/hash.ts'
import { proveInclusion } from '../../tlog/plan.ts'
import { verifyInclusion } from '../../tlog/proof.ts'
import type { Receipt } from '../../tlog/receipt.ts'
import { openCheckpoint, type SignedCheckpoint } from '../../tlog/signed.ts'
import type { VerifierKey } from '../../tlog/vkey.ts'

/** An entry with its receipt, which holds. */
export interface ProvenEntry {
  readonly entry: Buffer
  readonly receipt: Receipt
}

/** What a log published under this key. Throws LOG_MISSING, and what opening a checkpoint throws. */
export async function publishedBy(files: LogSource, key: VerifierKey): Promise<SignedCheckpoint> {
  const note = await files.read('checkpoint')
  if (note === null) throw new TelltaleError('LOG_MISSING', {})
  return openCheckpoint(note, key)
}

/** Reads an entry and proves it. Throws ENTRY_ABSENT, LOG_INCOMPLETE, LOG_DAMAGED. */
export async function provenEntry(
  files: LogSource,
  { checkpoint, note }: SignedCheckpoint,
  index: number,
): Promise<ProvenEntry> {
  const { size, root } = checkpoint
  if (index >= size) throw new TelltaleError('ENTRY_ABSENT', { index, size })
  const [entry] = await entriesBetween(files, index, index + 1, size)
  const proof = await proveInclusion(index, size, tilesOf(files, size))
  try {
    verifyInclusion({ index, size, leaf: leafHash(entry), root, proof })
  } catch (cause) {
    const problem = `entry ${index} is not the one that its checkpoint stands for`
    throw new TelltaleError('LOG_DAMAGED', { problem }, { cause })
  }
  return { entry, receipt: { extra: null, index, proof, note } }
}
