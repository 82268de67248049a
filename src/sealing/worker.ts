/** A thread that seals: it is given an epoch's key, then what is to be sealed as JSON. */
import { randomFillSync } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import type { EpochKey } from '../tlog/entry.ts'
import { unpacked } from './packed.ts'
import { createSealer } from './seal.ts'

const seal = createSealer(workerData as EpochKey, (bytes) => randomFillSync(bytes))

parentPort?.on('message', (json: string) => {
  const { results, payload } = seal(JSON.parse(json).map(unpacked))
  // It has its memory to itself, which changes hands without a copy.
  parentPort?.postMessage({ results, payload }, [payload.buffer as ArrayBuffer])
})
