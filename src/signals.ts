/** How a process that serves is asked to end. */

/** Resolves at the first SIGINT or SIGTERM. Further ones change nothing: a supervisor may send one to
 * each process of a group, and what is under way is ended properly in bounded time. */
export function untilAskedToEnd(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve())
  })
}
