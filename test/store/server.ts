/**
 * One PostgreSQL server for a whole run of tests, started when the first test asks for a database: by
 * the process that starts the tests, so that it outlives each file's. Named in vitest.config.ts.
 */
import { chmod, mkdtemp, readFile, rm, statfs } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { lockFolder } from '../../src/disk/lock.ts'
import { type EmbeddedServer, startEmbedded } from '../../src/store/embedded.ts'
import { migrate } from '../../src/store/migrate.ts'

/** What a test is told of the server. */
export interface TestServer {
  readonly adminUrl: string
  /** A migrated database to copy. */
  readonly template: string
}

declare module 'vitest' {
  interface ProvidedContext {
    /** A socket that answers with the JSON of a TestServer, or of `{error}`. */
    testServer: string
  }
}

/** A crash of a test's machine loses nothing that anybody wants back. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  max_connections: '300',
  file_copy_method: 'clone',
} as const

/** For the server, and for some hundred databases at once. */
const ROOM_MIN = 4 * 2 ** 30

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = await mkdtemp(join(await quickFolder(), 'tt-store-'))
  // As root, the server runs as another user.
  await chmod(dir, 0o711)
  let started: Promise<{ server: EmbeddedServer; told: TestServer }> | undefined
  const answer = async (socket: Socket) => {
    socket.on('error', () => {})
    started ??= start(dir)
    const told = await started.then(
      (one) => one.told,
      (error) => ({ error: String(error) }),
    )
    socket.end(JSON.stringify(told))
  }
  const path = join(dir, 'ask')
  const asked = createServer((socket) => void answer(socket))
  await new Promise<void>((resolve) => asked.listen(path, resolve))
  project.provide('testServer', path)
  return async () => {
    asked.close()
    await started?.then(({ server }) => server.stop()).catch(() => {})
    await rm(dir, { recursive: true, force: true })
  }
}

async function start(dir: string) {
  const server = await startEmbedded({
    dir: join(dir, 'postgres'),
    lock: lockFolder,
    settings: SETTINGS,
  })
  await migrate(server.url)
  return { server, told: { adminUrl: server.adminUrl, template: 'telltale' } }
}

/** In memory where there is room and programs may run: a database is copied in a tenth of the time. */
async function quickFolder(): Promise<string> {
  const memory = '/dev/shm'
  const mounts = await readFile('/proc/mounts', 'utf8').catch(() => '')
  const mount = mounts.split('\n').find((line) => line.split(' ')[1] === memory)
  if (!mount || mount.includes('noexec')) return tmpdir()
  const { bavail, bsize } = await statfs(memory)
  return bavail * bsize > ROOM_MIN ? memory : tmpdir()
}
