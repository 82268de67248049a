/**
 * Cuts a stream of bytes into blocks of whole lines. A line of more than ROW_BYTES_MAX
 * bytes is never held: its start is kept for the person, the rest is skipped.
 */
import { isUtf8 } from 'node:buffer'
import { REJECT_TEXT_MAX, ROW_BYTES_MAX } from '../base/limits.ts'

const LF = 10

/** Chunks are taken in pieces of this size, so that only `hold` ever meets an over-long line. */
const PIECE_BYTES = 1 << 18

export interface LineBlock {
  /** Whole lines, each ended by LF, but for the last one of the file, which may lack it. */
  readonly bytes: Buffer
  /** The same, decoded. */
  text(): string
  /** 1-based number of the first line. */
  readonly line: number
  /** Lines that are not UTF-8 (decoded with U+FFFD). */
  readonly invalid: ReadonlySet<number>
  /** True where a NUL or U+001F occurs: rows holding one cannot be carried on. */
  readonly control: boolean
}

export interface LongLine {
  readonly line: number
  readonly start: string
}

const NONE: ReadonlySet<number> = new Set()

export type Piece =
  | { readonly kind: 'block'; readonly block: LineBlock }
  | { readonly kind: 'long'; readonly long: LongLine }

/** Blocks and over-long lines in file order. The byte order mark is left out. */
export async function* linePieces(bytes: AsyncIterable<Buffer>): AsyncIterable<Piece> {
  const cutter = lineCutter()
  for await (const chunk of bytes) yield* cutter.push(chunk)
  yield* cutter.end()
}

/** The same without I/O: push chunks, split however they like. */
export function lineCutter() {
  let carry: Buffer[] = []
  let carried = 0
  let line = 1
  let first = true
  let skipping = false

  function* cut(lines: Buffer): Generator<Piece> {
    if (lines.length === 0) return
    const block = blockOf(first ? withoutMark(lines) : lines, line)
    first = false
    line = block.nextLine
    yield { kind: 'block', block: block.block }
  }

  function* hold(rest: Buffer): Generator<Piece> {
    if (rest.length > 0) carry.push(rest)
    carried += rest.length
    if (carried <= ROW_BYTES_MAX) return
    const start = Buffer.concat(carry).subarray(0, REJECT_TEXT_MAX).toString('utf8')
    yield { kind: 'long', long: { line, start } }
    carry = []
    carried = 0
    skipping = true
    first = false
  }

  /** Ends the line that is held or skipped; `head` is its last part, LF included. */
  function* endLine(head: Buffer): Generator<Piece> {
    if (!skipping && carried + head.length - 1 > ROW_BYTES_MAX) yield* hold(head)
    if (skipping) {
      skipping = false
      line++
      return
    }
    const whole = Buffer.concat([...carry, head])
    carry = []
    carried = 0
    yield* cut(whole)
  }

  function* pushPiece(piece: Buffer): Generator<Piece> {
    let rest = piece
    if (skipping || carried > 0) {
      const end = rest.indexOf(LF) + 1
      if (end === 0) {
        if (!skipping) yield* hold(rest)
        return
      }
      yield* endLine(rest.subarray(0, end))
      rest = rest.subarray(end)
    }
    const end = rest.lastIndexOf(LF) + 1
    yield* cut(rest.subarray(0, end))
    yield* hold(rest.subarray(end))
  }

  return {
    *push(chunk: Buffer): Generator<Piece> {
      for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
        yield* pushPiece(chunk.subarray(at, at + PIECE_BYTES))
      }
    },
    *end(): Generator<Piece> {
      if (!skipping) yield* cut(Buffer.concat(carry))
    },
  }
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
}

function blockOf(bytes: Buffer, line: number): { block: LineBlock; nextLine: number } {
  const invalid = isUtf8(bytes) ? NONE : invalidLines(bytes, line)
  const control = bytes.includes(0) || bytes.includes(31)
  const text = () => bytes.toString('utf8')
  return { block: { bytes, text, line, invalid, control }, nextLine: line + count(bytes) }
}

function count(bytes: Buffer): number {
  let lines = 0
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) lines++
  return lines
}

function invalidLines(bytes: Buffer, line: number): ReadonlySet<number> {
  const invalid = new Set<number>()
  for (let at = 0, n = line; at < bytes.length; n++) {
    const found = bytes.indexOf(LF, at)
    const end = found < 0 ? bytes.length : found + 1
    if (!isUtf8(bytes.subarray(at, end))) invalid.add(n)
    at = end
  }
  return invalid
}
