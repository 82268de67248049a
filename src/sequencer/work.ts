/** What happens behind an append: durable entries become tiles, a checkpoint, and settled files. */
import { PUBLISH_INTERVAL_MS, SETTLE_ENTRIES, TILE_INTERVAL_MS } from '../base/limits.ts'
import type { Commit } from './commit.ts'
import type { Journal } from './journal.ts'
import { headOf, type Publisher } from './publish.ts'
import type { Tiling } from './tiling.ts'

/** Works until it is finished or something fails. */
export interface Work {
  /** Entries have become durable. */
  wake(): void
  /** Entries whose tiles are on the disk. */
  settled(): number
  /** Publishes what is durable, settles it and ends. Throws what made the work fail. */
  finish(): Promise<void>
}

/** `onPublished` is told after each checkpoint, `onFailure` once, of what ended the work. */
export function startWork(
  parts: { commit: Commit; tiling: Tiling; publisher: Publisher; journal: Journal },
  onPublished: () => void,
  onFailure: (error: unknown) => void,
): Work {
  const { commit, tiling, publisher, journal } = parts
  let dueMs = 0
  let finishing = false
  let failure: { readonly error: unknown } | null = null
  // Beside the loop: witnesses and syncs may be slow, and entries go on becoming tiles meanwhile.
  const publication = createTask(fail)
  const settlement = createSettlement(tiling, journal, fail)
  const idle = createBell()
  const pause = createBell()

  function fail(error: unknown): void {
    if (failure !== null) return
    failure = { error }
    onFailure(error)
    idle.ring()
    pause.ring()
  }

  async function tile(): Promise<void> {
    for (const batch of commit.take()) await tiling.take(batch)
  }

  /** Does so when it is time to. */
  async function publish(nowMs: number): Promise<void> {
    if (publication.isRunning() || nowMs < dueMs) return
    if (tiling.size() === publisher.published().size) return
    dueMs = nowMs + PUBLISH_INTERVAL_MS
    await tiling.flush()
    const head = headOf(tiling)
    publication.start(async () => {
      if (await publisher.publish(head)) onPublished()
    })
  }

  async function work(): Promise<void> {
    while (!finishing && failure === null) {
      if (commit.size() === publisher.published().size) await idle.rings()
      if (!finishing && failure === null) await pause.rings(TILE_INTERVAL_MS)
      await tile()
      await publish(performance.now())
      if (tiling.size() - settlement.size() >= SETTLE_ENTRIES) settlement.start()
    }
    await Promise.all([publication.ended(), settlement.ended()])
    if (failure !== null) return
    await tile()
    await publish(Number.POSITIVE_INFINITY)
    await publication.ended()
    settlement.start()
    await settlement.ended()
  }

  const working = work().catch(fail)
  return {
    wake: idle.ring,
    settled: settlement.size,
    finish: async () => {
      finishing = true
      idle.ring()
      pause.ring()
      await working
      if (failure !== null) throw failure.error
    },
  }
}

/** Syncs what is tiled, once at a time, and has the journal forget it. */
function createSettlement(tiling: Tiling, journal: Journal, onFailure: (error: unknown) => void) {
  const task = createTask(onFailure)
  let settled = tiling.size()
  return {
    /** Entries whose tiles are on the disk. */
    size: () => settled,
    start: () => {
      const size = tiling.size()
      task.start(async () => {
        await tiling.settle()
        settled = size
        await journal.forget(size)
      })
    },
    ended: task.ended,
  }
}

/** Something that runs once at a time. */
function createTask(onFailure: (error: unknown) => void) {
  let running: Promise<void> | null = null
  return {
    isRunning: () => running !== null,
    start: (task: () => Promise<void>) => {
      running ??= task()
        .catch(onFailure)
        .then(() => {
          running = null
        })
    },
    ended: () => running ?? Promise.resolve(),
  }
}

/** Something to wait for: until it is rung, or for a time at most. */
function createBell() {
  let ring = () => {}
  return {
    ring: () => ring(),
    rings: (timeoutMs?: number) =>
      new Promise<void>((resolve) => {
        const timer = timeoutMs === undefined ? undefined : setTimeout(resolve, timeoutMs)
        ring = () => {
          clearTimeout(timer)
          resolve()
        }
      }),
  }
}
