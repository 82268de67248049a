import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ReportQuery } from '../../src/disclosure/exposures.ts'
import { ARRAYS_FILE, openExposureIndex } from '../../src/index/exposures.ts'
import { type Setting, settings } from './logs.ts'
import { type OracleLog, type OracleReport, oracleEvidence, plain } from './oracle.ts'
import { FIELD_BITS, fieldName, keyOf, openDatabase, segmentOf, writeTables } from './tables.ts'

type Database = Awaited<ReturnType<typeof openDatabase>>
let db: Database
beforeAll(async () => {
  db = await openDatabase()
})
afterAll(() => db.closeSync())

function queryOf(report: OracleReport, log: OracleLog): ReportQuery {
  const { customer, contactedAtS, lagS, mask, ticket } = report
  const known = log.rows.some((row) => row.fields !== 0)
  const bits = FIELD_BITS.filter((bit) => known && (mask & (1 << bit)) !== 0)
  return {
    report: 'r',
    customer: keyOf(customer),
    contactedAtS,
    lagS,
    knew: [...bits.map((bit) => ` ${fieldName(bit).toUpperCase()}`), 'never recorded'],
    knowing: true,
    ...(ticket === '' ? {} : { ticket }),
  }
}

/** Every report's evidence equals the oracle's. */
async function compare({ log, reports }: Setting, options = {}): Promise<void> {
  const index = await openExposureIndex(db, { sizes: log.sizes, ...options })
  const queries = reports.map((report) => queryOf(report, log))
  await index.prepare(queries)
  const keys = new Set<string>()
  const ids = new Set<number>()
  queries.forEach((query, i) => {
    const found = index.evidenceFor(query, keys)
    expect(found.knowing).toBe(true)
    expect(plain(found)).toEqual(oracleEvidence(log, reports[i], ids))
    keys.add(query.customer)
    ids.add(reports[i].customer)
  })
  index.close()
}

describe('the index over the tables', () => {
  it('gives the evidence that a scan of the tables gives', async () => {
    await fc.assert(
      fc.asyncProperty(settings, async (setting) => {
        await writeTables(db, setting.log)
        await compare(setting)
        await compare(setting, { passRows: 7 })
      }),
      { numRuns: 60 },
    )
  })

  it('lists who saw a customer, and whom an agent saw', async () => {
    await fc.assert(
      fc.asyncProperty(settings, fc.nat(6 * 86_400), async ({ log }, beforeS) => {
        await writeTables(db, log)
        const index = await openExposureIndex(db)
        expect(await index.exposuresOf(keyOf(0), beforeS)).toEqual(
          exposures(log, (row) => row.customer === 0 && row.at < beforeS),
        )
        expect(await index.customersOf(2, beforeS)).toEqual(
          exposures(log, (row) => row.agent === 2 && row.at < beforeS),
        )
        expect(await index.segmentsOf(2)).toEqual(segments(log, 2))
      }),
      { numRuns: 25 },
    )
  })

  it('knows its log', async () => {
    const [{ log }] = fc.sample(settings, { numRuns: 1, seed: 5 })
    await writeTables(db, log)
    const { overview, agents } = await openExposureIndex(db)
    const times = log.rows.map((row) => row.at)
    expect(agents).toEqual(Array.from({ length: log.agents }, (_, id) => `agent ${id}`))
    expect(overview).toMatchObject({
      disclosures: log.rows.length,
      customers: new Set(log.rows.map((row) => row.customer)).size,
      population: log.population ? log.cells.length : null,
      firstAtS: Math.min(...times),
      lastAtS: Math.max(...times),
      knowsPurposes: log.rows.some((row) => row.grounded !== null),
    })
  })

  it('answers an empty log', async () => {
    const sizes = { group: 2, block: 4, queue: 1 }
    await writeTables(db, { rows: [], agents: 0, cells: [], population: false, sizes })
    const index = await openExposureIndex(db)
    const report = queryOf(
      { customer: 0, contactedAtS: 100, lagS: 0, mask: 0, ticket: 't1' },
      { rows: [], agents: 0, cells: [], population: false, sizes },
    )
    await index.prepare([report])
    expect(plain(index.evidenceFor(report, new Set()))).toMatchObject({ ghost: true, size: 0 })
    expect(index.overview).toMatchObject({ disclosures: 0, population: null })
    expect(await index.exposuresOf('nobody', 1e9)).toEqual([])
  })
})

function exposures(log: OracleLog, keep: (row: OracleLog['rows'][number]) => boolean) {
  const names = Array.from({ length: 32 }, (_, bit) => fieldName(bit))
  const known = log.rows.some((row) => row.fields !== 0)
  const groups = new Map<string, OracleLog['rows']>()
  for (const row of log.rows.filter(keep)) {
    const key = `${row.agent} ${row.customer}`
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  const found = [...groups.values()].map((rows) => {
    const union = rows.reduce((all, row) => all | (row.fields || 0xffffffff), 0)
    return {
      agent: rows[0].agent,
      customer: keyOf(rows[0].customer),
      firstAtS: Math.min(...rows.map((row) => row.at)),
      lastAtS: Math.max(...rows.map((row) => row.at)),
      disclosures: rows.length,
      ungrounded: rows.filter((row) => row.grounded === false).length,
      fields: known ? names.filter((_, bit) => (union & (1 << bit)) !== 0) : [],
      segment: segmentOf(log.cells[rows[0].customer]),
    }
  })
  return found.sort(
    (a, b) =>
      a.firstAtS - b.firstAtS ||
      a.agent - b.agent ||
      Buffer.compare(Buffer.from(a.customer), Buffer.from(b.customer)),
  )
}

function segments(log: OracleLog, agent: number) {
  if (log.cells.every((cell) => segmentOf(cell) === null)) return []
  const out = new Map<string, { segment: string; customers: number; shown: number }>()
  log.cells.forEach((cell, customer) => {
    const segment = segmentOf(cell) ?? 'unknown'
    const entry = out.get(segment) ?? { segment, customers: 0, shown: 0 }
    entry.customers++
    if (log.rows.some((row) => row.agent === agent && row.customer === customer)) entry.shown++
    out.set(segment, entry)
  })
  return [...out.values()].sort((a, b) => (a.segment < b.segment ? -1 : 1))
}

describe('customer keys', () => {
  it('are told apart exactly, and their likes are found', async () => {
    const sizes = { group: 2, block: 4, queue: 1 }
    await writeTables(db, { rows: [], agents: 1, cells: [], population: true, sizes })
    const keys = ['', '0017', '17', ' 17', 'a b', 'AB', 'ab', 'z'.repeat(40), '\u00e9', '\u{1f600}']
    const values = keys.map((key, id) => `(${id}, '${key}', NULL, NULL, true)`)
    await db.run(`INSERT INTO customer VALUES ${values.join(', ')}`)
    const index = await openExposureIndex(db)
    for (const key of keys) expect(index.isKnownCustomer(key)).toBe(true)
    for (const key of ['017', '17 ', 'z', 'e\u0301']) expect(index.isKnownCustomer(key)).toBe(false)
    expect(await index.similarCustomers('017')).toEqual([' 17', '0017', '17'])
    expect(await index.similarCustomers('ab')).toEqual(['AB', 'a b'])
    expect(await index.similarCustomers("'; DROP TABLE customer; --")).toEqual([])
  })
})

describe('a report with its own ticket', () => {
  it('asks to be prepared', async () => {
    const [{ log }] = fc.sample(settings, { numRuns: 1, seed: 5 })
    await writeTables(db, log)
    const index = await openExposureIndex(db)
    const report = { customer: 0, contactedAtS: 100, lagS: 0, mask: 0, ticket: 't1' }
    expect(() => index.evidenceFor(queryOf(report, log), new Set())).toThrow(/not prepared/)
  })
})

describe('the saved index', () => {
  const dir = mkdtempSync(join(tmpdir(), 'telltale-index-'))
  const path = join(dir, ARRAYS_FILE)
  afterAll(() => rmSync(dir, { recursive: true }))

  async function phases(log: OracleLog): Promise<string[]> {
    const seen: string[] = []
    const onPhase = (phase: string) => seen.push(phase)
    await openExposureIndex(db, { dir, sizes: log.sizes, onPhase })
    return seen
  }

  it('gives the same evidence when it is opened again', async () => {
    await fc.assert(
      fc.asyncProperty(settings, async (setting) => {
        rmSync(path, { force: true })
        await writeTables(db, setting.log)
        expect(await phases(setting.log)).toContain('saving the index')
        expect(await phases(setting.log)).toEqual(['opening the saved index'])
        await compare(setting, { dir })
      }),
      { numRuns: 20 },
    )
  })

  it('is derived again when the tables have changed', async () => {
    const [setting] = fc.sample(settings, { numRuns: 1, seed: 5 })
    const { log } = setting
    await writeTables(db, log)
    await phases(log)
    for (const change of [
      'INSERT INTO disclosure VALUES (0, 0, 777, 0, NULL, NULL, NULL, 0)',
      "UPDATE customer SET segment = 'other' WHERE id = 0",
      'UPDATE customer SET in_population = NOT in_population WHERE id = 0',
      "INSERT INTO source VALUES (0, 'log.csv', 'abc', 1, 1, 0, 0)",
    ]) {
      await db.run(change)
      expect(await phases(log)).toContain('saving the index')
      expect(await phases(log)).toEqual(['opening the saved index'])
    }
  })

  it('says so where it cannot be written, and leaves nothing behind', async () => {
    const [{ log }] = fc.sample(settings, { numRuns: 1, seed: 5 })
    await writeTables(db, log)
    const missing = join(dir, 'missing')
    await expect(openExposureIndex(db, { dir: missing })).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
    })
    mkdirSync(join(missing, ARRAYS_FILE), { recursive: true })
    await expect(openExposureIndex(db, { dir: missing })).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
    })
    expect(readdirSync(missing)).toEqual([ARRAYS_FILE])
  })

  it('is not trusted when a byte is changed, cut off or added', async () => {
    const [setting] = fc.sample(settings, { numRuns: 1, seed: 7 })
    await writeTables(db, setting.log)
    rmSync(path, { force: true })
    await phases(setting.log)
    const whole = readFileSync(path)
    const used = [...whole.keys()].filter((i) => whole[i] !== 0)
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...used), fc.integer({ min: 1, max: 255 }), async (i, x) => {
        const damaged = Buffer.from(whole)
        damaged[i] ^= x
        writeFileSync(path, damaged)
        expect(await phases(setting.log)).toContain('saving the index')
      }),
      { numRuns: 40 },
    )
    for (const length of [0, 7, 15, 100, whole.length - 1]) {
      writeFileSync(path, whole)
      truncateSync(path, length)
      expect(await phases(setting.log)).toContain('saving the index')
    }
    writeFileSync(path, Buffer.concat([whole, Buffer.alloc(1)]))
    expect(await phases(setting.log)).toContain('saving the index')
    await compare(setting, { dir })
  })
})
