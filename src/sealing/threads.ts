/** Sealing in threads of its own, so that the log's writer does not wait for the cipher. */
import { Worker } from 'node:worker_threads'
import { TelltaleError } from '../base/errors.ts'
import type { SealedBatch, Sealing } from '../disclosure/recorder.ts'
import type { EpochKey } from '../tlog/entry.ts'
import type { Disclosure } from '../tlog/sealed.ts'
import { packed } from './packed.ts'
import type { Outcome } from './seal.ts'

/** Sealing threads; `close` ends them. */
export interface SealingThreads extends Sealing {
  close(): Promise<void>
}

/** Every seal makes a cipher, which the collector has to look at: with more room it does so less
 * often, and sealing takes two thirds of the time. */
const YOUNG_MIB = 64

interface Waiting {
  readonly resolve: (batch: SealedBatch) => void
  readonly reject: (error: unknown) => void
}

/** Starts threads that seal under this epoch's key. */
export function startSealing(epochKey: EpochKey, count: number): SealingThreads {
  const threads = Array.from({ length: count }, () => startThread(epochKey))
  let next = 0
  return {
    seal: (disclosures) => threads[next++ % count].seal(disclosures),
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
  let waiting: Waiting[] = []
  let failure: TelltaleError | null = null
  worker.on('message', (outcome: Outcome) => waiting.shift()?.resolve(batchOf(outcome)))
  const fail = (reason: string) => {
    failure ??= new TelltaleError('LOG_STOPPED', { reason })
    for (const { reject } of waiting) reject(failure)
    waiting = []
  }
  worker.on('error', (error) => fail(`the sealing thread failed: ${error.message}`))
  worker.on('exit', () => fail('the sealing thread ended'))
  return {
    seal: (disclosures: readonly Disclosure[]) =>
      new Promise<SealedBatch>((resolve, reject) => {
        if (failure !== null) return reject(failure)
        waiting.push({ resolve, reject })
        worker.postMessage(JSON.stringify(disclosures.map(packed)))
      }),
    close: () => worker.terminate(),
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
