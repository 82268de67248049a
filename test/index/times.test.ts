import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { guessReading } from '../../src/disclosure/times.ts'
import type { AccessLogOptions } from '../../src/importers/open.ts'
import { readTime } from '../../src/importers/strptime.ts'
import { timeSql } from '../../src/index/times-sql.ts'
import { fileOf } from '../importers/files.ts'
import { builderOf, importFile, reasonsOf, rowsOf } from './imports.ts'

const utc = (text: string) => Date.parse(`${text}Z`) / 1000

/** The times of a file of one agent, as they come out, by customer. */
async function timesOf(values: string[], options: AccessLogOptions = {}) {
  const rows = values.map((value, i) => `a,c${String(i).padStart(3, '0')},"${value}"\n`)
  const { builder, summary } = await importFile(
    fileOf(`agent,customer,time\n${rows.join('')}`),
    options,
  )
  const found = await rowsOf(
    builder,
    'SELECT c.key, d."at" FROM disclosure d JOIN customer c ON c.id = d.customer ORDER BY c.key',
  )
  return { times: found.map((row) => row.at), summary }
}

describe('times', () => {
  it('with and without an offset in one column are each read correctly, and counted', async () => {
    const { times, summary } = await timesOf(
      [
        '2024-01-15T12:00:00+05:30',
        '2024-01-15 12:00:00',
        '2024-01-15T12:00:00Z',
        '2024-07-15 12:00',
      ],
      { time: { zone: 'Europe/Berlin' } },
    )
    expect(times).toEqual(
      [
        utc('2024-01-15T06:30:00'),
        utc('2024-01-15T11:00:00'),
        utc('2024-01-15T12:00:00'),
        utc('2024-07-15T10:00:00'),
      ].filter((at) => at < utc('2024-06-02T00:00:00')),
    )
    expect(reasonsOf(summary)).toEqual({ 'future-time': 1 })
    expect(summary.assumed.slice(-2)).toEqual([
      '1 time without an offset read as Europe/Berlin',
      '2 times with an offset of their own read by it',
    ])
  })

  it('without an offset or a zone are UTC, which is said', async () => {
    const { times, summary } = await timesOf(['2024-01-15 12:00:00.999', '2024-01-15 12:00:00,5'])
    expect(times).toEqual([utc('2024-01-15T12:00:00'), utc('2024-01-15T12:00:00')])
    expect(summary.assumed).toContain(
      '2 times without an offset read as UTC; --time-zone says otherwise',
    )
  })

  it('of an hour shown twice or never are the later, and counted', async () => {
    const { times, summary } = await timesOf(
      ['2023-10-29 02:30:00', '2024-03-31 02:30:00', '2023-10-29 03:30:00', '2023-10-29'],
      { time: { zone: 'Europe/Berlin' } },
    )
    expect(times).toEqual([
      utc('2023-10-29T01:30:00'),
      utc('2024-03-31T01:30:00'),
      utc('2023-10-29T02:30:00'),
      utc('2023-10-29T22:59:59'),
    ])
    expect(summary.assumed.slice(-3)).toEqual([
      '1 date without a time of day taken as the end of that day',
      "1 time in the hour that Europe/Berlin's clock shows twice taken as the later",
      "1 time that Europe/Berlin's clock skipped read as if it had not",
    ])
  })

  it('of day and month are told apart by a value anywhere in the first slice, or asked for', async () => {
    const early = Array.from({ length: 3000 }, (_, i) => `${(i % 12) + 1}/3/2024 10:00`)
    expect((await timesOf([...early, '13/3/2024 10:00'])).times[0]).toBe(utc('2024-03-01T10:00:00'))
    await expect(timesOf(early)).rejects.toMatchObject({ code: 'TIME_UNCLEAR' })
    await expect(timesOf(early)).rejects.toThrow('"1/3/2024" may be day/month or month/day')
    await expect(timesOf(['13/3/2024', '3/13/2024'])).rejects.toThrow('cannot both be read')
    const told = { time: { format: '%m/%d/%Y %H:%M' } }
    expect((await timesOf(['1/3/2024 10:00'], told)).times).toEqual([utc('2024-01-03T10:00:00')])
  })

  it('in a told format may still carry an offset, which wins', async () => {
    const time = { format: '%d.%m.%Y %H:%M', zone: 'Asia/Tokyo' }
    const { times, summary } = await timesOf(
      ['02.01.2024 09:00', '02.01.2024 09:00 +0100', '02.01.2024 09:00Z', '2024-01-02'],
      { time },
    )
    expect(times).toEqual([
      utc('2024-01-02T00:00:00'),
      utc('2024-01-02T08:00:00'),
      utc('2024-01-02T09:00:00'),
    ])
    expect(reasonsOf(summary)).toEqual({ 'bad-time': 1 })
  })

  it('with an offset that no clock has, or of the year 24, are not taken', async () => {
    const iso = ['+99:00', '+18:01', '-1830', '+19', '+05:60', ' +2000', '+18:00', '-05:59']
    const { times, summary } = await timesOf([
      ...iso.map((offset) => `2024-01-02T10:00:00${offset}`),
      '0024-01-02T10:00:00Z',
    ])
    expect(times).toEqual([utc('2024-01-01T16:00:00'), utc('2024-01-02T15:59:00')])
    expect(reasonsOf(summary)).toEqual({ 'bad-time': 6, 'old-time': 1 })
    const told = { time: { format: '%d/%b/%Y:%H:%M:%S %z' } }
    const pattern = await timesOf(
      ['02/Jan/2024:10:00:00 +9900', '02/Jan/2024:10:00:00 +0560', '02/Jan/2024:10:00:00 +1800'],
      told,
    )
    expect(pattern.times).toEqual([utc('2024-01-01T16:00:00')])
    expect(reasonsOf(pattern.summary)).toEqual({ 'bad-time': 2 })
  })

  it('in a format or zone that is none are an error', async () => {
    await expect(timesOf(['x'], { time: { format: '%Q' } })).rejects.toMatchObject({
      code: 'TIME_FORMAT_INVALID',
    })
    await expect(timesOf(['x'], { time: { format: 'dd/mm/yyyy' } })).rejects.toMatchObject({
      code: 'TIME_FORMAT_INVALID',
    })
    await expect(timesOf(['x'], { time: { zone: 'Europe/Berln' } })).rejects.toThrow(
      'Did you mean Europe/Berlin?',
    )
    await expect(timesOf(['x'], { time: { zone: '+02:00' } })).rejects.toMatchObject({
      code: 'ZONE_UNKNOWN',
    })
    await expect(timesOf(['tomorrow'])).rejects.toThrow('no known format reads "tomorrow"')
  })
})

describe('the small files and the engine', () => {
  const pad = (n: number) => String(n).padStart(2, '0')
  const day = fc.record({
    y: fc.integer({ min: 1991, max: 2023 }),
    m: fc.integer({ min: 1, max: 12 }),
    d: fc.integer({ min: 1, max: 31 }),
    H: fc.integer({ min: 0, max: 24 }),
    M: fc.integer({ min: 0, max: 60 }),
    S: fc.integer({ min: 0, max: 60 }),
    f: fc.constantFrom('', '.5', ',123', '.123456'),
    z: fc.constantFrom('', 'Z', ' UTC', '+02:00', ' -0530', '+09', '+18:30', '-19', '+0560', '+18'),
  })
  const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
  type Day = typeof day extends fc.Arbitrary<infer T> ? T : never
  const forms: ((t: Day) => string)[] = [
    (t) => `${t.y}-${pad(t.m)}-${pad(t.d)}T${pad(t.H)}:${pad(t.M)}:${pad(t.S)}${t.f}${t.z}`,
    (t) => `${t.y}-${t.m}-${t.d} ${t.H}:${pad(t.M)}${t.z}`,
    (t) => `${t.y}-${pad(t.m)}-${pad(t.d)}`,
    (t) => `${t.d}/${t.m}/${t.y} ${t.H}:${pad(t.M)}`,
    (t) => `${pad(t.d)}.${pad(t.m)}.${pad(t.y % 100)} ${pad(t.H)}:${pad(t.M)}:${pad(t.S)}${t.f}`,
    (t) => `${t.m}/${t.d}/${t.y} ${t.H % 13}:${pad(t.M)} ${t.H % 2 ? 'PM' : 'am'}`,
    (t) => `${pad(t.d)}/${months[t.m - 1]}/${t.y}:${pad(t.H)}:${pad(t.M)}:${pad(t.S)} +0100`,
    (t) => `${t.y}${pad(t.m)}${pad(t.d)}${pad(t.H)}${pad(t.M)}${pad(t.S)}${t.f}`,
    (t) =>
      `${t.y}/${pad(t.m)}/${pad(t.d)} ${pad(t.H)}:${pad(t.M)} ${t.S % 2 ? '+' : '-'}${pad(t.S)}${pad(t.M)}`,
    (t) => `${utc(`${t.y}-01-01T00:00:00`) + t.S}${t.f.replace(',', '.')}`,
    (t) => `${utc(`${t.y}-01-01T00:00:00`) + t.S}${pad(t.M)}7`,
  ]
  it('read the same times', async () => {
    const { connection } = await builderOf()
    for (const [i, form] of forms.entries()) {
      const values = fc.sample(day, { numRuns: 200, seed: 7 + i }).map(form)
      const guess = guessReading(values)
      if (guess.kind !== 'reading') throw new Error(`${values[0]}: ${guess.kind}`)
      const { reading } = guess
      const { zoned, local } = timeSql('value', reading)
      const list = values.map((value, n) => `(${n}, '${value}')`).join(', ')
      const rows = await connection.runAndReadAll(
        `SELECT (coalesce(epoch_us(${zoned}), epoch_us(${local})) // 1000000)::DOUBLE AS at
         FROM (VALUES ${list}) t(n, value) ORDER BY n`,
      )
      const engine = rows.getRows().map(([at], n) => `${values[n]} ${at}`)
      const ours = values.map((value) => `${value} ${readTime(value, reading, 'UTC')?.atS ?? null}`)
      expect(ours).toEqual(engine)
      expect(ours.filter((line) => !line.endsWith(' null')).length).toBeGreaterThan(50)
    }
  })
})
