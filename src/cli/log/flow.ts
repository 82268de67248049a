/** Many disclosures on their way into the log at once, and never too many. */
import { APPEND_FLOW_BYTES_MAX, APPEND_FLOW_MAX } from '../../base/limits.ts'
import type { Recorder } from '../../disclosure/recorder.ts'
import type { Disclosure } from '../../tlog/sealed.ts'

/** What is in the log so far. */
export interface Flowed {
  readonly disclosures: number
  readonly entries: number
  /** Index of the first entry and the last; null before the first. */
  readonly first: number | null
  readonly last: number | null
}

/** Hands disclosures on and waits while too many are under way. */
export interface Flow {
  /** `bytes`: about how much it takes. The promise says when the next one may come. Throws what
   * recording an earlier one threw. */
  add(disclosure: Disclosure, bytes: number): Promise<void> | null
  /** Resolves when nothing is under way; throws what recording threw. */
  drain(): Promise<void>
  done(): Flowed
}

/** A flow into a recorder. */
export function createFlow(recorder: Recorder): Flow {
  let underWay = { count: 0, bytes: 0 }
  let done: Flowed = { disclosures: 0, entries: 0, first: null, last: null }
  let failure: { readonly error: unknown } | null = null
  let wake = () => {}

  const account = (count: number, bytes: number) => {
    underWay = { count: underWay.count + count, bytes: underWay.bytes + bytes }
  }

  async function until(isEnough: () => boolean): Promise<void> {
    while (!isEnough() && failure === null) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    if (failure !== null) throw failure.error
  }

  const isRoom = () => underWay.count < APPEND_FLOW_MAX && underWay.bytes < APPEND_FLOW_BYTES_MAX

  return {
    add: (disclosure, bytes) => {
      account(1, bytes)
      const recorded = recorder.record(disclosure).then(
        ({ first, count }) => {
          const last = first + count - 1
          done = {
            disclosures: done.disclosures + 1,
            entries: done.entries + count,
            first: done.first ?? first,
            last,
          }
        },
        (error) => {
          failure ??= { error }
        },
      )
      void recorded.then(() => {
        account(-1, -bytes)
        wake()
      })
      return isRoom() && failure === null ? null : until(isRoom)
    },
    drain: () => until(() => underWay.count === 0),
    done: () => done,
  }
}
