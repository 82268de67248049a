import { describe, expect, it } from 'vitest'
import { readReports } from '../../src/importers/reports.ts'
import { fileOf } from './files.ts'

const utc = (text: string) => Date.parse(`${text}Z`) / 1000

describe('a reports file', () => {
  it('gives who was called, when, and what the caller knew', async () => {
    const file = fileOf(
      'customer,contacted_at,knew,ticket,report,asked\n' +
        ' 007 ,2024-05-01T10:00:00+02:00,Name; Ticket|phone,T-1,R-1,\n' +
        'C2,2024-05-01 10:00:00,name;email,,,yes\n' +
        'C3,,,,,no\n',
    )
    const { reports, unusable, assumed } = await readReports(file)
    expect(reports).toEqual([
      {
        line: 2,
        report: 'R-1',
        customer: '007',
        contactedAtS: utc('2024-05-01T08:00:00'),
        knew: ['name', 'ticket', 'phone'],
        knowing: true,
        ticket: 'T-1',
      },
      {
        line: 3,
        report: 'line 3',
        customer: 'C2',
        contactedAtS: utc('2024-05-01T10:00:00'),
        knew: ['name', 'email'],
        knowing: false,
        asked: { called: true },
      },
      {
        line: 4,
        report: 'line 4',
        customer: 'C3',
        contactedAtS: utc('2024-05-01T10:00:00'),
        knew: [],
        knowing: false,
        asked: { called: false },
      },
    ])
    expect(unusable).toEqual([])
    expect(assumed).toEqual([
      '1 of 2 times of contact carry no offset and are read as UTC',
      '1 who said that nobody called are taken at the time of the last contact',
    ])
  })

  it('refuses an offset that no clock has and a year that no log reaches', async () => {
    const file = fileOf(
      'customer,contacted_at\na,2024-05-01T10:00:00+99:00\nb,0024-05-01\nc,1924-05-01\nd,2024-05-01T10:00:00-18:00\n',
    )
    const { reports, unusable } = await readReports(file)
    expect(reports.map(({ customer, contactedAtS }) => [customer, contactedAtS])).toEqual([
      ['d', utc('2024-05-02T04:00:00')],
    ])
    expect(unusable.map(({ line, reason }) => [line, reason])).toEqual(
      [2, 3, 4].map((line) => [line, 'the time of contact is not understood']),
    )
  })

  it('takes a date as the start of that day in the zone, and a doubtful hour as the earlier', async () => {
    const file = fileOf(
      'customer;called_at\na;2024-10-27\nb;2024-10-27 02:30:00\nc;2024-03-31 02:30:00\n',
    )
    const { reports, assumed } = await readReports(file, { zone: 'Europe/Berlin' })
    expect(reports.map(({ contactedAtS }) => contactedAtS)).toEqual([
      utc('2024-10-26T22:00:00'),
      utc('2024-10-27T00:30:00'),
      utc('2024-03-31T00:30:00'),
    ])
    expect(assumed).toContain('1 of 3 contacts have a date only and are taken at its start')
  })

  it('lists the rows that cannot be used, in order, each with its reason', async () => {
    const file = fileOf(
      Buffer.concat([
        Buffer.from(
          'customer,contacted_at,asked\n,2024-05-01 10:00:00,\nC1,soon,\nC2,,\nC3,2024-05-01 10:00:00,perhaps\nC4\n',
        ),
        Buffer.from([0xff, 0x2c, 0x2c, 10]),
        Buffer.from('C5,2024-05-02 10:00:00,\n"C6,2024-05-02 10:00:00,\n'),
      ]),
    )
    const { reports, unusable } = await readReports(file)
    expect(reports.map(({ customer }) => customer)).toEqual(['C5'])
    expect(unusable.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
      '2 no customer is named',
      '3 the time of contact is not understood',
      '4 no time of contact is given',
      '5 "perhaps" is neither yes nor no',
      '6 the row has more or fewer columns than the header',
      '7 the bytes are not valid UTF-8',
      '9 a quoted value does not end where a value ends',
    ])
  })

  it('may hold no report at all', async () => {
    expect(await readReports(fileOf('customer,contacted_at\n'))).toMatchObject({
      reports: [],
      unusable: [],
    })
    expect(
      (await readReports(fileOf('{"customer":1,"contacted_at":"2024-05-01T10:00:00Z"}\n'))).reports,
    ).toMatchObject([{ customer: '1' }])
  })

  it('asks where day and month cannot be told, and is told by a format', async () => {
    const file = fileOf('customer,contacted_at\nC1,1/2/2024 10:00\n')
    await expect(readReports(file)).rejects.toMatchObject({ code: 'REPORT_TIMES_UNCLEAR' })
    const { reports } = await readReports(file, { format: '%d/%m/%Y %H:%M' })
    expect(reports[0].contactedAtS).toBe(utc('2024-02-01T10:00:00'))
    await expect(readReports(file, { format: '%Q' })).rejects.toMatchObject({
      code: 'TIME_FORMAT_INVALID',
    })
    await expect(readReports(file, { zone: 'Mars/Base' })).rejects.toMatchObject({
      code: 'ZONE_UNKNOWN',
    })
  })

  it('needs its columns', async () => {
    await expect(readReports(fileOf('who,when\na,b\n'))).rejects.toThrow(
      'lacks a column that is needed (customer)',
    )
    await expect(readReports(fileOf('customer,client,contacted_at\na,b,c\n'))).rejects.toThrow(
      'it may be any of customer, client',
    )
  })
})
