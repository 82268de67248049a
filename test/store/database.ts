/** A database of its own for each test, in the form that the migrations give it. */
import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import pg from 'pg'
import { inject } from 'vitest'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { databaseAt, type TestServer } from './server.ts'

/** An open database that is dropped when it is closed. */
export interface TestDatabase extends Database {
  readonly url: string
}

let server: Promise<TestServer> | undefined
/** One connection for all of a file's tests. */
let admin: Promise<pg.Client> | undefined
/** Databases that are dropped with the next one. */
const closed: string[] = []

/** Copies the migrated template: `const { db, close } = await freshDatabase()`. A test that fails to
 * close leaves it to the end of the run. */
export async function freshDatabase(): Promise<TestDatabase> {
  const { template } = await testServer()
  const { url, drop } = await makeDatabase(`template ${template} strategy file_copy`)
  const database = await openDatabase({ url })
  const close = async () => {
    await database.close()
    await drop()
  }
  return { ...database, url, close }
}

/** An empty database; `more` is what else `create database` is told. Connects as the superuser. */
export async function makeDatabase(more = ''): Promise<{ url: string; drop(): Promise<void> }> {
  const { adminUrl, template } = await testServer()
  const name = `${template}_${randomBytes(6).toString('hex')}`
  await asAdmin(adminUrl, `create database ${name} ${more}`)
  return {
    url: databaseAt(adminUrl, name),
    drop: async () => {
      // The server takes 100 ms to drop one whose connections ended just now.
      for (const old of closed.splice(0))
        await asAdmin(adminUrl, `drop database if exists ${old} with (force)`)
      closed.push(name)
    },
  }
}

async function asAdmin(url: string, statement: string): Promise<void> {
  admin ??= (async () => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    return client
  })()
  await (await admin).query(statement)
}

async function testServer(): Promise<TestServer> {
  server ??= (async () => {
    const told = JSON.parse(await text(connect(inject('testServer'))))
    if (told.error) throw new Error(`no PostgreSQL for tests: ${told.error}`)
    return told
  })()
  return await server
}
