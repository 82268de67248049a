/** Judging a signed checkpoint by what the reader trusts. */
import { TelltaleError } from '../base/errors.ts'
import type { TreeHead } from '../sequencer/source.ts'
import type { Finding } from '../sequencer/verify.ts'
import { formatBase64 } from '../tlog/base64.ts'
import { type Checkpoint, parseCheckpoint } from '../tlog/checkpoint.ts'
import { type Note, parseNote } from '../tlog/note.ts'
import type { Policy } from '../tlog/policy.ts'
import { type Evaluation, evaluate } from '../tlog/quorum.ts'
import { formatKeyId, type VerifierKey } from '../tlog/vkey.ts'
import type { CheckpointReport, SignerName } from './report.ts'
import type { Trust } from './trust.ts'

/** A checkpoint and what is to be said of it. */
export interface Judged {
  /** What it claims, whoever signed it; null where it cannot be read. */
  readonly head: (TreeHead & { readonly origin: string }) | null
  readonly report: CheckpointReport | null
  readonly findings: readonly Finding[]
  readonly doubts: readonly string[]
}

const NOTHING: Judged = { head: null, report: null, findings: [], doubts: [] }

/** Judges the note of a log's checkpoint, read from `path`. Without trust only what it claims is
 * told, and the doubt that nobody vouches for it. */
export function judgeCheckpoint(bytes: Uint8Array, path: string, trust: Trust | null): Judged {
  if (bytes.length === 0) return { ...NOTHING, findings: [{ path, problem: 'it is missing' }] }
  let note: Note
  let checkpoint: Checkpoint
  try {
    note = parseNote(bytes)
    checkpoint = parseCheckpoint(note.text)
  } catch (error) {
    return { ...NOTHING, findings: [{ path, problem: clauseOf(error) }] }
  }
  const { origin, size, root } = checkpoint
  const judged = { head: { origin, size, root }, findings: [], doubts: [] as string[] }
  if (trust === null) {
    const doubts = [
      `No key was given, and the log holds none: nothing says who signed it. ${ADVICE}`,
    ]
    return { ...judged, doubts, report: reportOf(checkpoint, note, null, null) }
  }
  if (!trust.isTold) judged.doubts.push(OWN_WORD)
  try {
    const evaluation = evaluate(trust.policy, note)
    const findings = evaluation.isQuorum
      ? []
      : [{ path, problem: quorumProblem(trust.policy, evaluation) }]
    return { ...judged, findings, report: reportOf(checkpoint, note, trust.policy, evaluation) }
  } catch (error) {
    const report = reportOf(checkpoint, note, trust.policy, null)
    if (error instanceof TelltaleError && error.code === 'ALGORITHM_MISSING') {
      return { ...judged, doubts: [...judged.doubts, error.message], report }
    }
    return { ...judged, findings: [{ path, problem: clauseOf(error) }], report }
  }
}

const ADVICE =
  'To be sure, give --key with the key that whoever runs the log handed to you by another way.'
const OWN_WORD = `No key was given: everything agrees with the key in the log itself, which whoever changes the log can change too. ${ADVICE}`

function reportOf(
  { origin, size, root }: Checkpoint,
  note: Note,
  policy: Policy | null,
  evaluation: Evaluation | null,
): CheckpointReport {
  const known: readonly VerifierKey[] = [...(policy?.logs ?? []), ...(policy?.witnesses ?? [])]
  const unknown = note.signatures.filter(
    ({ name, id }) => !known.some((key) => key.name === name && key.id === id),
  )
  return {
    origin,
    size,
    root: formatBase64(root),
    signedBy: evaluation === null ? null : nameOf(evaluation.log),
    cosigned: (evaluation?.cosigned ?? []).map(({ key, timeS }) => ({
      ...nameOf(key),
      witness: key.label,
      at: timeS === null || timeS === 0 ? null : isoOf(timeS),
    })),
    quorum: !policy?.quorum ? 'none' : evaluation?.isQuorum ? 'reached' : 'missing',
    unknown: unknown.map(nameOf),
  }
}

function nameOf({ name, id }: { readonly name: string; readonly id: number }): SignerName {
  return { name, keyId: formatKeyId(id) }
}

/** A witness's clock may say anything up to 2^53 s. */
function isoOf(timeS: number): string | null {
  const time = new Date(timeS * 1000)
  return Number.isNaN(time.getTime()) ? null : time.toISOString()
}

function quorumProblem({ witnesses }: Policy, { cosigned }: Evaluation): string {
  return `${cosigned.length} of the policy's ${witnesses.length} witnesses cosigned it, which is no quorum`
}

/** An error of reading or checking as a clause about the file it was found in. Throws what is no
 * finding. */
export function clauseOf(error: unknown): string {
  if (!(error instanceof TelltaleError)) throw error
  const { name, id, problem, path } = error.details
  switch (error.code) {
    case 'SIGNATURE_INVALID':
      return `the signature of ${name} (key ${id}) does not hold`
    case 'SIGNATURE_MISSING':
      return `it is not signed by ${name} (key ${id})`
    case 'LOG_UNKNOWN':
      return 'the key that you trust did not sign it under its own name'
    case 'LOG_INCOMPLETE':
      return `${path} is missing or too short`
    case 'NOTE_INVALID':
    case 'CHECKPOINT_INVALID':
    case 'PROOF_INVALID':
    case 'LOG_DAMAGED':
      return `${problem}`
    default:
      throw error
  }
}
