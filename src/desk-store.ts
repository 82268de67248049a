/** What a desk keeps: its database, its log, and the key that what it hands out is sealed by. */
import { hkdfSync, randomBytes } from 'node:crypto'
import { mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { TelltaleError } from './base/errors.ts'
import type { LogPlace, LogTools, OpenLog } from './cli/log/ports.ts'
import type { DeskSettings } from './desk-settings.ts'
import { lockFolder } from './disk/lock.ts'
import { readSecret, replaceSecret } from './keys/secret-file.ts'
import { type Database, openDatabase } from './store/database.ts'
import { startEmbedded } from './store/embedded.ts'
import { migrate } from './store/migrate.ts'

/** A database in the form that this version works with. */
export interface DeskStore extends Database {
  readonly url: string
  /** Rejects where a server of our own ends by itself. */
  readonly failed: Promise<never>
}

/** Opens it, and brings it to its form. `close` also ends a server of our own. */
export async function openStore(config: DeskSettings['database']): Promise<DeskStore> {
  if ('url' in config) return opened(config.url, new Promise(() => {}), async () => {})
  await mkdir(dirname(config.dir), { recursive: true })
  const server = await startEmbedded({ dir: config.dir, lock: lockFolder })
  const failed = server.ended.then((): never => {
    throw new TelltaleError('STORE_UNAVAILABLE', { reason: 'the built-in server has ended' })
  })
  // It ends by `close` too, when nobody listens any more.
  failed.catch(() => {})
  return opened(server.url, failed, () => server.stop()).catch(async (error) => {
    await server.stop()
    throw error
  })
}

async function opened(
  url: string,
  failed: Promise<never>,
  after: () => Promise<void>,
): Promise<DeskStore> {
  await migrate(url)
  const database = await openDatabase({ url })
  return {
    ...database,
    url,
    failed,
    close: async () => {
      await database.close()
      await after()
    },
  }
}

/** Opens the log of a desk; where there is neither a log nor its keys, begins one. */
export async function openDeskLog(
  tools: Pick<LogTools, 'init' | 'open'>,
  place: LogPlace,
): Promise<OpenLog> {
  const found = await Promise.all([place.dir, place.keys].map((dir) => stat(dir).catch(() => null)))
  if (found.every((one) => one === null)) {
    await mkdir(dirname(place.dir), { recursive: true })
    await tools.init(place, null, null)
  }
  return tools.open(place)
}

/** Beside the keys of the log: whoever has both can do what the desk does anyway. */
const KEY_FILE = 'desk'
const KEY_BYTES = 32

/** Keys for each use, from one that is made at the first start. All 32 bytes. */
export interface DeskKeys {
  readonly cursors: Uint8Array
  readonly handles: Uint8Array
  readonly codes: Uint8Array
}

/** The keys of the desk whose log this is. Nobody else holds the folder now. */
export async function deskKeys({ keys }: LogPlace): Promise<DeskKeys> {
  const path = join(keys, KEY_FILE)
  const kept = await readSecret(path)
  const key = kept === null ? randomBytes(KEY_BYTES) : Buffer.from(kept.trim(), 'base64url')
  if (kept === null) await replaceSecret(path, `${key.toString('base64url')}\n`)
  const derived = (use: string) =>
    new Uint8Array(hkdfSync('sha256', key, '', `telltale desk ${use}`, KEY_BYTES))
  return { cursors: derived('cursors'), handles: derived('handles'), codes: derived('codes') }
}
