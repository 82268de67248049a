/**
 * A witness: C2SP tlog-witness. It cosigns a log's checkpoint if that only adds to the last one it
 * cosigned, and so never two histories of one log.
 */
import { TelltaleError } from '../base/errors.ts'
import { WITNESS_CLOCK_STEP_MAX_S, WITNESS_WAITING_MAX } from '../base/limits.ts'
import { parseBase64 } from '../tlog/base64.ts'
import { type Checkpoint, parseCheckpoint } from '../tlog/checkpoint.ts'
import { cosign } from '../tlog/cosignature.ts'
import { EMPTY_ROOT, HASH_BYTES, sha256 } from '../tlog/hash.ts'
import { formatNote, formatSignatures, type Note, parseNote, type Signature } from '../tlog/note.ts'
import { verifyConsistency } from '../tlog/proof.ts'
import { signersOf } from '../tlog/signed.ts'
import { KEY_TYPE, type SigningKey, type VerifierKey } from '../tlog/vkey.ts'
import { type Cosigned, createMemory, type Memory } from './memory.ts'
import { createQueues } from './queues.ts'
import { type AddCheckpoint, parseAddCheckpoint } from './request.ts'
import type { WitnessStore } from './store.ts'
import { type Refusal, refusal, signSubtree } from './subtree.ts'

/** What a witness is made of. */
export interface WitnessOptions {
  /** Each cosigns: at most one of type Ed25519 cosignature and one of type ML-DSA-44. */
  readonly keys: readonly SigningKey[]
  /** Keys of the logs it cosigns for, by origin; of other logs it wants to know nothing. */
  readonly logs: ReadonlyMap<string, readonly VerifierKey[]>
  readonly store: WitnessStore
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly nowMs: () => number
}

/** An answer of the protocol: an HTTP status and the body that belongs to it. */
export type WitnessAnswer =
  /** Signature lines. */
  | { readonly status: 200; readonly body: string }
  /** The size of the last checkpoint cosigned, and LF. */
  | { readonly status: 409; readonly body: string }
  | Refusal

/** A witness at work. What fails within it throws, and then nothing was answered. */
export interface Witness {
  /** Answers `add-checkpoint`. Throws WITNESS_STATE_BROKEN and what the store throws. */
  addCheckpoint(body: Uint8Array): Promise<WitnessAnswer>
  /** Answers `sign-subtree`, which takes an ML-DSA-44 key. */
  signSubtree(body: Uint8Array): WitnessAnswer
  /** The last checkpoint cosigned for the log with this hash (SHA-256 of its origin, hex); null
   * where there is none. Throws as `addCheckpoint`. */
  latest(originHash: string): Promise<string | null>
}

/** Opens a witness whose store is whole for every log. Throws WITNESS_STATE_BROKEN. */
export async function openWitness(options: WitnessOptions): Promise<Witness> {
  const { keys, logs, store, nowMs } = options
  checkKeys(keys)
  const memory = createMemory(store, keys)
  const queues = createQueues(WITNESS_WAITING_MAX)
  const origins = new Map(
    [...logs.keys()].map((origin) => [sha256(origin).toString('hex'), origin]),
  )
  for (const origin of logs.keys()) await memory.read(origin)

  return {
    addCheckpoint: async (body) => {
      const asked = authenticate(body, logs)
      if ('status' in asked) return asked
      // To compare and to replace is one step: of two requests, one sees what the other left.
      const { origin } = asked.checkpoint
      const answer = queues.run(origin, () => decide(asked, memory, keys, nowMs))
      return answer ?? refusal(503, 'Too many requests wait for this log.')
    },
    signSubtree: (body) => signSubtree(body, keys, (origin) => logs.has(origin)),
    latest: async (originHash) => {
      const origin = origins.get(originHash)
      return origin === undefined ? null : ((await memory.read(origin))?.text ?? null)
    },
  }
}

interface Authenticated extends AddCheckpoint {
  readonly note: Note
  readonly checkpoint: Checkpoint
  /** By the log's own keys. */
  readonly signatures: readonly Signature[]
}

/** Everything that can be said before the log's last checkpoint is looked at. */
function authenticate(body: Uint8Array, logs: WitnessOptions['logs']): Authenticated | Refusal {
  try {
    const asked = parseAddCheckpoint(body)
    const keys = logs.get(asked.signed.split('\n', 1)[0])
    return keys === undefined ? refusal(404, 'This log is not known here.') : openFor(asked, keys)
  } catch (error) {
    if (!(error instanceof TelltaleError && error.exit === 2)) throw error
    // What cannot be read as a note bears no signature, and the protocol has a status for that.
    return refusal(error.code === 'NOTE_INVALID' ? 403 : 400, error.message)
  }
}

/** Opens the checkpoint of a log with these keys. Throws NOTE_INVALID, CHECKPOINT_INVALID,
 * ALGORITHM_MISSING. */
function openFor(asked: AddCheckpoint, keys: readonly VerifierKey[]): Authenticated | Refusal {
  const unsigned = refusal(403, 'No key of this log signed the checkpoint.')
  const note = parseNote(asked.signed)
  try {
    if (signersOf(note, keys).length === 0) return unsigned
    const checkpoint = parseCheckpoint(note.text)
    return { ...asked, note, checkpoint, signatures: linesOf(note, keys) }
  } catch (error) {
    if (!(error instanceof TelltaleError)) throw error
    if (error.code === 'SIGNATURE_INVALID') return unsigned
    if (error.code === 'CHECKPOINT_INVALID' && isEmptyWithRoot(note)) {
      return refusal(422, 'No entries have another root.')
    }
    throw error
  }
}

/** No entries with the root of some: no checkpoint at all, but the protocol has a status for it. */
function isEmptyWithRoot({ text }: Note): boolean {
  const [, size, root = ''] = text.split('\n', 3)
  const hash = size === '0' ? parseBase64(root) : null
  return hash?.length === HASH_BYTES && !hash.equals(EMPTY_ROOT)
}

async function decide(
  asked: Authenticated,
  memory: Memory,
  keys: readonly SigningKey[],
  nowMs: () => number,
): Promise<WitnessAnswer> {
  const { oldSize, checkpoint, note, signatures } = asked
  if (oldSize > checkpoint.size) return refusal(400, 'The old size is above the new one.')
  const last = await memory.read(checkpoint.origin)
  const lastSize = last?.checkpoint.size ?? 0
  if (oldSize !== lastSize) return { status: 409, body: `${lastSize}\n` }
  const problem = inconsistency(asked, last)
  if (problem !== null) return refusal(422, problem)
  const timeS = timeOf(nowMs(), last)
  const again =
    last?.timeS === timeS && last.note.text === note.text ? linesOf(last.note, keys) : []
  // The same checkpoint within a second is the same answer, so that replays cost no disk.
  if (again.length === keys.length) return { status: 200, body: formatSignatures(again) }
  const cosignatures = keys.map((key) => cosign(key, note.text, timeS))
  const cosigned = { text: note.text, signatures: [...signatures, ...cosignatures] }
  await memory.replace(checkpoint.origin, last, formatNote(cosigned))
  return { status: 200, body: formatSignatures(cosignatures) }
}

/** A larger tree was not seen before a smaller one, though a clock may be set back a little; one
 * that was far ahead is not followed for ever. */
function timeOf(nowMs: number, last: Cosigned | null): number {
  const nowS = Math.max(1, Math.floor(nowMs / 1000))
  const lastS = last?.timeS ?? 0
  return lastS - nowS > WITNESS_CLOCK_STEP_MAX_S ? nowS : Math.max(nowS, lastS)
}

/** Why a checkpoint does not follow the last one; null where it does. */
function inconsistency(
  { oldSize, proof, checkpoint }: Authenticated,
  last: Cosigned | null,
): string | null {
  if (oldSize === 0 || last === null) {
    return proof.length === 0 ? null : 'From nothing there is nothing to prove.'
  }
  try {
    verifyConsistency({
      from: oldSize,
      to: checkpoint.size,
      oldRoot: last.checkpoint.root,
      newRoot: checkpoint.root,
      proof,
    })
    return null
  } catch (error) {
    if (error instanceof TelltaleError) return error.message
    throw error
  }
}

/** The signatures of a note that name one of these keys. */
function linesOf({ signatures }: Note, keys: readonly VerifierKey[]): Signature[] {
  return signatures.filter(({ name, id }) => keys.some((key) => key.name === name && key.id === id))
}

function checkKeys(keys: readonly SigningKey[]): void {
  const types = keys.map(({ type }) => type)
  const problem =
    types.length === 0 || new Set(types).size < types.length || types.includes(KEY_TYPE.ed25519)
  if (!problem) return
  throw new TelltaleError('KEY_INVALID', {
    problem: 'a witness has one cosignature key of each type at most, and one at least',
  })
}
