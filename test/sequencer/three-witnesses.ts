/** Three real witnesses of one log, without a network between, for tests of who asks them. */
import type { WitnessClient, WitnessReply, WitnessRequest } from '../../src/sequencer/witnesses.ts'
import { parseSignatures } from '../../src/tlog/note.ts'
import { type Policy, parsePolicy } from '../../src/tlog/policy.ts'
import { formatVkey, KEY_TYPE, signingKey } from '../../src/tlog/vkey.ts'
import type { Witness } from '../../src/witness/witness.ts'
import { bodyOf, historyOf, LOG, open, proofOf, seedOf, storeInMemory } from '../witness/fixture.ts'

const leaves = historyOf(40)
/** The first entries of the log's history. */
export const first = (size: number) => leaves.slice(0, size)
/** Of the three witnesses. */
export const KEYS = ['one', 'two', 'three'].map((name) =>
  signingKey(`${name}.example`, KEY_TYPE.cosignature, seedOf(name)),
)

/** Two of three, or however many: the witnesses w0, w1 and w2 in a group g. */
export function policyOf(quorum: string): Policy {
  const witnesses = KEYS.map((key, i) => `witness w${i} ${formatVkey(key)}\n`).join('')
  const group = quorum === 'none' ? 'none' : 'g'
  const line = quorum === 'none' ? '' : `group g ${quorum} w0 w1 w2\n`
  return parsePolicy(`log ${formatVkey(LOG)}\n${witnesses}${line}quorum ${group}\n`)
}
/** Two of the three. */
export const policy = policyOf('2')

/** Fresh witnesses; `asked` has the requests that came to each. */
export async function threeWitnesses() {
  const stores = KEYS.map(() => storeInMemory())
  const witnesses = await Promise.all(KEYS.map((key, i) => open(stores[i], { keys: [key] })))
  const asked: WitnessRequest[][] = KEYS.map(() => [])
  const clients: WitnessClient[] = KEYS.map((_, i) => ({
    witnesses: [policy.witnesses[i]],
    add: async (request) => {
      asked[i].push(request)
      return replyOf(witnesses[i], request)
    },
    latest: async (origin) => stores[i].notes.get(origin) ?? null,
  }))
  return { asked, clients }
}

async function replyOf(witness: Witness, { oldSize, proof, note }: WitnessRequest) {
  const body = bodyOf(oldSize, [], { proof, note })
  const { status, body: text } = await witness.addCheckpoint(Buffer.from(body))
  const replies: Record<number, WitnessReply> = {
    409: { kind: 'conflict', size: Number(text) },
    422: { kind: 'unproven' },
  }
  if (status === 200) return { kind: 'cosigned' as const, signatures: parseSignatures(text) }
  return replies[status] ?? { kind: 'refused' as const, reason: text }
}

/** A proof out of the history that the log has. */
export const proofIn = (history: readonly Buffer[]) => async (oldSize: number) =>
  proofOf(oldSize, history)
