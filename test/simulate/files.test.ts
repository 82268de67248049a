import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, expect, test } from 'vitest'
import { type AccessFormat, writeWorld } from '../../simulate/files.ts'
import type { Options } from '../../simulate/scales.ts'
import { openText } from '../../simulate/text.ts'
import { readTruth, truthOf, writeTruth } from '../../simulate/truth.ts'
import { makeWorld } from '../../simulate/world.ts'
import { DEFAULTS } from './worlds.ts'

const folder = mkdtempSync(join(tmpdir(), 'simulate-'))
afterAll(() => rmSync(folder, { recursive: true }))

let made = 0
async function write(options: Partial<Options> = {}, format: AccessFormat = 'csv') {
  const to = join(folder, String(made++))
  const world = makeWorld({ ...DEFAULTS, ...options })
  await writeWorld(world, to, format)
  await writeTruth(world, join(to, 'truth'))
  const read = (name: string) => readFileSync(join(to, name))
  return { to, read, text: (name: string) => read(name).toString(), world }
}

const NAMES = ['accesses.csv', 'population.csv', 'reports.csv', 'staff.csv']
const ALL = [...NAMES, 'truth/taken.csv', 'truth/truth.json']
const first = await write()

function hashes(of: typeof first): Record<string, string> {
  const hash = (name: string) => createHash('sha256').update(of.read(name)).digest('hex')
  return Object.fromEntries(ALL.map((name) => [name, hash(name).slice(0, 16)]))
}

test('the same seed gives the same bytes, here and on every machine', async () => {
  expect(hashes(await write())).toEqual(hashes(first))
  // A change of the world changes these on purpose; nothing else may.
  expect(hashes(first)).toEqual(PINNED)
  const other = hashes(await write({ seed: 8 }))
  for (const name of ALL) expect(other[name]).not.toBe(hashes(first)[name])
})

test('what the system sees says nothing of the truth', async () => {
  expect(readdirSync(first.to).sort()).toEqual([...NAMES, 'truth'])
  const heads = NAMES.map((name) => first.text(name).split('\n')[0])
  expect(heads).toEqual([
    'agent,customer,time,fields,ticket,purpose,grade,path,queue',
    'customer,segment,region',
    'customer,contacted_at,knew,report,ticket',
    'agent,team,role,kind',
  ])
  // Who works there and who the customers are is the same whoever leaks.
  for (const leak of ['two', 'outside', 'none'] as const) {
    const other = await write({ leak })
    expect(other.text('staff.csv')).toBe(first.text('staff.csv'))
    expect(other.text('population.csv')).toBe(first.text('population.csv'))
  }
})

test('every line has the shape it should', () => {
  const [, ...log] = first.text('accesses.csv').trimEnd().split('\n')
  const row =
    /^(agent-\d{4}|svc-\w+),C\d{8},2019-\d\d-\d\dT\d\d:\d\d:\d\dZ,[a-z;]+,(SR-\d{8})?,(none|ticket|call|grant),(none|self|colleague|routed|customer),(desk|api),[a-z-]*$/
  expect(log.filter((line) => !row.test(line))).toEqual([])
  const [, ...people] = first.text('population.csv').trimEnd().split('\n')
  expect(people).toHaveLength(5000)
  expect(people.filter((p) => !/^C\d{8},(consumer|business|government),[a-z]{2}$/.test(p))).toEqual(
    [],
  )
  expect([...people].sort()).toEqual(people)
  const [, ...staff] = first.text('staff.csv').trimEnd().split('\n')
  expect(staff).toHaveLength(40)
})

test('the truth reads back as it was written', async () => {
  const truth = await readTruth(join(first.to, 'truth'))
  expect(truth.takings).toEqual(truthOf(first.world).takings)
  expect(truth.summary.taken).toBe(600)
  expect(truth.summary.logged).toBe(600)
  expect(truth.summary.called).toBe(truth.takings.filter((t) => t.called).length)
  expect(truth.summary.segments.map((s) => s.taken)).toEqual([600, 0, 0])
  expect(truth.summary.reports).toHaveLength(
    first.text('reports.csv').trimEnd().split('\n').length - 1,
  )
  const holed = truthOf((await write({ missing: 0.3 })).world)
  expect(holed.summary.logged).toBeLessThan(540)
})

test('a truth that is not there is a clear error', async () => {
  await expect(readTruth(join(folder, 'nowhere'))).rejects.toThrow(/Cannot read .*truth.json/)
})

test('gzip and Parquet hold the same log', async () => {
  const zipped = await write({}, 'csv.gz')
  expect(gunzipSync(zipped.read('accesses.csv.gz')).toString()).toBe(first.text('accesses.csv'))
  const columnar = await write({}, 'parquet')
  const visible = ['accesses.parquet', 'population.parquet', 'reports.csv', 'staff.csv', 'truth']
  expect(readdirSync(columnar.to).sort()).toEqual(visible)
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const result = await connection.runAndReadAll(
    `SELECT agent, customer, strftime(time AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ'), fields,
       coalesce(ticket, ''), purpose, grade, path, coalesce(queue, '')
     FROM '${join(columnar.to, 'accesses.parquet')}'`,
  )
  const lines = result.getRows().map((values) => values.join(','))
  expect(lines).toEqual(first.text('accesses.csv').trimEnd().split('\n').slice(1))
  connection.closeSync()
  instance.closeSync()
})

test('a file that cannot be written is a clear error', async () => {
  const file = openText(join(folder, 'no such folder', 'file.csv'))
  const writing = async () => {
    await file.write('text')
    await file.close()
  }
  await expect(writing()).rejects.toThrow(/Cannot write .*file.csv/)
})

const PINNED: Record<string, string> = {
  'accesses.csv': '44c612ca75b104c1',
  'population.csv': '30d0a552947f6ef4',
  'reports.csv': '3f4d048d1a3f729b',
  'staff.csv': '67a0ca9077bcc0b2',
  'truth/taken.csv': 'c13082be67ffecd0',
  'truth/truth.json': 'f8f5320e8a285029',
}
