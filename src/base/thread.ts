/** Asking a thread: its answers come in the order of the requests. */
import type { Worker } from 'node:worker_threads'

/** A thread that answers. */
export interface Thread<Request, Answer> {
  /** `transfer`: memory that changes hands with the request. Throws what `failed` makes of it when the
   * thread fails or ends, then and from then on. */
  ask(request: Request, transfer?: readonly ArrayBuffer[]): Promise<Answer>
  close(): Promise<unknown>
}

interface Waiting<Answer> {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/** `failed` is given what the thread threw, null where it just ended. */
export function askThread<Request, Answer>(
  worker: Worker,
  failed: (error: Error | null) => Error,
): Thread<Request, Answer> {
  let waiting: Waiting<Answer>[] = []
  let failure: Error | null = null
  const fail = (error: Error | null) => {
    failure ??= failed(error)
    for (const { reject } of waiting) reject(failure)
    waiting = []
  }
  worker.on('message', (answer: Answer) => waiting.shift()?.resolve(answer))
  worker.on('error', fail)
  worker.on('exit', () => fail(null))
  return {
    ask: (request, transfer = []) =>
      new Promise((resolve, reject) => {
        if (failure !== null) return reject(failure)
        waiting.push({ resolve, reject })
        worker.postMessage(request, transfer)
      }),
    close: () => worker.terminate(),
  }
}
