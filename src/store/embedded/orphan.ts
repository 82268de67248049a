/** A server that outlived its supervisor, found by the file that each server keeps in its folder. */
import { readFile, readlink, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { TelltaleError } from '../../base/errors.ts'
import { SERVER_STOP_TIMEOUT_MS } from '../../base/store-limits.ts'

/** Set on the command line of each server that we start, and how we know it again. */
export const OUR_MARK = 'cluster_name=telltale'

const POLL_MS = 20

/**
 * Leaves no server in the data folder `data`: stops one of ours that lost its supervisor, removes the
 * trace of one that is gone. The caller holds the lock of the folder, so ours has no supervisor. Throws
 * STORE_IN_USE where somebody else's server works there, or ours does not stop. A process that does not
 * work in this folder is never touched, whatever the file says.
 */
export async function clearOrphan(data: string): Promise<void> {
  const pidFile = join(data, 'postmaster.pid')
  const text = await readFile(pidFile, 'utf8').catch(() => null)
  if (text === null) return
  const pid = Number.parseInt(text, 10)
  if (!(await isServerOf(pid, data))) {
    await rm(pidFile, { force: true })
    return
  }
  if (!(await commandLine(pid)).includes(OUR_MARK))
    throw new TelltaleError('STORE_IN_USE', { pid, dir: data })
  if (await stopServer(pid, data, 'SIGINT')) return
  // The next start recovers from the write-ahead log, as after a crash.
  if (await stopServer(pid, data, 'SIGQUIT')) return
  throw new TelltaleError('STORE_IN_USE', { pid, dir: data })
}

/** Whether it stopped in time. */
async function stopServer(pid: number, data: string, signal: NodeJS.Signals): Promise<boolean> {
  const deadline = Date.now() + SERVER_STOP_TIMEOUT_MS
  if (await isServerOf(pid, data)) process.kill(pid, signal)
  while (Date.now() < deadline) {
    if (!(await isServerOf(pid, data))) return true
    await sleep(POLL_MS)
  }
  return false
}

/** A server works in its data folder from its first to its last instruction. */
async function isServerOf(pid: number, data: string): Promise<boolean> {
  if (!(pid > 1)) return false
  const works = await readlink(`/proc/${pid}/cwd`).catch(() => null)
  return works !== null && works === (await realpath(data))
}

async function commandLine(pid: number): Promise<string> {
  return await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
}
