/** `sign-subtree` of C2SP tlog-witness: cosigning a part of a checkpoint that was cosigned before. */
import { TelltaleError } from '../base/errors.ts'
import { parseCheckpoint } from '../tlog/checkpoint.ts'
import { cosignSubtree } from '../tlog/cosignature.ts'
import { formatSignatures } from '../tlog/note.ts'
import { verifySubtree } from '../tlog/proof.ts'
import { signersOf } from '../tlog/signed.ts'
import { KEY_TYPE, type SigningKey } from '../tlog/vkey.ts'
import { parseSignSubtree } from './request.ts'

/** A request refused: a status of the protocol and a sentence for a person. */
export interface Refusal {
  readonly status: 400 | 403 | 404 | 422 | 503
  readonly body: string
}

export function refusal(status: Refusal['status'], sentence: string): Refusal {
  return { status, body: `${sentence}\n` }
}

/** Needs nothing but the witness's keys: its own cosignature on the checkpoint vouches for it. */
export function signSubtree(
  body: Uint8Array,
  keys: readonly SigningKey[],
  isKnown: (origin: string) => boolean,
): Refusal | { readonly status: 200; readonly body: string } {
  const key = keys.find(({ type }) => type === KEY_TYPE.mldsa)
  if (key === undefined) return refusal(404, 'This witness cosigns no subtrees.')
  try {
    const { start, end, root, proof, note } = parseSignSubtree(body)
    const { origin, size, root: treeRoot } = parseCheckpoint(note.text)
    if (end > size) return refusal(400, 'The subtree ends behind the checkpoint.')
    if (!isKnown(origin)) return refusal(404, 'This log is not known here.')
    if (signersOf(note, keys).length === 0) {
      return refusal(403, 'This witness did not cosign the checkpoint.')
    }
    verifySubtree({ start, end, size, subtreeRoot: root, root: treeRoot, proof })
    const signature = cosignSubtree(key, { origin, start, end, root })
    return { status: 200, body: formatSignatures([signature]) }
  } catch (error) {
    if (!(error instanceof TelltaleError)) throw error
    if (error.code === 'SIGNATURE_INVALID') return refusal(403, error.message)
    if (error.code === 'PROOF_INVALID') return refusal(422, error.message)
    if (error.exit === 2) return refusal(400, error.message)
    throw error
  }
}
