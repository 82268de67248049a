/** Work that waits its turn, one queue for each name. */

/** Runs what has the same name one after the other, whatever becomes of each. */
export interface Queues {
  /** Null at once where `max` of that name are in the queue already. */
  run<T>(name: string, work: () => Promise<T>): Promise<T> | null
}

export function createQueues(max: number): Queues {
  const queues = new Map<string, { last: Promise<unknown>; length: number }>()
  return {
    run: (name, work) => {
      const queue = queues.get(name) ?? { last: Promise.resolve(), length: 0 }
      if (queue.length >= max) return null
      queues.set(name, queue)
      queue.length++
      const result = queue.last.then(work).finally(() => {
        queue.length--
        if (queue.length === 0) queues.delete(name)
      })
      queue.last = result.catch(() => {})
      return result
    },
  }
}
