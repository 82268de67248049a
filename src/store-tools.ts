/** The wiring of `telltale store`: loaded by that command alone. */
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { StorePlace, StoreTools } from './cli/store.ts'
import { lockFolder } from './disk/lock.ts'
import { backup } from './store/backup.ts'
import { runningEmbedded, startEmbedded } from './store/embedded.ts'
import { restore } from './store/restore.ts'

/** A backup is taken while the desk works: it reads beside it. */
export const backupStore: StoreTools['backup'] = async (place, file) => {
  const url = place.database ?? (await runningEmbedded(place.dir))
  return url === null ? startedFor(place, (own) => backup(own, file)) : backup(url, file)
}

/** A built-in database is restored into while nobody serves it. */
export const restoreStore: StoreTools['restore'] = (place, file) =>
  place.database === undefined
    ? startedFor(place, (url) => restore(url, file))
    : restore(place.database, file)

async function startedFor<T>({ dir }: StorePlace, act: (url: string) => Promise<T>): Promise<T> {
  await mkdir(dirname(dir), { recursive: true })
  const server = await startEmbedded({ dir, lock: lockFolder })
  try {
    return await act(server.url)
  } finally {
    await server.stop()
  }
}
