import { createHash } from 'node:crypto'
import { signNote } from '../../src/tlog/cosignature.ts'
import { EMPTY_ROOT, leafHash } from '../../src/tlog/hash.ts'
import { formatNote } from '../../src/tlog/note.ts'
import { signCheckpoint } from '../../src/tlog/signed.ts'
import { KEY_TYPE, type SigningKey, signingKey } from '../../src/tlog/vkey.ts'
import type { WitnessStore } from '../../src/witness/store.ts'
import { openWitness } from '../../src/witness/witness.ts'
import { naiveConsistency, naiveRoot } from '../tlog/trees.ts'

export const seedOf = (name: string) => createHash('sha256').update(`seed of ${name}`).digest()

export const LOG = signingKey('log.example/one', KEY_TYPE.ed25519, seedOf('log'))
export const OTHER_LOG = signingKey('log.example/two', KEY_TYPE.ed25519, seedOf('other log'))
export const STRANGER = signingKey('log.example/one', KEY_TYPE.ed25519, seedOf('stranger'))
export const WITNESS = signingKey('witness.example', KEY_TYPE.cosignature, seedOf('witness'))
export const MLDSA = mldsaKey()

/** Null on a Node without ML-DSA-44. */
function mldsaKey(): SigningKey | null {
  try {
    return signingKey('witness.example', KEY_TYPE.mldsa, seedOf('witness'))
  } catch {
    return null
  }
}

/** A history of a log: `name` tells it from other histories that have `shared` entries in common. */
export function historyOf(size: number, name = 'main', shared = 0): Buffer[] {
  return Array.from({ length: size }, (_, i) =>
    leafHash(Buffer.from(`entry ${i} of ${i < shared ? 'main' : name}`)),
  )
}

export const rootOf = (leaves: readonly Buffer[]) =>
  leaves.length === 0 ? EMPTY_ROOT : naiveRoot(leaves)

export function checkpointOf(
  leaves: readonly Buffer[],
  key: SigningKey = LOG,
  extensions: readonly string[] = [],
): string {
  return signCheckpoint(
    { origin: key.name, size: leaves.length, root: rootOf(leaves), extensions },
    key,
  )
}

/** A note of this text by a log, whatever it says. */
export const signText = (text: string, key: SigningKey = LOG) =>
  formatNote({ text, signatures: [signNote(key, text)] })

export function proofOf(oldSize: number, leaves: readonly Buffer[]): Buffer[] {
  return oldSize === 0 || oldSize >= leaves.length ? [] : naiveConsistency(oldSize, leaves)
}

/** The body of a request, as a log writes it. */
export function bodyOf(
  oldSize: number | string,
  leaves: readonly Buffer[],
  parts: { proof?: readonly Buffer[]; note?: string } = {},
): string {
  const proof = parts.proof ?? proofOf(Number(oldSize), leaves)
  const lines = proof.map((hash) => `${hash.toString('base64')}\n`).join('')
  return `old ${oldSize}\n${lines}\n${parts.note ?? checkpointOf(leaves)}`
}

/** A store in memory; a test may make it slow or let it fail. */
export function storeInMemory() {
  const notes = new Map<string, string>()
  const store = {
    notes,
    /** Before a note is replaced. */
    before: async () => {},
    /** When it has been. */
    after: async () => {},
    read: async (origin: string) => notes.get(origin) ?? null,
    replace: async (origin: string, note: string) => {
      await store.before()
      notes.set(origin, note)
      await store.after()
    },
  } satisfies WitnessStore & Record<string, unknown>
  return store
}

export const KNOWN = new Map([
  [LOG.name, [LOG]],
  [OTHER_LOG.name, [OTHER_LOG]],
])

export const open = (
  store: WitnessStore,
  options: { keys?: readonly SigningKey[]; nowMs?: () => number } = {},
) =>
  openWitness({ keys: [WITNESS], logs: KNOWN, store, nowMs: () => 1_700_000_000_000, ...options })
