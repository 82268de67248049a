import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import type pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { backup } from '../../src/store/backup.ts'
import { openDatabase } from '../../src/store/database.ts'
import { MIGRATIONS, migrate } from '../../src/store/migrate.ts'
import { restore } from '../../src/store/restore.ts'
import { contentsOf, formOf } from './contents.ts'
import { freshDatabase, makeDatabase, type TestDatabase } from './database.ts'
import { fillSamples } from './samples.ts'

type Form = keyof typeof MIGRATIONS
const [FIRST, LATEST] = [Object.keys(MIGRATIONS)[0], Object.keys(MIGRATIONS).at(-1)!] as Form[]

let dir: string
let source: TestDatabase
let drops: (() => Promise<void>)[] = []

beforeAll(async () => {
  source = await freshDatabase()
  await fillSamples(source.pool)
})
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tt-backup-'))
})
afterEach(async () => {
  for (const drop of drops) await drop()
  drops = []
  await rm(dir, { recursive: true })
})
afterAll(() => source.close())

/** An empty database, for the test alone. */
async function empty(): Promise<string> {
  const { url, drop } = await makeDatabase()
  drops.push(drop)
  return url
}

async function inside<Result>(url: string, look: (pool: pg.Pool) => Promise<Result>) {
  const database = await openDatabase({ url })
  return await look(database.pool).finally(() => database.close())
}

describe('a backup', () => {
  it('restored is what it was of, value by value', async () => {
    const file = join(dir, 'desk.backup')
    const saved = await backup(source.url, file)
    expect(Object.values(saved.rows)).not.toContain(undefined)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const url = await empty()
    expect(await restore(url, file)).toEqual(saved)
    const contents = await contentsOf(source.pool)
    expect(Object.keys(contents)).toEqual(Object.keys(saved.rows))
    const filled = Object.values(contents).filter((rows) => rows.length > 0)
    expect(filled.length).toBeGreaterThanOrEqual(24)
    expect(await inside(url, contentsOf)).toEqual(contents)
    expect(await inside(url, formOf)).toEqual(await formOf(source.pool))
  })

  it('goes on counting where the database left off, also past rows that are gone', async () => {
    const file = join(dir, 'desk.backup')
    await backup(source.url, file)
    const url = await empty()
    await restore(url, file)
    const insert =
      "insert into telltale.events (at_ms, kind, payload) values (1, 'x', '{}') returning id"
    const { rows } = await inside(url, (pool) => pool.query(insert))
    expect(rows).toEqual([{ id: 42 }])
  })

  it('of an older form is restored in it and then brought on', async () => {
    const old = await empty()
    await migrate(old, FIRST)
    await inside(old, fillSamples)
    const file = join(dir, 'old.backup')
    const saved = await backup(old, file)
    const url = await empty()
    expect(await restore(url, file)).toEqual(saved)
    expect(await inside(url, formOf)).toEqual(await formOf(source.pool))
    const { rows } = await inside(url, (pool) =>
      pool.query('select max(name) as form from telltale.migrations'),
    )
    expect(rows).toEqual([{ form: LATEST }])
  })

  it('is of one moment, whatever is written meanwhile', async () => {
    const busy = await freshDatabase()
    drops.push(busy.close)
    let isOver = false
    // Every transaction writes the same into two tables.
    const writing = (async () => {
      for (let i = 0; !isOver; i++)
        await busy.pool.query(
          `with one as (insert into telltale.hooks values ('${i}', 's', 1))
           insert into support.queues values ('${i}', 'q')`,
        )
    })()
    for (let round = 0; round < 5; round++) {
      const { rows } = await backup(busy.url, join(dir, `${round}.backup`))
      expect(rows['telltale.hooks']).toBe(rows['support.queues'])
    }
    isOver = true
    await writing
  })

  it('carries more than fits through at once', async () => {
    const large = await freshDatabase()
    drops.push(large.close)
    await large.pool.query(`
      insert into telltale.teams
      select n::text, repeat(md5(n::text), 1 + n % 200) || chr(10) || '\\.', n from generate_series(1, 6000) n`)
    const file = join(dir, 'large.backup')
    await backup(large.url, file)
    const url = await empty()
    await restore(url, file)
    expect(await inside(url, contentsOf)).toEqual(await contentsOf(large.pool))
  })

  it('never replaces a file, and leaves none that is not whole', async () => {
    const file = join(dir, 'desk.backup')
    await writeFile(file, 'precious')
    await expect(backup(source.url, file)).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
    expect(await readFile(file, 'utf8')).toBe('precious')
    await expect(backup(source.url, join(dir, 'no', 'x'))).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
    })
    await expect(backup(await empty(), join(dir, 'y'))).rejects.toMatchObject({
      code: 'STORE_UNSUITABLE',
    })
    expect(await readdir(dir)).toEqual(['desk.backup'])
  })
})

describe('a restore', () => {
  let whole: Buffer
  beforeAll(async () => {
    const made = await mkdtemp(join(tmpdir(), 'tt-whole-'))
    await backup(source.url, join(made, 'b'))
    whole = await readFile(join(made, 'b'))
    await rm(made, { recursive: true })
  })
  const textOf = () => gunzipSync(whole).toString('latin1')
  const packed = (text: string) => gzipSync(Buffer.from(text, 'latin1'))
  const tables = (url: string) =>
    inside(url, (pool) =>
      pool.query("select from pg_tables where schemaname in ('telltale', 'support')"),
    )

  it.each<[string, () => Buffer]>([
    ['is empty', () => Buffer.alloc(0)],
    ['is something else', () => Buffer.from('-- PostgreSQL database dump')],
    ['is other gzip', () => packed('{"format":"other"}\n')],
    ['is cut in half', () => whole.subarray(0, whole.length / 2)],
    ['lacks its last byte', () => whole.subarray(0, -1)],
    ['lacks its last line', () => packed(textOf().replace(/sha256 .*\n$/, ''))],
    ['lacks its end', () => packed(textOf().split('\n').slice(0, -3).join('\n'))],
    ['was changed', () => packed(textOf().replace('Aiko', 'Mina'))],
    ['lacks a row', () => packed(textOf().replace(/\nc2\t[^\n]*/, ''))],
    ['has something behind it', () => packed(`${textOf()}more\n`)],
    ['has another checksum', () => packed(textOf().replace(/sha256 ./, 'sha256 g'))],
  ])('refuses a file that %s, and writes nothing', async (_, make) => {
    const file = join(dir, 'b')
    await writeFile(file, make())
    const url = await empty()
    await expect(restore(url, file)).rejects.toMatchObject({ code: 'STORE_BACKUP_DAMAGED' })
    expect((await tables(url)).rowCount).toBe(0)
  })

  it('refuses a database that holds anything, and a form that it does not know', async () => {
    const file = join(dir, 'b')
    await writeFile(file, whole)
    const other = await freshDatabase()
    drops.push(other.close)
    await other.pool.query("insert into support.queues values ('q', 'Q')")
    await expect(restore(other.url, file)).rejects.toMatchObject({
      code: 'STORE_NOT_EMPTY',
      details: { table: 'support.queues' },
    })
    const newer = textOf().replace(`"form":"${LATEST}"`, '"form":"9999-later"')
    const body = newer.replace(/sha256 .*\n$/, '')
    const sum = createHash('sha256').update(body, 'latin1').digest('hex')
    await writeFile(file, packed(`${body}sha256 ${sum}\n`))
    await expect(restore(await empty(), file)).rejects.toMatchObject({
      code: 'STORE_NEWER',
      details: { found: '9999-later', known: LATEST },
    })
  })

  it('into a database that was only migrated is as good as into an empty one', async () => {
    const file = join(dir, 'b')
    await writeFile(file, whole)
    const other = await freshDatabase()
    drops.push(other.close)
    await restore(other.url, file)
    expect(await contentsOf(other.pool)).toEqual(await contentsOf(source.pool))
  })

  it('that fails half-way leaves no row, and can be tried again', async () => {
    const file = join(dir, 'b')
    await writeFile(file, whole)
    const url = await empty()
    await migrate(url)
    await inside(url, (pool) => pool.query('alter table support.tickets add check (priority > 5)'))
    await expect(restore(url, file)).rejects.toThrow()
    const left = await inside(url, contentsOf)
    expect(Object.values(left).flat()).toEqual([])
    await inside(url, (pool) =>
      pool.query('alter table support.tickets drop constraint tickets_priority_check'),
    )
    await restore(url, file)
    expect(await inside(url, contentsOf)).toEqual(await contentsOf(source.pool))
  })

  it('says that a file cannot be read', async () => {
    await expect(restore(await empty(), join(dir, 'none'))).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
    })
  })
})
