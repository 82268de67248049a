/** Opening in threads: the cipher takes most of the time that following a log takes. */
import { Worker } from 'node:worker_threads'
import { askThread } from '../../base/thread.ts'
import { createOpener, type Job, type OpenedJob } from './open.ts'

/** Opens jobs, several at a time; `close` ends its threads. */
export interface Openers {
  /** Jobs that are worked on at once. */
  readonly width: number
  open(job: Job): Promise<OpenedJob>
  close(): Promise<void>
}

/** Openers in this many threads; with none, in this one. */
export function startOpeners(threads: number): Openers {
  if (threads === 0) {
    const open = createOpener()
    return { width: 1, open: async (job) => open(job), close: async () => {} }
  }
  const all = Array.from({ length: threads }, startThread)
  let next = 0
  return {
    width: threads,
    open: (job) => all[next++ % threads].open(job),
    close: async () => {
      await Promise.all(all.map((thread) => thread.close()))
    },
  }
}

function startThread() {
  // The sources run as they are; what is published is compiled.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const worker = new Worker(new URL(`./worker.${extension}`, import.meta.url))
  const ended = () => new Error('a thread that opens entries ended')
  const thread = askThread<Job, OpenedJob>(worker, (error) => error ?? ended())
  return {
    open: (job: Job) => thread.ask(job, [job.payload.buffer as ArrayBuffer]),
    close: thread.close,
  }
}
