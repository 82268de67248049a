/** The terminal as the commands see it: three streams and a width. */
import { reasonOf } from '../base/errors.ts'

/** Where a command reads and writes. */
export interface Terminal {
  out(text: string): void
  err(text: string): void
  /** Standard input, to be read once. */
  input(): AsyncIterable<Uint8Array>
  /** Resolves when what was written to `out` is on its way, so that more may come. */
  drained(): Promise<void>
  readonly columns: number
  readonly colour: boolean
  /** True where standard error is watched by a person, so that progress may redraw its line. */
  readonly live: boolean
}

/** Tells failures of a server, which its clients are not told of. */
export function tellFaults(terminal: Terminal): (error: unknown) => void {
  return (error) => terminal.err(`${reasonOf(error)}\n`)
}
