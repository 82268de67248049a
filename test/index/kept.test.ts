import { existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TelltaleError } from '../../src/base/errors.ts'
import { indexFault } from '../../src/index/faults.ts'
import { fileOf } from '../importers/files.ts'
import { builderOf, disclosuresOf, importFile } from './imports.ts'

const HEADER = 'agent,customer,time\n'
const A = `${HEADER}a,c1,2024-01-01 00:00:00\n`
const B = `${HEADER}a,c1,2024-01-01 00:00:00\nb,c2,2024-01-01 00:00:00\n`

const folder = () => join(fileOf('', 'x'), '../index')

/** One session: opens the folder, adds these files, finishes and closes. */
async function session(dir: string, logs: string[], population?: string) {
  const builder = await builderOf({ dir })
  try {
    const summaries = []
    for (const file of logs) summaries.push((await importFile(file, {}, builder)).summary)
    const people = population === undefined ? null : await builder.addPopulation(population)
    const { agents, overview } = await builder.finish()
    return { summaries, people, agents, overview, rows: (await disclosuresOf(builder)).length }
  } finally {
    builder.close()
  }
}

describe('a kept index', () => {
  it('opens again with the same files and more, and reads none of them again', async () => {
    const dir = folder()
    const [a, b] = [fileOf(A), fileOf(B)]
    const people = fileOf('customer\nc1\nc1\nc9\n')
    const first = await session(dir, [a], people)
    expect(existsSync(join(dir, 'telltale.duckdb'))).toBe(true)
    const { summaries, agents, overview, ...second } = await session(dir, [a, b], people)
    expect(summaries[0].assumed.join()).toMatch(/the same file was imported before/)
    expect(summaries[1]).toMatchObject({ rowsAdded: 1, rowsDuplicate: 1 })
    expect(agents).toEqual(['a', 'b'])
    expect(overview).toMatchObject({ population: 2, disclosures: 2 })
    expect(first.people?.assumed).toHaveLength(1)
    expect(second.people).toEqual(first.people)
  })

  it('that holds a file not given, or as it was before, gives no answer', async () => {
    const dir = folder()
    const wrong = fileOf(A)
    await session(dir, [wrong])
    await expect(session(dir, [fileOf(B)])).rejects.toMatchObject({
      code: 'INDEX_HOLDS_MORE',
      details: { dir, files: wrong },
    })
    const corrected = folder()
    const file = fileOf(A)
    await session(corrected, [file])
    writeFileSync(file, B)
    await expect(session(corrected, [file])).rejects.toMatchObject({
      code: 'INDEX_HOLDS_MORE',
      details: { files: `${file} as it was before` },
    })
  })

  it('that holds a population not given, or another one, gives no answer', async () => {
    const dir = folder()
    const log = fileOf(A)
    const people = fileOf('customer,segment\nc1,x\nc2,y\n')
    await session(dir, [log], people)
    for (const given of [undefined, fileOf('customer\nc1\n')]) {
      await expect(session(dir, [log], given)).rejects.toMatchObject({
        code: 'INDEX_HOLDS_MORE',
        details: { files: `the population ${people}` },
      })
    }
  })

  it('forgets a file of which no row was used, also to read it in another way', async () => {
    const dir = folder()
    const file = fileOf('agent,customer,time,who\n?,c1,2024-01-01 00:00:00,a\n')
    await expect(session(dir, [file])).rejects.toMatchObject({
      code: 'NO_USABLE_ACCESSES',
      details: {
        read: 1,
        rejected: 1,
        first: ` (the first on line 2 of ${file}: no agent is named)`,
      },
    })
    const other = await builderOf({ dir })
    const map = { agent: 'who', customer: 'customer', time: 'time' }
    await importFile(file, { map }, other)
    expect((await other.finish()).agents).toEqual(['a'])
    const rejects = fileOf('', 'rejects.csv')
    expect(await other.writeRejects(rejects)).toBe(0)
    expect(readFileSync(rejects, 'utf8').trim()).toBe('file,line,reason,text')
    other.close()
    expect((await session(folder(), [fileOf(A)])).rows).toBe(1)
  })
})

describe('a log without a row', () => {
  it('is an error, not a verdict', async () => {
    const { builder } = await importFile(fileOf(HEADER))
    await expect(builder.finish()).rejects.toMatchObject({
      code: 'NO_USABLE_ACCESSES',
      details: { read: 0, rejected: 0, first: '' },
    })
  })
})

describe('an index folder', () => {
  it('that is a file, or cannot be made, says so', async () => {
    const file = fileOf('not a folder', 'x')
    await expect(builderOf({ dir: file })).rejects.toMatchObject({ code: 'INDEX_UNREADABLE' })
    for (const dir of [join(file, 'index'), join(file, '../no/index'), '/proc/telltale']) {
      await expect(builderOf({ dir })).rejects.toMatchObject({
        code: 'FILE_UNWRITABLE',
        details: { file: dir },
      })
    }
  })

  it('whose database is cut off anywhere is an error that says so, or whole', async () => {
    const dir = folder()
    const rows = Array.from({ length: 20_000 }, (_, i) => `a${i % 30},c${i},2024-01-01 00:00:00\n`)
    const log = fileOf(HEADER + rows.join(''))
    await session(dir, [log])
    const database = readFileSync(join(dir, 'telltale.duckdb'))
    for (const share of [0.95, 0.8, 0.6, 0.4, 0.1, 0.01]) {
      const cut = join(fileOf(database, 'telltale.duckdb'), '..')
      truncateSync(join(cut, 'telltale.duckdb'), Math.floor(database.length * share))
      await expect(session(cut, [log, fileOf(A)]), String(share)).rejects.toMatchObject({
        code: 'INDEX_UNREADABLE',
      })
    }
    const empty = join(dir, '../empty')
    mkdirSync(empty)
    expect((await session(empty, [log])).rows).toBe(20_000)
  })

  it('on a full disk is FILE_UNWRITABLE, and no fault of the log is one of the index', () => {
    const full =
      'TransactionContext Error: Failed to commit: Could not write file "x": No space left'
    expect(indexFault('d', new Error(full))).toMatchObject({ code: 'FILE_UNWRITABLE' })
    expect(indexFault(undefined, new Error(full))).toMatchObject({ code: 'FILE_UNWRITABLE' })
    const own = new TelltaleError('FILE_EMPTY', { file: 'f', what: 'no space left' })
    expect(indexFault('d', own)).toBe(own)
    const other = new TypeError('x is not a function')
    expect(indexFault('d', other)).toBe(other)
  })
})
