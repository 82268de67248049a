/** Facts that look like a leak and are none, and results that must not do harm. */
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { drawReports, seeded, seenBy } from '../attribution/worlds.ts'
import { accessCsv, desk, plainKey, reportsCsv } from './cli.ts'
import { codes, draw, leaker, plantedFiles, reported, shown, world } from './planted.ts'

const here = desk()
afterAll(() => here.clear())
const { accesses, reports } = plantedFiles(here)

describe('facts that look like a leak and are none', () => {
  const hours = (h: number) => new Date(Date.UTC(2020, 2, 1) + h * 3_600_000).toISOString()

  it('a stolen mailbox of one queue names nobody who works in it', async () => {
    const draw = seeded(9)
    const rows = Array.from({ length: 6000 }, (_, i) => {
      const queue = Math.floor(draw() * 8)
      const agent = `A${queue}${Math.floor(draw() * 5)}`
      return `${agent},C${queue}-${Math.floor(draw() * 250)},${hours(i / 4)},Q${queue},T${i}`
    })
    const log = here.file('queues.csv', `agent,customer,time,queue,ticket\n${rows.join('\n')}\n`)
    const called = Array.from(
      { length: 60 },
      (_, i) => `C4-${i * 4},${hours(3000 + i)},name;ticket`,
    )
    const calls = here.file('mailbox.csv', `customer,contacted_at,knew\n${called.join('\n')}\n`)
    const map = 'agent=agent,customer=customer,time=time,queue=queue,ticket=ticket'
    const verdict = await here.verdict('--accesses', log, '--reports', calls, '--map', map)
    expect(verdict.named).toEqual([])
    expect(verdict.leading).toEqual([])
  })

  it('a hotline that handles the reports, with clocks apart, is not named', async () => {
    const anybody = drawReports(draw, world, [], 24, 1)
    const handled = anybody.map((c, i) => `hotline,${plainKey(c)},${hours(20_000 + 24 * i - 0.5)}`)
    const log = here.file('hotline.csv', `${accessCsv(shown)}${handled.join('\n')}\n`)
    const calls = here.file('hotline-calls.csv', reportsCsv(anybody))
    const verdict = await here.verdict('--accesses', log, '--reports', calls)
    expect(verdict.named).toEqual([])
    expect(codes(verdict)).toContain('JUST_BEFORE_THE_CALL')
    const sure = await here.verdict('--accesses', log, '--reports', calls, '--lag', '0')
    expect(sure.named.map((one) => one.agent)).toEqual(['hotline'])
  })

  it('a person under two spellings is pointed out', async () => {
    const rows = accessCsv(shown).split('\n')
    const name = new RegExp(`^agent${leaker},`)
    const split = rows.map((row, i) => (i % 2 ? row.replace(name, `Agent${leaker},`) : row))
    const log = here.file('split.csv', split.join('\n'))
    const verdict = await here.verdict('--accesses', log, '--reports', reports)
    expect(codes(verdict)).toContain('SIMILAR_AGENTS')
    expect(verdict.named).toEqual([])
  })

  it('rows that name no agent, but the reported customers, forbid "outside"', async () => {
    const knowing = reported.map((c, i) => `${plainKey(c)},${hours(20_000 + i)},ticket`)
    const calls = here.file(
      'unread-calls.csv',
      `customer,contacted_at,knew\n${knowing.join('\n')}\n`,
    )
    const nameless = accessCsv(shown).replaceAll(`agent${leaker},`, '-,')
    const verdict = await here.verdict(
      '--accesses',
      here.file('unread.csv', nameless),
      '--reports',
      calls,
    )
    expect(verdict.verdict).toBe('undecided')
    expect(codes(verdict)).toContain('OUTSIDE_OR_UNREAD')
  })

  it('a copy of everyone who was ever in one queue names nobody who worked in it', async () => {
    const other = seeded(3)
    // Tickets start at an intake desk and go on to one of eight teams of four.
    const rows = Array.from({ length: 5000 }, (_, i) => {
      const team = Math.floor(other() * 8)
      const customer = `K${team}-${Math.floor(other() * 150)}`
      const intake = `I${Math.floor(other() * 30)},${customer},${hours(i / 3)},intake,T${i}`
      return `${intake}\nA${team}${Math.floor(other() * 4)},${customer},${hours(i / 3 + 1)},team${team},T${i}`
    })
    const log = here.file('intake.csv', `agent,customer,time,queue,ticket\n${rows.join('\n')}\n`)
    const called = Array.from({ length: 50 }, (_, i) => `K2-${i * 3},${hours(3000 + i)}`)
    const calls = here.file('copy.csv', `customer,contacted_at\n${called.join('\n')}\n`)
    const map = 'agent=agent,customer=customer,time=time,queue=queue,ticket=ticket'
    const verdict = await here.verdict('--accesses', log, '--reports', calls, '--map', map)
    expect(verdict.named).toEqual([])
    expect(codes(verdict)).toContain('QUEUE_COPY_WOULD_EXPLAIN')
  })

  it('knowing callers before the log begins are no outside copy', async () => {
    const rows = reported.map((c) => `${plainKey(c)},2001-01-01T00:00:00Z,ticket`)
    const early = here.file('knowing.csv', `customer,contacted_at,knew\n${rows.join('\n')}\n`)
    const verdict = await here.verdict('--accesses', accesses, '--reports', early)
    expect(verdict.verdict).toBe('undecided')
  })
})

describe('results', () => {
  it('are never written over an input or over each other', async () => {
    const before = readFileSync(reports, 'utf8')
    const html = `${here.folder}/one.html`
    for (const outputs of [
      ['--affected', reports],
      ['--html', html, '--json', html],
      ['--rejects', accesses],
    ]) {
      const { code, err } = await here.run(
        'investigate',
        '--accesses',
        accesses,
        '--reports',
        reports,
        ...outputs,
      )
      expect(code).toBe(2)
      expect(err).toMatch(/^FILE_GIVEN_TWICE: /m)
    }
    expect(readFileSync(reports, 'utf8')).toBe(before)
  })

  it('hold every customer the named agent was shown where no purpose tells them apart', async () => {
    const affected = `${here.folder}/affected.csv`
    await here.verdict('--accesses', accesses, '--reports', reports, '--affected', affected)
    const listed = readFileSync(affected, 'utf8').trimEnd().split('\n').slice(1)
    const keys = new Set(listed.map((row) => row.split(',')[1]))
    expect(keys).toEqual(new Set(seenBy(world, leaker).map(plainKey)))
  })

  it("do not depend on which of a customer's reports stands first", async () => {
    const rows = reportsCsv(reported).trimEnd().split('\n')
    const later = rows.slice(1).map((row) => row.replace(/202[23]-/, '2029-'))
    const [head, ...early] = rows
    const forth = here.file('forth.csv', [head, ...early, ...later].join('\n'))
    const back = here.file('back.csv', [head, ...later, ...early].join('\n'))
    const [a, b] = await Promise.all(
      [forth, back].map((file) => here.verdict('--accesses', accesses, '--reports', file)),
    )
    expect(b.named).toEqual(a.named)
    expect(b.reports.map((one) => one.contactedAt)).toEqual(a.reports.map((one) => one.contactedAt))
  })

  it('hold no character that acts on a terminal', async () => {
    const text = accessCsv(shown).replaceAll(`agent${leaker},`, 'agent\u009b31m\u200b,')
    const log = here.file('acting.csv', text)
    const { out } = await here.run(
      'investigate',
      '--accesses',
      log,
      '--reports',
      reports,
      '--json',
      '-',
    )
    expect(JSON.parse(out).named[0].agent).toBe('agent\u009b31m\u200b')
    const plain = await here.run('investigate', '--accesses', log, '--reports', reports)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(out + plain.out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b]/)
  })
})

describe('everybody saw everything', () => {
  it('nobody can be told apart, and it says so', async () => {
    const all = Array.from({ length: 60 }, () => ['ann', 'ben', 'cat'])
    const everyone = here.file('everyone.csv', accessCsv(all))
    const calls = here.file('calls.csv', reportsCsv([...Array(20).keys()]))
    const verdict = await here.verdict('--accesses', everyone, '--reports', calls)
    expect(verdict.verdict).toBe('undecided')
    expect(codes(verdict)).toContain('SAW_NEARLY_EVERYONE')
  })
})
