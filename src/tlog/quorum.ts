/** Whether a checkpoint is good enough by a policy: C2SP tlog-policy. */
import { TelltaleError } from '../base/errors.ts'
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts'
import type { Note } from './note.ts'
import type { Group, Policy, PolicyKey, Witness } from './policy.ts'
import { type Signer, signersOf } from './signed.ts'

/** What a policy makes of a signed checkpoint. */
export interface Evaluation {
  readonly checkpoint: Checkpoint
  /** The first log of the policy that signed it under its own name. */
  readonly log: PolicyKey
  /** The witnesses that cosigned it, in the order of the policy, and when. */
  readonly cosigned: readonly Signer<Witness>[]
  /** Whether they are enough. */
  readonly isQuorum: boolean
}

/**
 * Evaluates a checkpoint. Throws `CHECKPOINT_INVALID`, `SIGNATURE_INVALID` where a line of any key
 * of the policy does not hold, `LOG_UNKNOWN` where no log of the policy signed it under its own
 * name, `ALGORITHM_MISSING`.
 */
export function evaluate(policy: Policy, note: Note): Evaluation {
  const checkpoint = parseCheckpoint(note.text)
  const logs = signersOf(note, policy.logs)
  const cosigned = signersOf(note, policy.witnesses)
  const log = logs.find(({ key }) => key.name === checkpoint.origin)
  if (log === undefined) throw new TelltaleError('LOG_UNKNOWN', { origin: checkpoint.origin })
  const witnesses = new Set(cosigned.map(({ key }) => key))
  return { checkpoint, log: log.key, cosigned, isQuorum: hasQuorum(policy, witnesses) }
}

/** Evaluates a checkpoint that must have its quorum. Throws as `evaluate`, and `QUORUM_MISSING`. */
export function requireQuorum(policy: Policy, note: Note): Evaluation {
  const evaluation = evaluate(policy, note)
  if (evaluation.isQuorum) return evaluation
  throw new TelltaleError('QUORUM_MISSING', {
    count: evaluation.cosigned.length,
    witnesses: policy.witnesses.length,
  })
}

/** Whether these witnesses of the policy are enough. */
export function hasQuorum(policy: Policy, witnesses: ReadonlySet<Witness>): boolean {
  if (policy.quorum === null) return true
  const reached = new Set<Witness | Group>(witnesses)
  // Each group stands after its members: no recursion, however deep they are nested.
  for (const group of policy.groups) {
    const count = group.members.filter((member) => reached.has(member)).length
    if (count >= group.threshold) reached.add(group)
  }
  return reached.has(policy.quorum)
}
