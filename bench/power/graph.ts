/** An access graph, as every part of the benchmark takes it. */
import type { DisclosureRows, LogShape } from '../../src/index/rows.ts'

/** Who was shown whom when, in the index's own columns. */
export interface Graph {
  readonly name: string
  /** Sorted by customer, agent, time. */
  readonly rows: DisclosureRows
  readonly shape: LogShape
  /** A leaker has been shown at least this many customers when the reports begin. */
  readonly leakerMin: number
  /** Known only of the simulated organisation. */
  readonly isPerson?: Uint8Array
}
