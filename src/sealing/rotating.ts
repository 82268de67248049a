/** Sealing under the epoch that is current, whichever that is by now. */
import type { EpochKey } from '../tlog/entry.ts'
import { type SealingThreads, startSealing } from './threads.ts'

interface Running {
  readonly epoch: number
  readonly threads: SealingThreads
  underWay: number
}

/** Sealing threads that are begun anew when `current` names another epoch; what is under way is
 * sealed under the one before. */
export function startRotatingSealing(current: () => EpochKey, count: number): SealingThreads {
  let running = start(current())

  function start(key: EpochKey): Running {
    return { epoch: key.epoch, threads: startSealing(key, count), underWay: 0 }
  }

  async function end(one: Running): Promise<void> {
    if (one !== running && one.underWay === 0) await one.threads.close()
  }

  return {
    seal: async (all) => {
      const key = current()
      if (key.epoch !== running.epoch) {
        const before = running
        running = start(key)
        await end(before)
      }
      const mine = running
      mine.underWay++
      try {
        return await mine.threads.seal(all)
      } finally {
        mine.underWay--
        await end(mine)
      }
    },
    close: () => running.threads.close(),
  }
}
