/** Receipts, which prove one entry to whoever has no access to the log: C2SP tlog-proof,
 * docs/formats.md section 6. */
import { TelltaleError } from '../base/errors.ts'
import { RECEIPT_BYTES_MAX } from '../base/limits.ts'
import { formatBase64, parseBase64 } from './base64.ts'
import { parseDecimal } from './decimal.ts'
import { HASH_BYTES } from './hash.ts'
import { formatNote, type Note, parseNote } from './note.ts'
import type { Policy } from './policy.ts'
import { verifyInclusion } from './proof.ts'
import { type Evaluation, requireQuorum } from './quorum.ts'
import { readText } from './text.ts'

/** One entry's place in a log, with what proves it. */
export interface Receipt {
  /** What somebody wrote beside it, at least one byte; nothing signs it. Null: none. */
  readonly extra: Buffer | null
  /** Which entry, from 0. */
  readonly index: number
  /** Its inclusion proof, from the leaf's sibling up. */
  readonly proof: readonly Buffer[]
  /** The signed checkpoint. */
  readonly note: Note
}

const HEADER = 'c2sp.org/tlog-proof@v1'

/** Reads a receipt that `formatReceipt` would write; nothing is verified. Throws
 * `RECEIPT_INVALID`, `NOTE_INVALID`. */
export function parseReceipt(input: Uint8Array | string): Receipt {
  const text = readText(input, RECEIPT_BYTES_MAX)
  if (text === null) throw invalid('it is too long, not UTF-8, or holds a control character')
  const end = text.indexOf('\n\n')
  if (end === -1) throw invalid('no empty line stands before the checkpoint')
  const lines = text.slice(0, end).split('\n')
  if (lines.shift() !== HEADER) throw invalid(`its first line is not ${HEADER}`)
  const extra = lines[0]?.startsWith('extra ') ? extraOf(lines.shift() as string) : null
  const index = indexOf(lines.shift())
  return { extra, index, proof: lines.map(hashOf), note: parseNote(text.slice(end + 2)) }
}

/** The receipt as text. */
export function formatReceipt({ extra, index, proof, note }: Receipt): string {
  const lines = [HEADER, `index ${index}`, ...proof.map(formatBase64)]
  if (extra !== null) lines.splice(1, 0, `extra ${formatBase64(extra)}`)
  return `${lines.join('\n')}\n\n${formatNote(note)}`
}

/**
 * Checks that the receipt proves an entry of this leaf hash, under a checkpoint that the policy
 * accepts. The entry is number `receipt.index` of the log that is returned. Throws
 * `PROOF_INVALID`, and what `requireQuorum` throws.
 */
export function verifyReceipt(receipt: Receipt, leaf: Uint8Array, policy: Policy): Evaluation {
  const evaluation = requireQuorum(policy, receipt.note)
  const { size, root } = evaluation.checkpoint
  verifyInclusion({ index: receipt.index, size, leaf, root, proof: receipt.proof })
  return evaluation
}

function extraOf(line: string): Buffer {
  const extra = parseBase64(line.slice('extra '.length))
  if (extra === null || extra.length === 0) throw invalid('its extra line is not base64')
  return extra
}

function indexOf(line = ''): number {
  const index = line.startsWith('index ') ? parseDecimal(line.slice('index '.length)) : null
  if (index === null) throw invalid('it has no line of the form "index <decimal>"')
  return index
}

function hashOf(line: string): Buffer {
  const hash = parseBase64(line)
  if (hash?.length !== HASH_BYTES) throw invalid('a line of its proof is no hash')
  return hash
}

function invalid(problem: string) {
  return new TelltaleError('RECEIPT_INVALID', { problem })
}
