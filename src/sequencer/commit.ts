/**
 * Group commit: entries that arrive while the disk is busy become durable together with the next
 * write. Whoever appends waits for the disk once, however many wait.
 */
import { TelltaleError } from '../base/errors.ts'
import { ENTRY_BYTES_MAX, UNTILED_BYTES_MAX } from '../base/limits.ts'
import { type Batch, countOf, type Spelled, spell } from './frames.ts'
import { createQueue, type Waiting } from './queue.ts'

/** Entries on their way to the disk. */
export interface Commit {
  /** Resolves with the index of the first entry once all are durable, next to each other and in
   * order. Throws LOG_BUSY at once when too many wait, LOG_UNWRITABLE or LOG_STOPPED from the disk,
   * ENTRY_SIZE for an entry of no or too many bytes. What was refused is not in the log; after
   * LOG_STOPPED it may be. */
  append(entries: readonly Uint8Array[]): Promise<number>
  /** The same for entries that are spelled already. */
  appendSpelled(spelled: Spelled): Promise<number>
  /** Durable entries so far. */
  size(): number
  /** Durable batches that nobody has taken yet, which are then the taker's. */
  take(): Batch[]
  /** Refuses what comes from now on and resolves when nothing is under way. */
  stop(reason: string): Promise<void>
}

/** `write` makes one batch durable; `onDurable` is told after each, `onStopped` once, of a failure
 * after which none can be. */
export function createCommit(
  start: number,
  write: (batch: Batch) => Promise<void>,
  onDurable: () => void,
  onStopped: (error: TelltaleError) => void,
): Commit {
  const queue = createQueue()
  const untiled = createUntiled()
  let size = start
  let running: Promise<void> | null = null
  let stopped: TelltaleError | null = null

  function keep(batch: Batch, group: readonly Waiting[]): void {
    let first = size
    size += batch.count
    untiled.add(batch)
    for (const { resolve, count } of group) {
      resolve(first)
      first += count
    }
    onDurable()
  }

  async function writeGroup(group: readonly Waiting[]): Promise<void> {
    const count = group.reduce((sum, one) => sum + one.count, 0)
    const batch = { first: size, count, payload: Buffer.concat(group.map((one) => one.payload)) }
    try {
      if (stopped !== null) throw stopped
      await write(batch)
    } catch (error) {
      if (stopped === null && error instanceof TelltaleError && error.code === 'LOG_STOPPED') {
        stopped = error
        onStopped(error)
      }
      for (const { reject } of group) reject(error)
      return
    }
    keep(batch, group)
  }

  async function run(): Promise<void> {
    while (!queue.isEmpty()) {
      if (stopped === null) await untiled.room()
      await writeGroup(queue.next())
    }
    running = null
  }

  function appendSpelled(spelled: Spelled): Promise<number> {
    if (stopped !== null) return Promise.reject(stopped)
    // One garbled batch would make the whole journal unreadable.
    if (spelled.count === 0 || countOf(spelled.payload) !== spelled.count) {
      return Promise.reject(sizeError(0))
    }
    const added = queue.add(spelled)
    running ??= run()
    return added
  }

  return {
    append: (entries) => {
      const wrong = entries.find(({ length }) => length === 0 || length > ENTRY_BYTES_MAX)
      if (wrong !== undefined) return Promise.reject(sizeError(wrong.length))
      return appendSpelled({ count: entries.length, payload: spell(entries) })
    },
    appendSpelled,
    size: () => size,
    take: untiled.take,
    stop: async (reason) => {
      stopped ??= new TelltaleError('LOG_STOPPED', { reason })
      untiled.letGo()
      await running
    },
  }
}

/** Durable batches that wait to become tiles, within UNTILED_BYTES_MAX. */
function createUntiled() {
  let batches: Batch[] = []
  let bytes = 0
  let onRoom = () => {}
  return {
    add: (batch: Batch) => {
      batches.push(batch)
      bytes += batch.payload.length
    },
    take: () => {
      const taken = batches
      batches = []
      bytes = 0
      onRoom()
      return taken
    },
    /** Has whoever waits for room go on without. */
    letGo: () => onRoom(),
    /** Resolves when there is room for more. */
    room: async () => {
      if (bytes <= UNTILED_BYTES_MAX) return
      await new Promise<void>((resolve) => {
        onRoom = resolve
      })
    },
  }
}

function sizeError(bytes: number): TelltaleError {
  return new TelltaleError('ENTRY_SIZE', { bytes, limit: ENTRY_BYTES_MAX })
}
