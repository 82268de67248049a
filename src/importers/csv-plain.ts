/** Rows without quotes, left undivided: the engine divides them in a fraction of the time. */
import { REJECT_TEXT_MAX } from '../base/limits.ts'
import type { LineBlock } from './lines.ts'
import { type CsvShape, emptyRows, type RawRows } from './raw-rows.ts'

const QUOTE = 34
const LF = 10
const CR = 13

/** A run is cut at about this many bytes: few calls, and parts that fit the caches. */
const RUN_BYTES = 1 << 14

/** Whether every row of a block may be left undivided. */
export function isPlain({ bytes, invalid, control }: LineBlock): boolean {
  return invalid.size === 0 && !control && !bytes.includes(QUOTE)
}

/** The rows of a block without quotes, undivided; those with another number of columns rejected. */
export function plainRows(block: LineBlock, shape: CsvShape): RawRows {
  const { bytes } = block
  const out = emptyRows(shape.wanted.length)
  const delimiter = shape.delimiter.charCodeAt(0)
  let line = block.line
  let run = { line, from: 0, rows: 0 }
  const close = (end: number) => {
    if (run.rows === 0) return
    out.runs.push({ line: run.line, rows: run.rows, bytes: bytes.subarray(run.from, end) })
  }
  for (let from = 0, columns = 1, at = 0; at <= bytes.length; at++) {
    const code = at < bytes.length ? bytes[at] : LF
    if (code === delimiter) columns++
    if (code !== LF || (at === bytes.length && from === at)) continue
    const isBlank = at === from || (at === from + 1 && bytes[from] === CR)
    if (columns === shape.columns && !isBlank) run.rows++
    if (columns !== shape.columns || isBlank || at - run.from >= RUN_BYTES) {
      const isRow = columns === shape.columns && !isBlank
      close(isRow ? at : from - 1)
      if (!isRow && !isBlank) {
        const text = bytes.toString('utf8', from, Math.min(at, from + REJECT_TEXT_MAX)).trimEnd()
        out.rejects.push({ line, reason: 'column-count', text })
      }
      run = { line: line + 1, from: at + 1, rows: 0 }
    }
    line++
    from = at + 1
    columns = 1
  }
  close(bytes.at(-1) === LF ? bytes.length - 1 : bytes.length)
  return out
}
