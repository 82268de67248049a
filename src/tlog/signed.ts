/** Who signed a note: the one place that decides whether a note's text may be believed. */
import { TelltaleError } from '../base/errors.ts'
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from './checkpoint.ts'
import { cosign, signNote, verifySignature } from './cosignature.ts'
import { formatNote, type Note, parseNote } from './note.ts'
import { formatKeyId, KEY_TYPE, type SigningKey, type VerifierKey } from './vkey.ts'

/** A known key whose signature holds. */
export interface Signer<Key extends VerifierKey = VerifierKey> {
  readonly key: Key
  /** As in `Signed`; of several signatures by one key, the latest. */
  readonly timeS: number | null
}

/**
 * The keys, of those known, that signed the note, in the order known. Lines of other keys are
 * ignored. Throws `SIGNATURE_INVALID` where any line of a known key does not hold, and
 * `CHECKPOINT_INVALID`, `ALGORITHM_MISSING`.
 */
export function signersOf<Key extends VerifierKey>(note: Note, known: readonly Key[]) {
  return known.flatMap((key): Signer<Key>[] => {
    const lines = note.signatures.filter(({ name, id }) => name === key.name && id === key.id)
    if (lines.length === 0) return []
    const times = lines.map((line) => {
      const signed = verifySignature(key, note.text, line)
      if (signed !== null) return signed.timeS
      throw new TelltaleError('SIGNATURE_INVALID', { name: key.name, id: formatKeyId(key.id) })
    })
    const latest = times.reduce((a, b) => (a === null || b === null ? null : Math.max(a, b)))
    return [{ key, timeS: latest }]
  })
}

/** A checkpoint with the note that carries it. */
export interface SignedCheckpoint {
  readonly checkpoint: Checkpoint
  readonly note: Note
}

/**
 * Reads a checkpoint that the log of this key signed. Throws `NOTE_INVALID`,
 * `CHECKPOINT_INVALID`, `SIGNATURE_INVALID`, `SIGNATURE_MISSING`, `ALGORITHM_MISSING`.
 */
export function openCheckpoint(input: Uint8Array | string, key: VerifierKey): SignedCheckpoint {
  const note = parseNote(input)
  const checkpoint = parseCheckpoint(note.text)
  if (checkpoint.origin !== key.name || signersOf(note, [key]).length === 0) {
    throw new TelltaleError('SIGNATURE_MISSING', { name: key.name, id: formatKeyId(key.id) })
  }
  return { checkpoint, note }
}

/** Signs a checkpoint as the log: a note with the one signature, as text. An ML-DSA key says no
 * time. Throws `CHECKPOINT_INVALID`, `ALGORITHM_MISSING`. */
export function signCheckpoint(checkpoint: Checkpoint, key: SigningKey): string {
  const text = formatCheckpoint(checkpoint)
  parseCheckpoint(text)
  const signature = key.type === KEY_TYPE.ed25519 ? signNote(key, text) : cosign(key, text, 0)
  return formatNote({ text, signatures: [signature] })
}
