/** A thread that opens entries: jobs in, rows out, in order. */
import { parentPort } from 'node:worker_threads'
import { createOpener, type Job } from './open.ts'

const open = createOpener()

parentPort?.on('message', (job: Job) => {
  const opened = open(job)
  parentPort?.postMessage(opened, [opened.bytes.buffer as ArrayBuffer])
})
