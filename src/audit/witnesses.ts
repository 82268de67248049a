/** What witnesses say of a log: each keeps the newest checkpoint that it cosigned. */
import { TelltaleError } from '../base/errors.ts'
import { parseCheckpoint } from '../tlog/checkpoint.ts'
import { parseNote } from '../tlog/note.ts'
import type { Policy, Witness } from '../tlog/policy.ts'
import { hasQuorum } from '../tlog/quorum.ts'
import { signersOf } from '../tlog/signed.ts'
import type { Kept } from './compare.ts'

/** Fetches a witness's newest checkpoint of a log; null where it answers with none. Throws nothing. */
export type AskWitness = (witness: Witness, origin: string) => Promise<string | null>

/** What the witnesses of a policy said. */
export interface Testimony {
  readonly kept: readonly Kept[]
  readonly doubts: readonly string[]
}

/** Asks every witness of the policy that has an address. Without the word of as many as the policy
 * asks for, and of one at least, there is a doubt. */
export async function testimony(
  policy: Policy,
  origin: string,
  ask: AskWitness,
): Promise<Testimony> {
  const silent: string[] = []
  const heard = new Set<Witness>()
  const kept: Kept[] = []
  const answers = policy.witnesses
    .filter(({ url }) => url !== null)
    .map(async (witness) => {
      const problem = await hear(policy, witness, origin, ask)
      if (typeof problem === 'string') return silent.push(`${witness.label}: ${problem}`)
      heard.add(witness)
      return kept.push(problem)
    })
  await Promise.all(answers)
  if (heard.size > 0 && hasQuorum(policy, heard)) return { kept, doubts: [] }
  const why = silent.length === 0 ? 'the policy gives no address of any' : silent.sort().join('; ')
  return { kept, doubts: [`Too few witnesses told what they have seen (${why}).`] }
}

/** The witness's checkpoint, or why it is none. */
async function hear(
  { logs }: Policy,
  witness: Witness,
  origin: string,
  ask: AskWitness,
): Promise<Kept | string> {
  try {
    const answer = await ask(witness, origin)
    if (answer === null) return 'it answers with no checkpoint of this log'
    const note = parseNote(answer)
    const checkpoint = parseCheckpoint(note.text)
    if (checkpoint.origin !== origin) return 'it answered with another log'
    if (!signersOf(note, logs).some(({ key }) => key.name === origin)) {
      return 'its answer is not signed by the log'
    }
    if (signersOf(note, [witness]).length === 0) return 'its answer is not signed by itself'
    const { size, root } = checkpoint
    return { what: `the witness ${witness.label}`, size, root }
  } catch (error) {
    if (error instanceof TelltaleError) return error.message
    throw error
  }
}
