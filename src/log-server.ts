/** The wiring of a log that is served to others. */

import { FUTURE_TOLERANCE_S, KEYS_REFRESH_MS } from './base/limits.ts'
import type { LogPlace, LogTools, ServedLog } from './cli/log/ports.ts'
import { lineAppender } from './disclosure/append.ts'
import { writersOf } from './http/writers.ts'
import { addressOf } from './witness-tools.ts'

type Serve = LogTools['serve']

/** Serves a log, for appending too unless `readOnly`. */
export function createServe(open: LogTools['open'], writers: LogTools['writers']): Serve {
  return async (place, listen, readOnly, onFault) => {
    const address = await addressOf(listen)
    if (readOnly) return serveFiles(place, address, onFault)
    const log = await open(place)
    try {
      const list = await writers(place)
      let known = writersOf(await list.list())
      const latestMs = () => Date.now() + FUTURE_TOLERANCE_S * 1000
      const port = { append: lineAppender(log.recorder, latestMs) }
      const append = { writers: { nameOf: (token: string) => known.nameOf(token) }, port }
      const { startLogServer } = await servers()
      const server = await startLogServer({ dir: place.dir, address, append, onFault })
      // Other commands change writers and epochs while this one serves.
      const refresh = setInterval(() => {
        Promise.all([
          log.ring.refresh(),
          list.list().then((now) => (known = writersOf(now))),
        ]).catch(onFault)
      }, KEYS_REFRESH_MS)
      const { recovered, stopped } = log.sequencer
      return {
        url: server.url,
        recovered: recovered.entries,
        tornBytes: recovered.tornBytes,
        failed: stopped.then((error) => Promise.reject(error)),
        close: async () => {
          clearInterval(refresh)
          await server.close()
          await log.close()
        },
      }
    } catch (error) {
      await log.close()
      throw error
    }
  }
}

async function serveFiles(
  { dir }: LogPlace,
  address: Awaited<ReturnType<typeof addressOf>>,
  onFault: (error: unknown) => void,
): Promise<ServedLog> {
  const { startLogServer } = await servers()
  const server = await startLogServer({ dir, address, onFault })
  const failed = new Promise<never>(() => {})
  return { url: server.url, recovered: 0, tornBytes: 0, failed, close: server.close }
}

/** Loaded by who serves, since no other command needs what it is made of. */
function servers() {
  return import('./http/log-server.ts')
}
