/** Entries that wait for the disk, within named limits. */
import { TelltaleError } from '../base/errors.ts'
import { BATCH_BYTES_MAX, QUEUE_BYTES_MAX, QUEUE_ENTRIES_MAX } from '../base/limits.ts'
import type { Spelled } from './frames.ts'

/** Entries of one caller, and how the caller is told. */
export interface Waiting extends Spelled {
  readonly resolve: (first: number) => void
  readonly reject: (error: unknown) => void
}

export interface Queue {
  isEmpty(): boolean
  /** Resolves with what `Waiting.resolve` is called with. Throws LOG_BUSY where too many wait
   * already. */
  add(spelled: Spelled): Promise<number>
  /** Takes out as many as one write takes, at least one where any wait. */
  next(): readonly Waiting[]
}

/** An empty queue. */
export function createQueue(): Queue {
  let waiting: Waiting[] = []
  let queued = { entries: 0, bytes: 0 }

  function account(entries: number, bytes: number): void {
    queued = { entries: queued.entries + entries, bytes: queued.bytes + bytes }
  }

  return {
    isEmpty: () => waiting.length === 0,
    add: ({ count, payload }) => {
      const isFull =
        queued.entries + count > QUEUE_ENTRIES_MAX ||
        queued.bytes + payload.length > QUEUE_BYTES_MAX
      if (isFull) {
        return Promise.reject(new TelltaleError('LOG_BUSY', { waiting: queued.entries }))
      }
      return new Promise((resolve, reject) => {
        waiting.push({ count, payload, resolve, reject })
        account(count, payload.length)
      })
    },
    next: () => {
      let bytes = 0
      let count = 0
      let n = 0
      while (
        n < waiting.length &&
        (n === 0 || bytes + waiting[n].payload.length <= BATCH_BYTES_MAX)
      ) {
        bytes += waiting[n].payload.length
        count += waiting[n++].count
      }
      const group = waiting.slice(0, n)
      waiting = waiting.slice(n)
      account(-count, -bytes)
      return group
    },
  }
}
