/** Entries that wait for the disk, within named limits. */
import { TelltaleError } from '../base/errors.ts'
import {
  BATCH_BYTES_MAX,
  ENTRY_BYTES_MAX,
  QUEUE_BYTES_MAX,
  QUEUE_ENTRIES_MAX,
} from '../base/limits.ts'

/** Entries of one caller, and how the caller is told. */
export interface Waiting {
  readonly entries: readonly Uint8Array[]
  readonly bytes: number
  readonly resolve: (first: number) => void
  readonly reject: (error: unknown) => void
}

export interface Queue {
  isEmpty(): boolean
  /** Resolves with what `Waiting.resolve` is called with. Throws LOG_BUSY where too many wait
   * already, ENTRY_SIZE for an entry of no or too many bytes. */
  add(entries: readonly Uint8Array[]): Promise<number>
  /** Takes out as many as one write takes, at least one where any wait. */
  next(): readonly Waiting[]
}

/** An empty queue. */
export function createQueue(): Queue {
  let waiting: Waiting[] = []
  let queued = { entries: 0, bytes: 0 }

  function refusal(entries: readonly Uint8Array[], bytes: number): TelltaleError | null {
    const wrong = entries.find(({ length }) => length === 0 || length > ENTRY_BYTES_MAX)
    if (wrong !== undefined || entries.length === 0) {
      return new TelltaleError('ENTRY_SIZE', { bytes: wrong?.length ?? 0, limit: ENTRY_BYTES_MAX })
    }
    const isFull =
      queued.entries + entries.length > QUEUE_ENTRIES_MAX || queued.bytes + bytes > QUEUE_BYTES_MAX
    return isFull ? new TelltaleError('LOG_BUSY', { waiting: queued.entries }) : null
  }

  function account(entries: number, bytes: number): void {
    queued = { entries: queued.entries + entries, bytes: queued.bytes + bytes }
  }

  return {
    isEmpty: () => waiting.length === 0,
    add: (entries) => {
      const bytes = entries.reduce((sum, { length }) => sum + 2 + length, 0)
      const refused = refusal(entries, bytes)
      if (refused !== null) return Promise.reject(refused)
      return new Promise((resolve, reject) => {
        waiting.push({ entries, bytes, resolve, reject })
        account(entries.length, bytes)
      })
    },
    next: () => {
      let bytes = 0
      let count = 0
      let n = 0
      while (n < waiting.length && (n === 0 || bytes + waiting[n].bytes <= BATCH_BYTES_MAX)) {
        bytes += waiting[n].bytes
        count += waiting[n++].entries.length
      }
      const group = waiting.slice(0, n)
      waiting = waiting.slice(n)
      account(-count, -bytes)
      return group
    },
  }
}
