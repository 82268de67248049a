/**
 * One PostgreSQL server for a whole run of tests, started when the first test asks for a database: by
 * the process that starts the tests, so that it outlives each file's. Named in vitest.config.ts. Where
 * TELLTALE_TEST_POSTGRES is the URL of a superuser, that server is used instead.
 */
import { rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { lockFolder } from '../../src/disk/lock.ts'
import { startEmbedded } from '../../src/store/embedded.ts'
import { migrate } from '../../src/store/migrate.ts'
import { quickFolder } from './folder.ts'

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

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = await quickFolder()
  let started: ReturnType<typeof start> | undefined
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
    await started?.then(({ stop }) => stop()).catch(() => {})
    await rm(dir, { recursive: true, force: true })
  }
}

async function start(dir: string) {
  const given = process.env.TELLTALE_TEST_POSTGRES
  if (given !== undefined) return await takeGiven(given)
  const server = await startEmbedded({
    dir: join(dir, 'postgres'),
    lock: lockFolder,
    settings: SETTINGS,
  })
  await migrate(server.url)
  return { stop: server.stop, told: { adminUrl: server.adminUrl, template: 'telltale' } }
}

async function takeGiven(adminUrl: string) {
  const template = `template_${process.pid}`
  const asAdmin = async (statement: string) => {
    const client = new pg.Client({ connectionString: adminUrl })
    await client.connect()
    return await client.query(statement).finally(() => client.end())
  }
  await asAdmin(`create database ${template}`)
  await migrate(databaseAt(adminUrl, template))
  const stop = async () => {
    const { rows } = await asAdmin(
      `select datname from pg_database where starts_with(datname, '${template}')`,
    )
    for (const { datname } of rows) await asAdmin(`drop database ${datname} with (force)`)
  }
  return { stop, told: { adminUrl, template } }
}

/** Of the same server, the same role. */
export function databaseAt(url: string, name: string): string {
  return url.replace(/(?<=^\w+:\/\/[^/]*\/)[^?]*/, name)
}
