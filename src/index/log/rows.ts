/** A log's entries as rows for an import, in order, opened several at a time. */
import { availableParallelism } from 'node:os'
import { OPENING_ROWS, OPENING_THREADS_FROM, OPENING_THREADS_MAX } from '../../base/limits.ts'
import type { EpochKeys, VerifiedLog } from '../../disclosure/log.ts'
import type { Reject, RowBatch } from '../../disclosure/source.ts'
import { follow } from '../../sequencer/follow.ts'
import { spell } from '../../sequencer/frames.ts'
import type { TreeHead } from '../../sequencer/source.ts'
import { type EpochCount, LOG_ROWS, type OpenedJob } from './open.ts'
import { type Openers, startOpeners } from './threads.ts'

/** What was found on the way, complete once all rows were read. */
export interface Found {
  readonly epochs: Map<number, EpochCount>
}

/** The rows of the entries after `cursor`. Throws as `follow`, and EPOCH_UNKNOWN,
 * KEY_SERVICE_FAILED. */
export async function* logRows(
  log: VerifiedLog,
  cursor: TreeHead,
  found: Found,
  onReject: (reject: Reject) => void,
): AsyncGenerator<RowBatch> {
  const openers = startOpeners(threadsFor(log.checkpoint.size - cursor.size))
  try {
    for await (const { rows, bytes, rejects, epochs } of openedJobs(log, cursor, openers)) {
      for (const reject of rejects) onReject({ file: log.file, ...reject })
      for (const [epoch, count] of epochs) addCount(found.epochs, epoch, count)
      if (rows > 0) yield batchOf(rows, bytes)
    }
  } finally {
    await openers.close()
  }
}

/** Threads take longer to start than a small log to read. */
function threadsFor(entries: number): number {
  if (entries < OPENING_THREADS_FROM) return 0
  return Math.min(availableParallelism(), OPENING_THREADS_MAX)
}

/** Jobs in the order of the log, with a few under way beyond the one that is waited for. */
async function* openedJobs(
  log: VerifiedLog,
  cursor: TreeHead,
  openers: Openers,
): AsyncGenerator<OpenedJob> {
  const underWay: Promise<OpenedJob>[] = []
  const keys = keysOf(log.keys)
  for await (const { first, entries } of follow(log, log.checkpoint, cursor)) {
    for (const { from, to, epochs } of jobsOf(entries)) {
      const opening = openers.open({
        first: first + from,
        payload: spell(entries.slice(from, to)),
        keys: await keys(epochs),
      })
      // Handled when awaited; until then the next is being read.
      opening.catch(() => {})
      underWay.push(opening)
      if (underWay.length > openers.width) yield await (underWay.shift() as Promise<OpenedJob>)
    }
  }
  for (const opening of underWay) yield await opening
}

/** The keys of these epochs, each asked for once; null for a destroyed one. */
function keysOf(ring: EpochKeys) {
  const known = new Map<number, Uint8Array | null>()
  return async (epochs: ReadonlySet<number>): Promise<Map<number, Uint8Array | null>> => {
    const keys = new Map<number, Uint8Array | null>()
    for (const epoch of epochs) {
      let key = known.get(epoch)
      if (key === undefined) {
        const isGone = ring.epochs().some((one) => one.epoch === epoch && one.destroyedMs !== null)
        key = isGone ? null : (await ring.key(epoch)).key
        known.set(epoch, key)
      }
      keys.set(epoch, key)
    }
    return keys
  }
}

interface Range {
  readonly from: number
  readonly to: number
  readonly epochs: ReadonlySet<number>
}

/** Cuts entries into jobs of a bounded number of rows: one entry may name thousands of customers,
 * and becomes as many rows. */
function* jobsOf(entries: readonly Buffer[]): Generator<Range> {
  let from = 0
  let rows = 0
  let epochs = new Set<number>()
  for (const [i, entry] of entries.entries()) {
    const { customers, epoch } = glanceAt(entry)
    if (rows > 0 && rows + customers > OPENING_ROWS) {
      yield { from, to: i, epochs }
      from = i
      rows = 0
      epochs = new Set()
    }
    rows += customers
    if (epoch !== null) epochs.add(epoch)
  }
  if (entries.length > from) yield { from, to: entries.length, epochs }
}

const GLANCE_BYTES = 192
const GLANCE = /"customers":([1-9]\d{0,15}),"epoch":([1-9]\d{0,15}),/

/** What the header says, before it is read in full; a forged one is found out then. */
function glanceAt(entry: Buffer): { customers: number; epoch: number | null } {
  const match = GLANCE.exec(entry.toString('latin1', 0, GLANCE_BYTES))
  return match === null
    ? { customers: 1, epoch: null }
    : { customers: Number(match[1]), epoch: Number(match[2]) }
}

function addCount(epochs: Map<number, EpochCount>, epoch: number, more: EpochCount): void {
  const sum = epochs.get(epoch)
  if (sum === undefined) return void epochs.set(epoch, { ...more })
  sum.opened += more.opened
  sum.failed += more.failed
  sum.erased += more.erased
  sum.customers += more.customers
  sum.firstMs = Math.min(sum.firstMs, more.firstMs)
  sum.lastMs = Math.max(sum.lastMs, more.lastMs)
}

function batchOf(rows: number, bytes: Uint8Array): RowBatch {
  return {
    count: 0,
    lines: new Uint32Array(0),
    columns: {},
    plain: { ...LOG_ROWS, runs: [{ line: 0, rows, bytes }] },
  }
}
