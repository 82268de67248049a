/** The adversary of the investigation: files that are wrong in every way we could think of. Each ends
 * in a clear error or a clear caveat; never in a stack trace, never in a confident wrong answer. */
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { accessCsv, desk, plainKey, reportsCsv } from './cli.ts'
import { codes, leaker, plantedFiles, reported, shown, world } from './planted.ts'

const here = desk()
afterAll(() => here.clear())
const { accesses, reports } = plantedFiles(here)

describe('files in order', () => {
  it('name the leaker', async () => {
    const verdict = await here.verdict('--accesses', accesses, '--reports', reports)
    expect(verdict.verdict).toBe('named')
    expect(verdict.named.map((one) => one.agent)).toEqual([`agent${leaker}`])
  })

  it('give the same verdict twice over: duplicated rows and the same file again add nothing', async () => {
    const once = await here.verdict('--accesses', accesses, '--reports', reports)
    const text = readFileSync(accesses, 'utf8')
    const doubled = here.file('doubled.csv', text + text.split('\n').slice(1).join('\n'))
    const twice = await here.verdict(
      '--accesses',
      doubled,
      accesses,
      accesses,
      '--reports',
      reports,
    )
    expect(twice.named).toEqual(once.named)
    expect(twice.log.disclosures).toBe(once.log.disclosures)
    const [first, second, third] = twice.log.imports
    expect(first.rowsDuplicate).toBe(once.log.disclosures)
    expect(second.rowsAdded + third.rowsAdded).toBe(0)
  })
})

describe('columns', () => {
  it('agent and customer swapped: refused', async () => {
    const map = 'agent=customer,customer=agent,time=time'
    const agentsCalled = here.file('swapped.csv', reportsCsv(reported))
    const { code, err } = await here.run(
      'investigate',
      '--accesses',
      accesses,
      '--reports',
      agentsCalled,
      '--map',
      map,
    )
    expect(code).toBe(2)
    expect(err).toMatch(/^COLUMNS_SWAPPED: /m)
  })

  it('a column that is not there: refused, naming the columns there are', async () => {
    const map = 'agent=agnet,customer=customer,time=time'
    const { code, err } = await here.run(
      'investigate',
      '--accesses',
      accesses,
      '--reports',
      reports,
      '--map',
      map,
    )
    expect(code).toBe(2)
    expect(err).toMatch(/agnet/)
    expect(err).toMatch(/agent/)
    expect(err).not.toMatch(/\n\s+at /)
  })
})

describe('keys', () => {
  const padded = (customer: number) => `c${String(customer).padStart(6, '0')}`

  it('that differ by case and leading zeros: a caveat with the likely key, and no verdict', async () => {
    const plain = here.file(
      'plain.csv',
      accessCsv(shown, (c) => `C${c}`),
    )
    const other = here.file('padded.csv', reportsCsv(reported, padded))
    const verdict = await here.verdict('--accesses', plain, '--reports', other)
    expect(verdict.verdict).toBe('undecided')
    expect(codes(verdict)).toContain('UNKNOWN_CUSTOMERS')
    expect(codes(verdict)).toContain('SIMILAR_KEYS')
  })

  it('unknown to the log, from knowing callers: no confident "outside"', async () => {
    const rows = reported.map(
      (c, i) => `X-${c}-${i},2022-03-0${1 + (i % 9)}T10:00:00Z,ticket;product`,
    )
    const strange = here.file('strange.csv', `customer,contacted_at,knew\n${rows.join('\n')}\n`)
    const verdict = await here.verdict('--accesses', accesses, '--reports', strange)
    expect(verdict.verdict).toBe('undecided')
    expect(codes(verdict)).toContain('UNKNOWN_CUSTOMERS')
  })

  it('agents of the log unknown to the staff file: a caveat', async () => {
    const staff = here.file('staff.csv', 'agent,team,kind\nagent0,blue,person\n')
    const verdict = await here.verdict(
      '--accesses',
      accesses,
      '--reports',
      reports,
      '--staff',
      staff,
    )
    expect(codes(verdict)).toContain('AGENTS_NOT_IN_STAFF')
  })
})

describe('reports', () => {
  it('none: undecided, and it says why', async () => {
    const none = here.file('none.csv', 'customer,contacted_at\n')
    const verdict = await here.verdict('--accesses', accesses, '--reports', none)
    expect(verdict.verdict).toBe('undecided')
    expect(codes(verdict)).toContain('NO_REPORTS')
    expect(verdict.affected).toEqual([])
  })

  it('one: never names', async () => {
    const one = here.file('one.csv', reportsCsv(reported.slice(0, 1)))
    const verdict = await here.verdict('--accesses', accesses, '--reports', one)
    expect(verdict.verdict).toBe('undecided')
    expect(codes(verdict)).toContain('FEW_REPORTS')
  })

  it('on a customer nobody saw: a ghost, said so', async () => {
    const unseen = world.shown.findIndex((agents) => agents.length === 0)
    const population = here.file(
      'population.csv',
      `customer\n${world.shown.map((_, c) => plainKey(c)).join('\n')}\n?\n`,
    )
    const ghost = here.file('ghost.csv', reportsCsv([unseen, ...reported]))
    const verdict = await here.verdict(
      '--accesses',
      accesses,
      '--reports',
      ghost,
      '--population',
      population,
    )
    expect(verdict.assumptions).toContain('population: 1 rows without a customer left out')
    expect(verdict.ghosts).toContain(plainKey(unseen))
    expect(codes(verdict)).toContain('GHOSTS')
    expect(verdict.named.every((one) => one.agent === `agent${leaker}`)).toBe(true)
  })

  it('the same customer again and again counts once', async () => {
    const again = here.file('again.csv', reportsCsv([...Array(30).keys()].map(() => reported[0])))
    const verdict = await here.verdict('--accesses', accesses, '--reports', again)
    expect(verdict.verdict).toBe('undecided')
    expect(verdict.reports).toHaveLength(1)
    expect(codes(verdict)).toContain('REPEATED_REPORTS')
  })

  it('contacts before the log begins accuse nobody', async () => {
    const rows = reported.map((c) => `${plainKey(c)},2001-01-01T00:00:00Z`)
    const early = here.file('early.csv', `customer,contacted_at\n${rows.join('\n')}\n`)
    const verdict = await here.verdict('--accesses', accesses, '--reports', early)
    expect(verdict.verdict).toBe('undecided')
    expect(codes(verdict)).toContain('BEFORE_THE_LOG')
  })

  it('with times nobody can read are listed, not dropped', async () => {
    const text = `${reportsCsv(reported)}C1,soon\n,2022-01-01T00:00:00Z\n`
    const verdict = await here.verdict(
      '--accesses',
      accesses,
      '--reports',
      here.file('odd.csv', text),
    )
    expect(verdict.unusableReports.map((row) => row.line)).toEqual([
      reported.length + 2,
      reported.length + 3,
    ])
    expect(verdict.verdict).toBe('named')
  })
})

describe('bytes', () => {
  it('an empty file, a truncated gzip, and a folder: each a clear error', async () => {
    const packed = gzipSync(readFileSync(accesses))
    const files = [
      here.file('empty.csv', ''),
      here.file('cut.csv.gz', packed.subarray(0, packed.length / 2)),
      here.folder,
      `${here.folder}/absent.csv`,
    ]
    for (const file of files) {
      const { code, err, out } = await here.run(
        'investigate',
        '--accesses',
        file,
        '--reports',
        reports,
      )
      expect(code, file).toBe(2)
      expect(err).toMatch(/^[A-Z_]+: /m)
      expect(err + out).not.toMatch(/\n\s+at /)
    }
  })

  it('a 10 MB line, invalid UTF-8 and rows from the future are rejected one by one', async () => {
    const bad = Buffer.concat([
      readFileSync(accesses),
      Buffer.from(`agent1,${'x'.repeat(10_000_000)},2020-05-01T00:00:00Z\n`),
      Buffer.from('agent1,C\xff1,2020-05-01T00:00:00Z\n', 'latin1'),
      Buffer.from('agent1,C1,2199-05-01T00:00:00Z\n'),
      Buffer.from('agent1,C1,yesterday\n'),
    ])
    const rejects = `${here.folder}/rejects.csv`
    const verdict = await here.verdict(
      '--accesses',
      here.file('bad.csv', bad),
      '--reports',
      reports,
      '--rejects',
      rejects,
    )
    const [{ rejects: counted, rowsRead, rowsAdded, rowsDuplicate }] = verdict.log.imports
    expect(counted.map((reject) => reject.reason).sort()).toEqual([
      'bad-time',
      'future-time',
      'not-utf8',
      'too-long',
    ])
    expect(rowsAdded + rowsDuplicate + counted.reduce((sum, reject) => sum + reject.count, 0)).toBe(
      rowsRead,
    )
    expect(verdict.verdict).toBe('named')
    expect(codes(verdict)).toContain('REJECTED_ROWS')
    expect(readFileSync(rejects, 'utf8').split('\n')).toHaveLength(6)
  })

  it('--strict stops at the first bad row, saying where', async () => {
    const text = `${accessCsv(shown)}agent1,C1,yesterday\n`
    const file = here.file('strict.csv', text)
    const { code, err } = await here.run(
      'investigate',
      '--strict',
      '--accesses',
      file,
      '--reports',
      reports,
    )
    expect(code).toBe(2)
    expect(err).toContain(`${text.trimEnd().split('\n').length}`)
  })

  it('mixed offsets are read each as written, and said', async () => {
    const rows = accessCsv(shown).trimEnd().split('\n')
    const mixed = rows.map((row, i) => (i > 0 && i % 2 === 0 ? row.replace('.000Z', '') : row))
    const verdict = await here.verdict(
      '--accesses',
      here.file('mixed.csv', `${mixed.join('\n')}\n`),
      '--reports',
      reports,
    )
    expect(verdict.assumptions.join('\n')).toMatch(/offset/)
    expect(verdict.named.map((one) => one.agent)).toEqual([`agent${leaker}`])
  })
})
