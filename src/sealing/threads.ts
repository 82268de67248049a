/** Sealing in threads of its own, so that the log's writer does not wait for the cipher. */
import { Worker } from 'node:worker_threads'
import { TelltaleError } from '../base/errors.ts'
import { askThread } from '../base/thread.ts'
import type { SealedBatch, Sealing } from '../disclosure/recorder.ts'
import type { EpochKey, Sealable } from '../tlog/entry.ts'
import { packed } from './packed.ts'
import type { Outcome } from './seal.ts'

/** Sealing threads; `close` ends them. */
export interface SealingThreads extends Sealing {
  close(): Promise<void>
}

/** Every seal makes a cipher, which the collector has to look at: with more room it does so less
 * often, and sealing takes two thirds of the time. */
const YOUNG_MIB = 64

/** Starts threads that seal under this epoch's key. */
export function startSealing(epochKey: EpochKey, count: number): SealingThreads {
  const threads = Array.from({ length: count }, () => startThread(epochKey))
  let next = 0
  return {
    seal: (all) => threads[next++ % count].seal(all),
    close: async () => {
      await Promise.all(threads.map((thread) => thread.close()))
    },
  }
}

function startThread(epochKey: EpochKey) {
  // The sources run as they are; what is published is compiled.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const worker = new Worker(new URL(`./worker.${extension}`, import.meta.url), {
    workerData: { epoch: epochKey.epoch, key: new Uint8Array(epochKey.key) },
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
  })
  const thread = askThread<string, Outcome>(worker, (error) => {
    const what = error === null ? 'ended' : `failed: ${error.message}`
    return new TelltaleError('LOG_STOPPED', { reason: `the sealing thread ${what}` })
  })
  return {
    seal: async (all: readonly Sealable[]) =>
      batchOf(await thread.ask(JSON.stringify(all.map(packed)))),
    close: thread.close,
  }
}

function batchOf({ results, payload }: Outcome): SealedBatch {
  return {
    results: results.map((result) =>
      typeof result === 'number'
        ? result
        : new TelltaleError(result.code as 'DISCLOSURE_MALFORMED', result.details as never),
    ),
    payload: Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength),
  }
}
