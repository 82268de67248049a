/** The end of a command that failed: what happened and what to do, never a stack trace. */
import { CommanderError } from 'commander'
import { EXIT, TelltaleError } from '../src/base/errors.ts'

/** What the file system said, in its words, without code and path. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return /^[A-Z]+: ([^,]+)/.exec(message)?.[1] ?? message
}

/** Says what happened and what to do, and sets the exit code. */
export function endWith(error: unknown): void {
  // It has said already what is wrong with the command line, or given the help asked for.
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.badInput
    return
  }
  const reason = error instanceof Error ? error.message : String(error)
  const known = error instanceof TelltaleError ? error : new TelltaleError('INTERNAL', { reason })
  process.stderr.write(`${known.message}\n${known.next}\n`)
  process.exitCode = known.exit
}
