import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { afterEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/store/database.ts'
import { MIGRATIONS, type MigrationName, migrate } from '../../src/store/migrate.ts'
import { restore } from '../../src/store/restore.ts'
import { contentsOf, formOf } from './contents.ts'
import { freshDatabase, makeDatabase } from './database.ts'
import { fillSamples } from './samples.ts'

const NAMES = Object.keys(MIGRATIONS) as MigrationName[]
/** Backups that earlier releases made of the samples: `scripts/keep-release.ts` adds one. */
const RELEASES = join(import.meta.dirname, 'releases')

let drops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const drop of drops) await drop()
  drops = []
})

async function empty(): Promise<string> {
  const { url, drop } = await makeDatabase()
  drops.push(drop)
  return url
}

async function inside<Result>(url: string, look: (pool: pg.Pool) => Promise<Result>) {
  const database = await openDatabase({ url })
  return await look(database.pool).finally(() => database.close())
}

async function latestForm(): Promise<string[]> {
  const { pool, close } = await freshDatabase()
  return await formOf(pool).finally(close)
}

describe('migrations', () => {
  it('make everything in an empty database, once', async () => {
    const url = await empty()
    expect(await migrate(url)).toEqual(NAMES)
    expect(await migrate(url)).toEqual([])
    expect(await inside(url, formOf)).toEqual(await latestForm())
  })

  it('wait for each other', async () => {
    const url = await empty()
    const done = await Promise.all([migrate(url), migrate(url), migrate(url)])
    expect(done.flat()).toEqual(NAMES)
  })

  it.each(NAMES)('go on from %s, with rows in every table, to the same form', async (from) => {
    const url = await empty()
    await migrate(url, NAMES[0])
    await inside(url, fillSamples)
    await migrate(url, from)
    const before = await inside(url, contentsOf)
    expect(await migrate(url)).toEqual(NAMES.slice(NAMES.indexOf(from) + 1))
    expect(await inside(url, formOf)).toEqual(await latestForm())
    const after = await inside(url, contentsOf)
    for (const [table, rows] of Object.entries(before))
      expect(after[table] ?? [], table).toHaveLength(rows.length)
  })

  it('refuse a database of a later version, and leave it as it is', async () => {
    const url = await empty()
    await migrate(url)
    await inside(url, (pool) =>
      pool.query("insert into telltale.migrations (name, timestamp) values ('9999-later', 'x')"),
    )
    const before = await inside(url, formOf)
    await expect(migrate(url)).rejects.toMatchObject({
      code: 'STORE_NEWER',
      details: { found: '9999-later', known: NAMES.at(-1) },
    })
    expect(await inside(url, formOf)).toEqual(before)
  })

  it('that fail leave nothing behind', async () => {
    const url = await empty()
    // In the way of the last table that 0001 makes.
    await inside(url, (pool) =>
      pool.query('create schema support; create table support.messages ()'),
    )
    await expect(migrate(url)).rejects.toMatchObject({ code: 'STORE_REFUSED' })
    const { rows } = await inside(url, (pool) =>
      pool.query(
        "select tablename as name from pg_tables where schemaname in ('telltale', 'support') and tablename not like 'migrations%'",
      ),
    )
    expect(rows).toEqual([{ name: 'messages' }])
  })
})

describe('releases', async () => {
  it.each(await readdir(RELEASES))(
    'of which %s is a backup are brought to this form',
    async (file) => {
      const url = await empty()
      const saved = await restore(url, join(RELEASES, file))
      expect(await inside(url, formOf)).toEqual(await latestForm())
      const contents = await inside(url, contentsOf)
      for (const [table, count] of Object.entries(saved.rows))
        expect(contents[table] ?? [], table).toHaveLength(count)
    },
  )
})
