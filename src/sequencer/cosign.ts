/** Publishing only what the policy's witnesses have cosigned. */
import { TelltaleError } from '../base/errors.ts'
import { parseCheckpoint } from '../tlog/checkpoint.ts'
import { parseNote } from '../tlog/note.ts'
import type { Cosign } from './signer.ts'
import type { Gathered, Gatherer } from './witnesses.ts'

/** `onGathered` is told of every round, whatever comes of it. */
export function cosignWith(gatherer: Gatherer, onGathered: (gathered: Gathered) => void): Cosign {
  return async (note, proof) => {
    const gathered = await gatherer.gather(note, proof)
    onGathered(gathered)
    const { size } = parseCheckpoint(parseNote(note).text)
    for (const outcome of gathered.outcomes) stopWhereProven(outcome, size)
    return gathered.isQuorum ? gathered.note : null
  }
}

/** A witness may lie, but it cannot sign with our key: a quorum changes nothing about that. */
function stopWhereProven(outcome: Gathered['outcomes'][number], size: number): void {
  if (outcome.kind === 'ahead' && outcome.isProven) {
    throw new TelltaleError('LOG_ROLLED_BACK', { size, signed: outcome.size })
  }
  if (outcome.kind === 'forked' && outcome.isProven) {
    const problem = `a witness holds a checkpoint of ${outcome.size} entries that its key signed`
    throw new TelltaleError('LOG_FORKED', {
      problem: `${problem}, and it does not begin with them`,
    })
  }
}
