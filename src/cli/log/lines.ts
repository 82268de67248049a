/** Lines of a stream of bytes, in memory that does not grow with it. */
import { LINE_BYTES_MAX } from '../../base/limits.ts'

/** Lines that follow each other. */
export interface Lines {
  /** Number of the first, from 1. */
  readonly first: number
  /** Without LF. */
  readonly lines: readonly string[]
  /** What is wrong with the line after them, where the stream is not read on; null: nothing. */
  readonly problem: string | null
}

const LF = 0x0a
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Lines of UTF-8, the last with LF or without. Ends after the first problem. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Lines> {
  let begun: Buffer[] = []
  let begunBytes = 0
  let first = 1
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    const end = bytes.lastIndexOf(LF) + 1
    if (end > 0) {
      const part = decoded(Buffer.concat([...begun, bytes.subarray(0, end)]), first)
      yield part
      if (part.problem !== null) return
      first += part.lines.length
      begun = []
      begunBytes = 0
    }
    begun.push(Buffer.from(bytes.subarray(end)))
    begunBytes += bytes.length - end
    if (begunBytes > LINE_BYTES_MAX) return yield { first, lines: [], problem: TOO_LONG }
  }
  if (begunBytes > 0) yield decoded(Buffer.concat(begun), first)
}

const TOO_LONG = `it is longer than ${LINE_BYTES_MAX} bytes`

/** Whole lines. All at once, since most are good; one by one where some are not. */
function decoded(bytes: Buffer, first: number): Lines {
  const text = textOf(bytes)
  if (text !== null) return checked(split(text), first)
  const lines: string[] = []
  for (let at = 0; at < bytes.length; ) {
    const next = bytes.indexOf(LF, at)
    const end = next === -1 ? bytes.length : next
    const line = textOf(bytes.subarray(at, end))
    if (line === null) return { ...checked(lines, first), problem: 'it is not UTF-8' }
    lines.push(line)
    at = end + 1
  }
  return checked(lines, first)
}

function checked(lines: readonly string[], first: number): Lines {
  const long = lines.findIndex((line) => line.length > LINE_BYTES_MAX)
  if (long === -1) return { first, lines, problem: null }
  return { first, lines: lines.slice(0, long), problem: TOO_LONG }
}

function split(text: string): string[] {
  const lines = text.split('\n')
  if (text.endsWith('\n')) lines.pop()
  return lines
}

function textOf(bytes: Buffer): string | null {
  try {
    return decoder.decode(bytes)
  } catch {
    return null
  }
}
