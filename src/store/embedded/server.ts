/** The running server: started, watched over and stopped. */
import { type ChildProcess, spawn } from 'node:child_process'
import { open, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { TelltaleError } from '../../base/errors.ts'
import {
  SERVER_LOG_BYTES_MAX,
  SERVER_LOG_LINES,
  SERVER_START_TIMEOUT_MS,
  SERVER_STOP_TIMEOUT_MS,
} from '../../base/store-limits.ts'
import type { Binaries } from './binaries.ts'
import { SERVER_ENV } from './cluster.ts'
import { OUR_MARK } from './orphan.ts'
import type { ServerUser } from './user.ts'

/** A server that accepts connections. */
export interface Server {
  readonly pid: number
  /** Settles when the server is gone, whoever ended it. */
  readonly ended: Promise<void>
  /** Writes what is in memory, leaves, and is gone when this settles. */
  stop(): Promise<void>
}

/** What each server is started with. It listens on the socket alone; its log says what happens to the
 * server and never what anybody asked or was told, since that holds customers' data. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  password_encryption: 'scram-sha-256',
}

const POLL_MS = 10

/** Starts the server of `dir/data`, with its socket in `socketDir`; settles when it is ready. Throws
 * STORE_START_FAILED with its last words. */
export async function startServer(
  dir: string,
  socketDir: string,
  binaries: Binaries,
  user: ServerUser | null,
  settings: Readonly<Record<string, string>>,
): Promise<Server> {
  const data = join(dir, 'data')
  const given = { ...SETTINGS, ...settings, unix_socket_directories: socketDir }
  const options = Object.entries(given).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const log = await openLog(dir)
  const child = spawn(binaries.postgres, ['-D', data, '-c', OUR_MARK, ...options], {
    cwd: data,
    env: SERVER_ENV,
    // A session of its own: Ctrl-C is for us, who stop the server after its last client.
    detached: true,
    stdio: ['ignore', log.file.fd, log.file.fd],
    ...user,
  })
  const ended = endOf(child)
  await log.file.close()
  const killAtExit = () => child.kill('SIGINT')
  process.once('exit', killAtExit)
  const watcher = child.pid === undefined ? null : watch(child.pid, data, user)
  void ended.then(() => {
    process.removeListener('exit', killAtExit)
    watcher?.kill('SIGKILL')
  })
  if (!(await isReady(child, data, ended))) {
    child.kill('SIGQUIT')
    const reason = (await ended) ?? (await lastLines(log.path, log.begin))
    throw new TelltaleError('STORE_START_FAILED', { dir, reason })
  }
  child.unref()
  return {
    pid: child.pid!,
    ended: ended.then(() => undefined),
    stop: () => stop(child, ended),
  }
}

/** Settles with why it could not be started at all, or null when it ended. */
function endOf(child: ChildProcess): Promise<string | null> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', () => resolve(null))
  })
}

/**
 * Stops the server where we are killed and cannot: waits, in a process of its own, on a pipe that ends
 * with us. It looks into the server's own file first, so that it never signals a stranger who was given
 * the number of a server long gone.
 */
function watch(pid: number, data: string, user: ServerUser | null): ChildProcess {
  const script =
    'read -r _ <&3; read -r pid < postmaster.pid && [ "$pid" = "$0" ] && kill -INT "$pid"'
  const watcher = spawn('/bin/sh', ['-c', script, String(pid)], {
    cwd: data,
    env: SERVER_ENV,
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    ...user,
  })
  // Without a shell the next start finds and stops what was left behind.
  watcher.on('error', () => {})
  watcher.unref()
  const pipe = watcher.stdio[3] as unknown as { unref?(): void } & NodeJS.EventEmitter
  pipe?.on('error', () => {})
  pipe?.unref?.()
  return watcher
}

/** The eighth line of the server's own file becomes `ready`, as pg_ctl reads it. */
async function isReady(
  child: ChildProcess,
  data: string,
  ended: Promise<unknown>,
): Promise<boolean> {
  const deadline = Date.now() + SERVER_START_TIMEOUT_MS
  let isOver = false
  void ended.then(() => {
    isOver = true
  })
  while (!isOver && Date.now() < deadline) {
    const lines = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')
    const [pid, , , , , , , status] = lines.split('\n')
    if (Number(pid) === child.pid && status?.trim() === 'ready') return true
    await Promise.race([sleep(POLL_MS), ended])
  }
  return false
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.ref()
  child.kill('SIGINT')
  const timer = setTimeout(() => child.kill('SIGQUIT'), SERVER_STOP_TIMEOUT_MS)
  await ended
  clearTimeout(timer)
}

async function openLog(dir: string) {
  const path = join(dir, 'server.log')
  const size = (await stat(path).catch(() => null))?.size ?? 0
  const isLong = size > SERVER_LOG_BYTES_MAX
  if (isLong) await rename(path, `${path}.old`)
  return { path, file: await open(path, 'a', 0o600), begin: isLong ? 0 : size }
}

async function lastLines(path: string, begin: number): Promise<string> {
  const text = (await readFile(path)).subarray(begin).toString().trim()
  return text.split('\n').slice(-SERVER_LOG_LINES).join('; ') || 'it said nothing'
}
