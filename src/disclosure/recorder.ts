/**
 * Recording disclosures and decisions: sealed, appended to the log, durable. Whoever wants to show a
 * customer's record awaits `record` first, and whoever decides something awaits `decide`; if it throws,
 * nothing may be shown and nothing is decided.
 */
import { TelltaleError } from '../base/errors.ts'
import { SEAL_BATCH } from '../base/limits.ts'
import type { Decision } from '../tlog/decision.ts'
import type { Sealable } from '../tlog/entry.ts'
import type { Disclosure } from '../tlog/sealed.ts'

/** Entries of several disclosures and decisions, in their order. */
export interface SealedBatch {
  /** Of each, how many entries it became; or why it cannot be recorded. */
  readonly results: readonly (number | TelltaleError)[]
  /** All entries, each as `uint16 length || entry`. */
  readonly payload: Buffer
}

/** The port to whoever holds the epoch's key. */
export interface Sealing {
  seal(all: readonly Sealable[]): Promise<SealedBatch>
}

/** The port to the log's writer: durable when it resolves, with the index of the first entry. */
export type AppendEntries = (spelled: {
  readonly count: number
  readonly payload: Buffer
}) => Promise<number>

/** Where a disclosure or decision stands in the log. */
export interface Recorded {
  readonly first: number
  readonly count: number
}

/** Records disclosures and decisions, which get into the log in the order of the calls. */
export interface Recorder {
  /** Resolves once the disclosure is durable in the log. Throws DISCLOSURE_MALFORMED, and what the
   * log throws: LOG_BUSY, LOG_UNWRITABLE, LOG_STOPPED. */
  record(disclosure: Disclosure): Promise<Recorded>
  /** Resolves once the decision is durable in the log, as one entry. Throws DECISION_MALFORMED, and
   * what the log throws. */
  decide(decision: Decision): Promise<Recorded>
}

interface Waiting {
  readonly what: Sealable
  readonly resolve: (recorded: Recorded) => void
  readonly reject: (error: unknown) => void
}

/** What comes within one turn of the event loop is sealed and appended together. */
export function createRecorder(sealing: Sealing, append: AppendEntries): Recorder {
  let waiting: Waiting[] = []
  let order: Promise<unknown> = Promise.resolve()

  function flush(): void {
    const all = waiting
    waiting = []
    for (let at = 0; at < all.length; at += SEAL_BATCH) send(all.slice(at, at + SEAL_BATCH))
  }

  function send(batch: readonly Waiting[]): void {
    const sealed = sealing.seal(batch.map(({ what }) => what))
    const fail = (error: unknown) => {
      for (const { reject } of batch) reject(error)
    }
    // Only handing over waits for the batches before, not the disk.
    order = order
      .then(() => sealed)
      .then((done) => void appendSealed(batch, done, append).catch(fail), fail)
  }

  const put = (what: Sealable) =>
    new Promise<Recorded>((resolve, reject) => {
      if (waiting.push({ what, resolve, reject }) === 1) setImmediate(flush)
    })
  return { record: put, decide: put }
}

async function appendSealed(
  batch: readonly Waiting[],
  { results, payload }: SealedBatch,
  append: AppendEntries,
): Promise<void> {
  let count = 0
  for (const [i, result] of results.entries()) {
    if (result instanceof TelltaleError) batch[i].reject(result)
    else count += result
  }
  if (count === 0) return
  let first = await append({ count, payload })
  for (const [i, result] of results.entries()) {
    if (result instanceof TelltaleError) continue
    batch[i].resolve({ first, count: result })
    first += result
  }
}
