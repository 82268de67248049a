/**
 * Group commit: entries that arrive while the disk is busy become durable together with the next
 * write. Whoever appends waits for the disk once, however many wait.
 */
import { TelltaleError } from '../base/errors.ts'
import { UNTILED_BYTES_MAX } from '../base/limits.ts'
import { type Batch, spell } from './frames.ts'
import { createQueue, type Waiting } from './queue.ts'

/** Entries on their way to the disk. */
export interface Commit {
  /** Resolves with the index of the first entry once all are durable, next to each other and in
   * order. Throws LOG_BUSY at once when too many wait, LOG_UNWRITABLE or LOG_STOPPED from the disk,
   * ENTRY_SIZE for an entry of no or too many bytes. What was refused is not in the log; after
   * LOG_STOPPED it may be. */
  append(entries: readonly Uint8Array[]): Promise<number>
  /** Durable entries so far. */
  size(): number
  /** Durable batches that nobody has taken yet, which are then the taker's. */
  take(): Batch[]
  /** Refuses what comes from now on and resolves when nothing is under way. */
  stop(reason: string): Promise<void>
}

/** `write` makes one batch durable; `onDurable` is told after each. */
export function createCommit(
  start: number,
  write: (batch: Batch) => Promise<void>,
  onDurable: () => void,
): Commit {
  const queue = createQueue()
  let size = start
  let durable: Batch[] = []
  let untiledBytes = 0
  let running: Promise<void> | null = null
  let stopped: TelltaleError | null = null
  let onRoom = () => {}

  function keep(batch: Batch, group: readonly Waiting[]): void {
    let first = size
    size += batch.count
    untiledBytes += batch.payload.length
    durable.push(batch)
    for (const { resolve, entries } of group) {
      resolve(first)
      first += entries.length
    }
    onDurable()
  }

  async function writeGroup(group: readonly Waiting[]): Promise<void> {
    const entries = group.flatMap((one) => one.entries)
    const batch = { first: size, count: entries.length, payload: spell(entries) }
    try {
      if (stopped !== null) throw stopped
      await write(batch)
    } catch (error) {
      if (error instanceof TelltaleError && error.code === 'LOG_STOPPED') stopped ??= error
      for (const { reject } of group) reject(error)
      return
    }
    keep(batch, group)
  }

  async function run(): Promise<void> {
    while (!queue.isEmpty()) {
      if (untiledBytes > UNTILED_BYTES_MAX && stopped === null) {
        await new Promise<void>((resolve) => {
          onRoom = resolve
        })
      }
      await writeGroup(queue.next())
    }
    running = null
  }

  return {
    append: (entries) => {
      if (stopped !== null) return Promise.reject(stopped)
      const added = queue.add(entries)
      running ??= run()
      return added
    },
    size: () => size,
    take: () => {
      const taken = durable
      durable = []
      untiledBytes = 0
      onRoom()
      return taken
    },
    stop: async (reason) => {
      stopped ??= new TelltaleError('LOG_STOPPED', { reason })
      onRoom()
      await running
    },
  }
}
