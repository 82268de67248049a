/** The server's data folder: made once, whole or not at all. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { reasonOf, TelltaleError } from '../../base/errors.ts'
import { INITDB_TIMEOUT_MS } from '../../base/store-limits.ts'
import { syncPath, writeDurably } from '../durable.ts'
import type { Binaries } from './binaries.ts'
import type { ServerUser } from './user.ts'

/** Passwords of the two roles: `postgres`, the superuser, who only makes the other; and `telltale`,
 * who owns the database of that name and nothing else. */
export interface Credentials {
  readonly postgres: string
  readonly telltale: string
}

const CREDENTIALS = 'credentials.json'

/** What the server and its tools see of our environment: nothing that is ours, least of all secrets. */
export const SERVER_ENV = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } as const

/** Makes `dir/data` with initdb unless it is there. Throws STORE_OTHER_MAJOR where another major
 * version wrote it, STORE_START_FAILED where initdb fails. */
export async function prepareCluster(
  dir: string,
  binaries: Binaries,
  user: ServerUser | null,
  isDurable: boolean,
): Promise<Credentials> {
  const data = join(dir, 'data')
  const found = await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => null)
  if (found === null) return await makeCluster(dir, data, binaries, user, isDurable)
  if (Number(found) !== binaries.major)
    throw new TelltaleError('STORE_OTHER_MAJOR', {
      dir,
      found: found.trim(),
      wanted: binaries.major,
    })
  return await readCredentials(dir)
}

async function makeCluster(
  dir: string,
  data: string,
  binaries: Binaries,
  user: ServerUser | null,
  isDurable: boolean,
): Promise<Credentials> {
  const credentials = {
    postgres: randomBytes(24).toString('base64url'),
    telltale: randomBytes(24).toString('base64url'),
  }
  const partial = `${data}.partial`
  const passwordFile = join(dir, 'password.partial')
  await rm(partial, { recursive: true, force: true })
  await makeOwned(partial, user)
  await writeFile(passwordFile, credentials.postgres, { mode: 0o600 })
  if (user) await chown(passwordFile, user.uid, user.gid)
  try {
    await initdb(dir, partial, passwordFile, binaries, user, isDurable)
  } finally {
    await rm(passwordFile, { force: true })
  }
  await writeDurably(join(dir, CREDENTIALS), JSON.stringify(credentials))
  await rename(partial, data)
  await syncPath(dir)
  return credentials
}

async function initdb(
  dir: string,
  data: string,
  passwordFile: string,
  binaries: Binaries,
  user: ServerUser | null,
  isDurable: boolean,
): Promise<void> {
  const args = [
    `--pgdata=${data}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    // Sorts by code point and knows case beyond ASCII, the same on every machine and release.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
    ...(isDurable ? [] : ['--no-sync']),
  ]
  try {
    await promisify(execFile)(binaries.initdb, args, {
      cwd: data,
      env: SERVER_ENV,
      timeout: INITDB_TIMEOUT_MS,
      ...user,
    })
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim() || reasonOf(error)
    throw new TelltaleError('STORE_START_FAILED', { dir, reason: said }, { cause: error })
  }
}

/** Throws FILE_UNREADABLE. */
export async function readCredentials(dir: string): Promise<Credentials> {
  const file = join(dir, CREDENTIALS)
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Credentials
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'it is damaged' : reasonOf(error)
    throw new TelltaleError('FILE_UNREADABLE', { file, reason }, { cause: error })
  }
}

/** A folder that only the server's user may enter. */
export async function makeOwned(path: string, user: ServerUser | null): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  if (user) await chown(path, user.uid, user.gid)
}
