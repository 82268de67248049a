/** What happens behind an append: durable entries become tiles, a checkpoint, and settled files. */
import { PUBLISH_INTERVAL_MS, SETTLE_ENTRIES } from '../base/limits.ts'
import type { Commit } from './commit.ts'
import type { Journal } from './journal.ts'
import { headOf, type Publisher } from './publish.ts'
import type { Tiling } from './tiling.ts'

/** Works until it is finished or something fails. */
export interface Work {
  /** Entries have become durable. */
  wake(): void
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
  let settled = tiling.size()
  let finishing = false
  let publication: Promise<void> | null = null
  let failure: { readonly error: unknown } | null = null
  const idle = createBell()
  const pause = createBell()

  async function tile(): Promise<void> {
    for (const batch of commit.take()) await tiling.take(batch)
  }

  /** Witnesses may be slow: entries go on becoming tiles while they are asked. */
  async function publish(): Promise<void> {
    if (publication === null) {
      if (tiling.size() === publisher.published().size) return
      await tiling.flush()
      publication = publisher.publish(headOf(tiling)).then((isPublished) => {
        publication = null
        if (isPublished) onPublished()
      })
    }
    await Promise.race([publication, pause.rings(PUBLISH_INTERVAL_MS)])
  }

  async function settle(): Promise<void> {
    await tiling.settle()
    settled = tiling.size()
    await journal.forget(settled)
  }

  async function work(): Promise<void> {
    while (!finishing) {
      if (commit.size() === publisher.published().size) await idle.rings()
      if (!finishing) await pause.rings(PUBLISH_INTERVAL_MS)
      await tile()
      await publish()
      if (tiling.size() - settled >= SETTLE_ENTRIES) await settle()
    }
    await publication
    await tile()
    await publish()
    await publication
    await settle()
  }

  const working = work().catch((error) => {
    failure = { error }
    onFailure(error)
  })
  return {
    wake: idle.ring,
    finish: async () => {
      finishing = true
      idle.ring()
      pause.ring()
      await working
      if (failure !== null) throw failure.error
    },
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
