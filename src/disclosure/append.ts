/** Lines that came over the network into the log: all of them or none. They become disclosures only:
 * nobody elsewhere can say what was decided here. */
import { TelltaleError } from '../base/errors.ts'
import type { Disclosure } from '../tlog/sealed.ts'
import { parseDisclosureLine } from './entries.ts'
import type { Recorded, Recorder } from './recorder.ts'

/**
 * Appends lines, each one disclosure, as neighbours on behalf of `writer`, whose name replaces
 * whatever they say of it. `latestMs` gives the latest time that a disclosure may have. Throws
 * LINE_INVALID, LOG_BUSY or LOG_UNWRITABLE, and then none of them is in the log; APPEND_UNCERTAIN or
 * LOG_STOPPED where some may be.
 */
export function lineAppender(recorder: Pick<Recorder, 'record'>, latestMs: () => number) {
  return async (lines: readonly string[], writer: string): Promise<Recorded> => {
    const latest = latestMs()
    const disclosures = lines.map((line, i) => ({ ...parse(line, i + 1, latest), writer }))
    // Called within one turn, so that nobody else's come between.
    const results = await Promise.allSettled(disclosures.map(recorder.record))
    const recorded = results.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    const failures = results.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    const failed = failures.find((reason) => !isSurelyOut(reason)) ?? failures[0]
    if (failed !== undefined && recorded.length === 0) throw failed
    if (failed !== undefined) {
      const reason = `only ${recorded.length} of ${lines.length} lines are in the log`
      throw new TelltaleError('APPEND_UNCERTAIN', { reason }, { cause: failed })
    }
    const count = recorded.reduce((sum, one) => sum + one.count, 0)
    return { first: recorded[0].first, count }
  }
}

function isSurelyOut(error: unknown): boolean {
  return error instanceof TelltaleError && ['LOG_BUSY', 'LOG_UNWRITABLE'].includes(error.code)
}

function parse(text: string, line: number, latestMs: number): Disclosure {
  try {
    return parseDisclosureLine(text, latestMs)
  } catch (error) {
    if (!(error instanceof TelltaleError) || error.code !== 'DISCLOSURE_MALFORMED') throw error
    const reason = String(error.details.problem)
    throw new TelltaleError('LINE_INVALID', { line, reason }, { cause: error })
  }
}
