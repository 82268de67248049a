/** What a witness is asked, in the one form of C2SP tlog-witness. */
import { TelltaleError } from '../base/errors.ts'
import { WITNESS_BODY_BYTES_MAX, WITNESS_PROOF_HASHES_MAX } from '../base/limits.ts'
import { parseBase64 } from '../tlog/base64.ts'
import { parseDecimal } from '../tlog/decimal.ts'
import { HASH_BYTES } from '../tlog/hash.ts'
import { type Note, parseNote } from '../tlog/note.ts'
import { isSubtree } from '../tlog/subtree.ts'
import { readText } from '../tlog/text.ts'

/** A request to cosign a checkpoint. */
export interface AddCheckpoint {
  /** Entries of the checkpoint that the proof starts from. */
  readonly oldSize: number
  readonly proof: readonly Buffer[]
  /** The signed checkpoint, a note that is not read yet: who sent it comes first. */
  readonly signed: string
}

/** A request to cosign a part of a checkpoint, its signatures not verified. */
export interface SignSubtree {
  readonly start: number
  /** The first entry behind the part. */
  readonly end: number
  readonly root: Buffer
  readonly proof: readonly Buffer[]
  readonly note: Note
}

/** Throws REQUEST_INVALID. */
export function parseAddCheckpoint(body: Uint8Array): AddCheckpoint {
  const { lines, signed } = divide(body)
  const [first, ...hashes] = lines
  const oldSize = parseDecimal(/^old (.*)$/.exec(first)?.[1] ?? '')
  if (oldSize === null) throw invalid('its first line is not "old" and a size')
  return { oldSize, proof: parseProof(hashes), signed }
}

/** Throws REQUEST_INVALID, NOTE_INVALID. */
export function parseSignSubtree(body: Uint8Array): SignSubtree {
  const { lines, signed } = divide(body)
  const [first, hash = '', ...hashes] = lines
  const [, from = '', to = ''] = /^subtree ([^ ]*) ([^ ]*)$/.exec(first) ?? []
  const [start, end] = [parseDecimal(from), parseDecimal(to)]
  if (start === null || end === null || !isSubtree(start, end)) {
    throw invalid('its first line is not "subtree" and the bounds of one')
  }
  return { start, end, root: parseHash(hash), proof: parseProof(hashes), note: parseNote(signed) }
}

/** The lines up to the first empty one, and the note behind it. */
function divide(body: Uint8Array) {
  const text = readText(body, WITNESS_BODY_BYTES_MAX)
  if (text === null) throw invalid('it is too long or no plain text')
  const split = text.indexOf('\n\n')
  if (split === -1) throw invalid('it has no empty line')
  return { lines: text.slice(0, split).split('\n'), signed: text.slice(split + 2) }
}

function parseProof(lines: readonly string[]): Buffer[] {
  if (lines.length > WITNESS_PROOF_HASHES_MAX) throw invalid('its proof has too many lines')
  return lines.map(parseHash)
}

function parseHash(line: string): Buffer {
  const hash = parseBase64(line)
  if (hash?.length !== HASH_BYTES) throw invalid('a line is no hash')
  return hash
}

function invalid(reason: string) {
  return new TelltaleError('REQUEST_INVALID', { reason })
}
