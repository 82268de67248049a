/** Whoever signs the log's checkpoints, and remembers what was signed. */
import { openCheckpoint, signCheckpoint } from '../tlog/signed.ts'
import { formatVkey, type SigningKey } from '../tlog/vkey.ts'
import type { TreeHead } from './source.ts'

/** Where the newest signed checkpoint is remembered, apart from the log. */
export interface SignedMemory {
  /** Null before the first. */
  read(): Promise<string | null>
  /** Has the note on the disk when it returns. */
  write(note: string): Promise<void>
}

/** Signs checkpoints of one log. */
export interface CheckpointSigner {
  /** The log's origin, which is the key's name. */
  readonly origin: string
  readonly vkey: string
  /** The signed checkpoint of this tree head, as a note. */
  sign(head: TreeHead): string
  /** The tree head of a checkpoint that this key has signed. Throws CHECKPOINT_INVALID,
   * NOTE_INVALID or NOTE_UNSIGNED. */
  open(note: string): TreeHead
  readonly memory: SignedMemory
}

/** A signer whose key is at hand. */
export function checkpointSigner(key: SigningKey, memory: SignedMemory): CheckpointSigner {
  return {
    origin: key.name,
    vkey: formatVkey(key),
    sign: ({ size, root }) => signCheckpoint({ origin: key.name, size, root, extensions: [] }, key),
    open: (note) => openCheckpoint(note, key).checkpoint,
    memory,
  }
}

/** Gets a checkpoint cosigned before it is published. `proof` gives the consistency proof from an
 * earlier size. Returns the note to publish; null where the witnesses that the policy asks for did
 * not sign. Throws LOG_ROLLED_BACK or LOG_FORKED where a witness knows better. */
export type Cosign = (
  note: string,
  proof: (from: number) => Promise<Buffer[]>,
) => Promise<string | null>
