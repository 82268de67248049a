/** Comparing a log with checkpoints that somebody kept, which alone shows that it was rolled back or
 * forked: docs/formats.md section 11, step 5. */
import { TelltaleError } from '../base/errors.ts'
import { type LogSource, type TreeHead, tilesOf } from '../sequencer/source.ts'
import type { Finding } from '../sequencer/verify.ts'
import { parseCheckpoint } from '../tlog/checkpoint.ts'
import { parseNote } from '../tlog/note.ts'
import { proveConsistency } from '../tlog/plan.ts'
import type { Policy } from '../tlog/policy.ts'
import { verifyConsistency } from '../tlog/proof.ts'
import { parseReceipt } from '../tlog/receipt.ts'
import { signersOf } from '../tlog/signed.ts'
import { formatKeyId } from '../tlog/vkey.ts'
import { clauseOf } from './checkpoint.ts'

/** A checkpoint that somebody kept, verified. */
export interface Kept extends TreeHead {
  /** Whose it is, as shown to a person: a file or a witness. */
  readonly what: string
}

/** Reads a checkpoint that a log of the policy signed, from a note or from a receipt, which carries
 * one. Without a policy the file alone vouches for itself, because the reader kept it. Throws
 * NOTE_INVALID, CHECKPOINT_INVALID, RECEIPT_INVALID, SIGNATURE_INVALID, SIGNATURE_MISSING,
 * ALGORITHM_MISSING. */
export function readKept(what: string, bytes: Uint8Array, policy: Policy | null): Kept {
  const note = isReceipt(bytes) ? parseReceipt(bytes).note : parseNote(bytes)
  const { origin, size, root } = parseCheckpoint(note.text)
  if (policy !== null && !signersOf(note, policy.logs).some(({ key }) => key.name === origin)) {
    const [{ name, id }] = policy.logs
    throw new TelltaleError('SIGNATURE_MISSING', { name, id: formatKeyId(id) })
  }
  return { what, size, root }
}

const RECEIPT_MARK = Buffer.from('c2sp.org/tlog-proof@')

/** Whether these bytes begin like a receipt. */
export function isReceipt(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, RECEIPT_MARK.length)).equals(RECEIPT_MARK)
}

/** What is wrong with the log at `head`, seen from a checkpoint that somebody kept; null where it
 * only added to it. Throws only what `source` throws. */
export async function compareWith(
  source: LogSource,
  head: TreeHead,
  { what, size, root }: Kept,
): Promise<Finding | null> {
  const found = (problem: string): Finding => ({ path: 'checkpoint', problem })
  if (size > head.size) {
    return found(`it is rolled back: ${what} has ${size} entries, here are ${head.size}`)
  }
  const forked = `it is forked: its first ${size} entries are not those of ${what}`
  if (size === head.size) return root.equals(head.root) ? null : found(forked)
  if (size === 0) return null
  try {
    const proof = await proveConsistency(size, head.size, tilesOf(source, head.size))
    verifyConsistency({ from: size, to: head.size, oldRoot: root, newRoot: head.root, proof })
    return null
  } catch (error) {
    const isProof = error instanceof TelltaleError && error.code === 'PROOF_INVALID'
    return found(isProof ? forked : `it cannot be compared with ${what}: ${clauseOf(error)}`)
  }
}
