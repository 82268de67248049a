/** Says on stderr how far long work has come: one line redrawn on a terminal, plain lines elsewhere. */
import { columnsOf } from './layout.ts'
import { count, shorten, visible } from './words.ts'

const REDRAW_MS = 100
const PLAIN_LINE_MS = 10_000
/** Work shorter than this is not worth a line where nobody watches. */
const WORTH_A_LINE_MS = 1000

export interface ProgressStream {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** Progress of a command, told as it goes. */
export interface Progress {
  /** Ends the phase before, if any, and begins this one; `unit`: what it works through. */
  phase(name: string, unit?: 'rows' | 'entries'): void
  /** Rows or entries done so far in this phase, and how many there are where that is known. */
  rows(done: number, total?: number): void
  /** A line that stays, such as a warning. */
  note(text: string): void
  /** Ends the last phase and leaves the cursor on a fresh line. */
  end(): void
}

interface Phase {
  readonly name: string
  readonly unit: string
  readonly startedMs: number
  shownMs: number
  done: number
  total: number | undefined
}

/** `nowMs` is a clock that only moves forward. */
export function createProgress(stream: ProgressStream, nowMs: () => number): Progress {
  const live = stream.isTTY === true
  let current: Phase | undefined

  const clear = () => live && stream.write('\r\u001b[2K')
  const draw = (phase: Phase) => {
    const text = describe(phase, nowMs() - phase.startedMs)
    phase.shownMs = nowMs()
    if (live) stream.write(`\r\u001b[2K${shorten(text, Math.max(20, (stream.columns ?? 80) - 1))}`)
    else stream.write(`${text}\n`)
  }
  const finish = () => {
    if (current === undefined) return
    const elapsedMs = nowMs() - current.startedMs
    clear()
    if (live || elapsedMs >= WORTH_A_LINE_MS) stream.write(`${summary(current, elapsedMs)}\n`)
    current = undefined
  }

  return {
    phase(name, unit = 'rows') {
      finish()
      const startedMs = nowMs()
      current = {
        name: visible(name),
        unit,
        startedMs,
        shownMs: startedMs,
        done: 0,
        total: undefined,
      }
      if (live) draw(current)
    },
    rows(done, total) {
      if (current === undefined) return
      current.done = done
      current.total = total
      if (nowMs() - current.shownMs >= (live ? REDRAW_MS : PLAIN_LINE_MS)) draw(current)
    },
    note(text) {
      clear()
      stream.write(`${visible(text)}\n`)
      if (live && current !== undefined) draw(current)
    },
    end: finish,
  }
}

function describe(phase: Phase, elapsedMs: number): string {
  const parts = [phase.name]
  if (phase.total !== undefined && phase.total > 0) {
    const percent = Math.floor((100 * Math.min(phase.done, phase.total)) / phase.total)
    parts.push(`${percent}%`)
  }
  if (phase.done > 0) {
    parts.push(`${count(phase.done)} ${phase.unit}`)
    if (elapsedMs >= WORTH_A_LINE_MS) {
      parts.push(`${count((phase.done * 1000) / elapsedMs)} ${phase.unit}/s`)
    }
  }
  const text = parts.join('  ')
  return columnsOf(text) === columnsOf(phase.name) ? `${text} ...` : text
}

function summary(phase: Phase, elapsedMs: number): string {
  const rows = phase.done > 0 ? `${count(phase.done)} ${phase.unit}, ` : ''
  return `${phase.name}: ${rows}${(elapsedMs / 1000).toFixed(1)} s`
}
