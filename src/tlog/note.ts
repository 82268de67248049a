/** Signed notes: C2SP signed-note, docs/formats.md section 4. Nothing here says who signed. */
import { TelltaleError } from '../base/errors.ts'
import { NOTE_BYTES_MAX, NOTE_SIGNATURES_MAX } from '../base/limits.ts'
import { formatBase64, parseBase64 } from './base64.ts'
import { isSignerName, readText } from './text.ts'

/** A text and who says to have signed it. */
export interface Note {
  /** Ends in LF. */
  readonly text: string
  readonly signatures: readonly Signature[]
}

/** One signature line. */
export interface Signature {
  readonly name: string
  /** The key ID, unsigned, 32 bits. */
  readonly id: number
  /** What stands after the key ID, at least one byte. */
  readonly bytes: Buffer
}

const ID_BYTES = 4
const LINE = /^— ([^ ]+) ([^ ]+)$/

/** Reads a note that `formatNote` would write, of at most 1 MiB and 64 signatures, none of them
 * verified. Throws `NOTE_INVALID`. */
export function parseNote(input: Uint8Array | string): Note {
  const note = readNoteText(input)
  const split = note.lastIndexOf('\n\n')
  if (split === -1) throw invalid('no empty line stands before the signatures')
  return { text: note.slice(0, split + 1), signatures: parseLines(note.slice(split + 2)) }
}

/** Reads signature lines without a text, as a witness answers them. Throws `NOTE_INVALID`. */
export function parseSignatures(input: Uint8Array | string): Signature[] {
  return parseLines(readNoteText(input))
}

/** The note as text: the signatures in their order, after an empty line. */
export function formatNote({ text, signatures }: Note): string {
  return `${text}\n${formatSignatures(signatures)}`
}

/** Signature lines, each ending in LF. */
export function formatSignatures(signatures: readonly Signature[]): string {
  const lines = signatures.map(({ name, id, bytes }) => {
    const head = Buffer.alloc(ID_BYTES)
    head.writeUInt32BE(id)
    return `— ${name} ${formatBase64(Buffer.concat([head, bytes]))}\n`
  })
  return lines.join('')
}

function readNoteText(input: Uint8Array | string): string {
  const text = readText(input, NOTE_BYTES_MAX)
  if (text !== null) return text
  throw invalid('it is over 1 MiB, not UTF-8, or holds a control character')
}

function parseLines(text: string): Signature[] {
  if (!text.endsWith('\n')) throw invalid('no signature line ends it')
  const lines = text.slice(0, -1).split('\n')
  if (lines.length > NOTE_SIGNATURES_MAX) {
    throw invalid(`it has more than ${NOTE_SIGNATURES_MAX} signatures`)
  }
  return lines.map(parseLine)
}

function parseLine(line: string): Signature {
  const [, name, base64] = LINE.exec(line) ?? []
  if (name === undefined || !isSignerName(name)) throw invalid('a signature line is malformed')
  const bytes = parseBase64(base64)
  if (bytes === null || bytes.length <= ID_BYTES) {
    throw invalid('a signature is not base64 in the one form, or too short')
  }
  return { name, id: bytes.readUInt32BE(0), bytes: bytes.subarray(ID_BYTES) }
}

function invalid(problem: string) {
  return new TelltaleError('NOTE_INVALID', { problem })
}
