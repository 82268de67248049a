/** An access log that is read to be sealed into a log. */
import type { Disclosure } from '../tlog/sealed.ts'

/** One row: a disclosure, or why it is none. `line` counts from 1. */
export type ReadRow =
  | { readonly line: number; readonly disclosure: Disclosure }
  | { readonly line: number; readonly problem: string; readonly text: string }

/** The rows of a file, in order but for those that are no disclosures. */
export interface ReadDisclosures {
  /** What was assumed in reading them, in words; complete once all were read. */
  readonly assumed: readonly string[]
  readonly rows: AsyncIterable<readonly ReadRow[]>
}
