/**
 * The built-in PostgreSQL: a server of our own in a folder of our own, which nobody else reaches and
 * which ends with us. docs/store.md says what is where.
 */
import { chmod, mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { SOCKET_DIR_BYTES_MAX } from '../base/store-limits.ts'
import { prepareBinaries } from './embedded/binaries.ts'
import { type Credentials, makeOwned, prepareCluster, readCredentials } from './embedded/cluster.ts'
import { clearOrphan } from './embedded/orphan.ts'
import { startServer } from './embedded/server.ts'
import { checkReachable, type ServerUser, serverUser } from './embedded/user.ts'

/** How to keep other processes from the folder, such as `lockFolder` of src/disk. */
export type LockFolder = (dir: string) => Promise<{ release(): Promise<void> }>

/** What a server is started from. */
export interface EmbeddedOptions {
  /** Made if missing; everything of the server is below it. */
  readonly dir: string
  readonly lock: LockFolder
  /** Settings of PostgreSQL beside ours. `fsync: 'off'` is for tests alone. */
  readonly settings?: Readonly<Record<string, string>>
}

/** A running server of our own. */
export interface EmbeddedServer {
  /** Of the database `telltale`, as its owner. */
  readonly url: string
  /** Of the database `postgres`, as the superuser: for what no owner may do. */
  readonly adminUrl: string
  readonly pid: number
  /** Settles when the server is gone: after `stop`, or because something ended it. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

/**
 * Starts the server of `dir`, which is made at the first start, and one that was left behind stopped.
 * Throws FOLDER_LOCKED, STORE_NO_BINARIES, STORE_DIR_UNREACHABLE, STORE_IN_USE, STORE_OTHER_MAJOR or
 * STORE_START_FAILED; then nothing runs.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const user = serverUser()
  await mkdir(options.dir, { recursive: true, mode: 0o700 })
  const dir = await realpath(options.dir)
  const lock = await options.lock(dir)
  let socketDir: string | undefined
  const cleanUp = async () => {
    if (socketDir !== undefined) await rm(socketDir, { recursive: true, force: true })
    await lock.release()
  }
  try {
    if (user) await chmod(dir, 0o711)
    await checkReachable(dir, user)
    await clearOrphan(join(dir, 'data'))
    const settings = options.settings ?? {}
    const binaries = await prepareBinaries(dir)
    const credentials = await prepareCluster(dir, binaries, user, settings.fsync !== 'off')
    socketDir = await makeSocketDir(dir, user)
    const server = await startServer(dir, socketDir, binaries, user, settings)
    const adminUrl = urlOf(socketDir, 'postgres', credentials.postgres, 'postgres')
    await prepareDatabase(adminUrl, credentials).catch(async (error) => {
      await server.stop()
      throw error
    })
    const ended = server.ended.then(cleanUp)
    return {
      url: urlOf(socketDir, 'telltale', credentials.telltale, 'telltale'),
      adminUrl,
      pid: server.pid,
      ended,
      stop: async () => {
        await server.stop()
        await ended
      },
    }
  } catch (error) {
    await cleanUp()
    throw error
  }
}

/** Line of postmaster.pid that names the folder of the server's socket, from 0. */
const SOCKET_DIR_LINE = 4

/** The address of the database that another process serves from `dir` just now; null: none does. What
 * it says is stale after a crash: then connecting fails. Throws FILE_UNREADABLE. */
export async function runningEmbedded(dir: string): Promise<string | null> {
  const text = await readFile(join(dir, 'data', 'postmaster.pid'), 'utf8').catch(() => null)
  const socketDir = text?.split('\n')[SOCKET_DIR_LINE]
  if (!socketDir) return null
  return urlOf(socketDir, 'telltale', (await readCredentials(dir)).telltale, 'telltale')
}

/** In the server's folder, or where its path is too long for a socket, in one for temporary files. */
async function makeSocketDir(dir: string, user: ServerUser | null): Promise<string> {
  const near = join(dir, 'run')
  const isShort = Buffer.byteLength(near) <= SOCKET_DIR_BYTES_MAX
  const socketDir = isShort ? near : await mkdtemp(join(tmpdir(), 'telltale-'))
  await makeOwned(socketDir, user)
  return socketDir
}

function urlOf(socketDir: string, role: string, password: string, database: string): string {
  return `postgresql://${role}:${password}@/${database}?host=${encodeURIComponent(socketDir)}`
}

/** The role `telltale` and its database: whoever works with it can do nothing to the server. */
async function prepareDatabase(adminUrl: string, credentials: Credentials): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    const roles = await client.query("select from pg_roles where rolname = 'telltale'")
    if (roles.rowCount === 0)
      await client.query(`create role telltale login password '${credentials.telltale}'`)
    const databases = await client.query("select from pg_database where datname = 'telltale'")
    if (databases.rowCount === 0) await client.query('create database telltale owner telltale')
  } finally {
    await client.end()
  }
}
