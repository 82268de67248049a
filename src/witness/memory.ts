/** The checkpoints that a witness cosigned, checked each time they are read back. */
import { TelltaleError } from '../base/errors.ts'
import { type Checkpoint, parseCheckpoint } from '../tlog/checkpoint.ts'
import { type Note, parseNote } from '../tlog/note.ts'
import { type Signer, signersOf } from '../tlog/signed.ts'
import type { VerifierKey } from '../tlog/vkey.ts'
import type { WitnessStore } from './store.ts'

/** The newest checkpoint cosigned for a log. */
export interface Cosigned {
  readonly text: string
  readonly note: Note
  readonly checkpoint: Checkpoint
  /** When it was cosigned, in POSIX seconds. */
  readonly timeS: number
}

/** A store whose notes were cosigned by the witness itself, and only ever by it. */
export interface Memory {
  /** Throws WITNESS_STATE_BROKEN where the store holds anything else than was last put there. */
  read(origin: string): Promise<Cosigned | null>
  /** As of the store; `last` is what was read before. One at a time for each origin. */
  replace(origin: string, last: Cosigned | null, note: string): Promise<void>
}

/** Nobody but the holder of `keys` can make the store say something that it was not told; that it
 * was put back to an earlier state shows only within one run. */
export function createMemory(store: WitnessStore, keys: readonly VerifierKey[]): Memory {
  /** What the store may hold: during a replacement and after a failed one, either of two. */
  const expected = new Map<string, readonly (string | null)[]>()
  /** What was read last, so that it need not be verified again. */
  const verified = new Map<string, Cosigned>()

  return {
    read: async (origin) => {
      const before = expected.get(origin)
      const text = await store.read(origin)
      const either = [...(before ?? [text]), ...(expected.get(origin) ?? [])]
      if (!either.includes(text)) throw broken(origin, 'it was changed from outside')
      if (before === undefined && !expected.has(origin)) expected.set(origin, [text])
      if (text === null) return null
      const last = verified.get(origin)
      if (last?.text === text) return last
      const cosigned = open(origin, text, keys)
      verified.set(origin, cosigned)
      return cosigned
    },
    replace: async (origin, last, note) => {
      expected.set(origin, [last?.text ?? null, note])
      await store.replace(origin, note)
      expected.set(origin, [note])
    },
  }
}

function open(origin: string, text: string, keys: readonly VerifierKey[]): Cosigned {
  let note: Note
  let checkpoint: Checkpoint
  let signers: Signer[]
  try {
    note = parseNote(text)
    checkpoint = parseCheckpoint(note.text)
    signers = signersOf(note, keys)
  } catch (error) {
    if (!(error instanceof TelltaleError)) throw error
    throw broken(origin, error.message.replace(/\.$/, ''))
  }
  if (checkpoint.origin !== origin) throw broken(origin, 'it is of another log')
  if (signers.length === 0) throw broken(origin, 'this witness did not cosign it')
  return { text, note, checkpoint, timeS: Math.max(...signers.map(({ timeS }) => timeS ?? 0)) }
}

function broken(origin: string, reason: string) {
  return new TelltaleError('WITNESS_STATE_BROKEN', { origin, reason })
}
