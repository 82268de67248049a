import { createServer } from 'node:net'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/store/database.ts'
import { brokenConstraint } from '../../src/store/faults.ts'
import { freshDatabase, makeDatabase, type TestDatabase } from './database.ts'
import { databaseAt } from './server.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.close())

const team = { id: 't1', name: 'Phones', created_at_ms: 1 }

describe('what fails in the database', () => {
  it('is told as unavailable where nobody listens, or nobody answers', async () => {
    const open = (url: string) => openDatabase({ url })
    const unavailable = { code: 'STORE_UNAVAILABLE' }
    await expect(open('postgresql://u:secret@127.0.0.1:1/x')).rejects.toMatchObject(unavailable)
    await expect(
      open(database.url.replace(/\/\/[^@]*@/, '//nobody-of-ours:x@')),
    ).rejects.toMatchObject(unavailable)
    await expect(open(databaseAt(database.url, 'none'))).rejects.toMatchObject(unavailable)
    const deaf = createServer(() => {}).listen(0, '127.0.0.1')
    await new Promise((resolve) => deaf.once('listening', resolve))
    const { port } = deaf.address() as { port: number }
    await expect(open(`postgresql://u@127.0.0.1:${port}/x`)).rejects.toMatchObject(unavailable)
    deaf.close()
  })

  it.each(['mysql://x/y', 'postgresql://u:hunter2@[/x', ''])(
    'never repeats the address %s',
    async (url) => {
      const failed = await openDatabase({ url }).catch((error) => error)
      expect(failed).toMatchObject({ code: 'STORE_UNSUITABLE' })
      expect(String(failed.message)).not.toContain('hunter2')
    },
  )

  it('is told as unavailable where a statement takes too long, and the next one works', async () => {
    const quick = await openDatabase({
      url: database.url,
      statementTimeoutMs: 50,
      connectionsMax: 1,
    })
    await expect(sql`select pg_sleep(20)`.execute(quick.db)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    })
    expect((await sql`select 1 as one`.execute(quick.db)).rows).toEqual([{ one: 1 }])
    await quick.close()
  })

  it('is told as unavailable where a connection is cut, also between two statements', async () => {
    const one = await openDatabase({ url: database.url, connectionsMax: 1 })
    const cut = one.db.transaction().execute(async (tx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
      await sql`select pg_terminate_backend(${rows[0].pid})`.execute(database.db)
      await new Promise((resolve) => setTimeout(resolve, 100))
      await sql`select 1`.execute(tx)
    })
    await expect(cut).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    expect((await sql`select 1 as one`.execute(one.db)).rows).toEqual([{ one: 1 }])
    await one.close()
  })

  it('names a constraint and none of the values', async () => {
    await database.db.insertInto('telltale.teams').values(team).execute()
    const twice = database.db.insertInto('telltale.teams').values(team).execute()
    const error = await twice.catch((thrown) => thrown)
    expect(brokenConstraint(error)).toBe('teams_pkey')
    expect(JSON.stringify(error) + error.message + error.stack).not.toContain('t1')
    expect(brokenConstraint(new Error('other'))).toBeNull()
  })

  it('is told without the words of the database, which hold values', async () => {
    const failed = sql`select ${'aiko@example.com'}::int`.execute(database.db)
    const error = await failed.catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'STORE_REFUSED', details: { state: '22P02' } })
    expect(`${error.message}${error.stack}${error.cause}`).not.toContain('aiko')
  })

  it('is told of a database of another encoding', async () => {
    const { url, drop } = await makeDatabase(
      "template template0 encoding 'SQL_ASCII' locale_provider libc locale 'C'",
    )
    await expect(openDatabase({ url })).rejects.toMatchObject({ code: 'STORE_UNSUITABLE' })
    await drop()
  })
})

describe('values', () => {
  it('of bigint are numbers, and none that a number cannot hold', async () => {
    const ask = (value: string) =>
      sql<{ n: unknown }>`select ${sql.raw(value)} as n`.execute(database.db)
    const asked = async (value: string) => (await ask(value)).rows[0].n
    expect(await asked('9007199254740991::bigint')).toBe(Number.MAX_SAFE_INTEGER)
    expect(await asked("'{1,NULL,-3}'::bigint[]")).toEqual([1, null, -3])
    expect(await asked("'{}'::bigint[]")).toEqual([])
    expect(await asked('count(*)')).toBe(1)
    expect(await asked("'2026-05-04 09:00+09'::timestamptz")).toBe('2026-05-04 00:00:00+00')
    await expect(ask('9007199254740992::bigint')).rejects.toThrow()
    // The connection that it came on is as good as before.
    expect(await asked('1')).toBe(1)
  })
})
