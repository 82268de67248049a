import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { fileOf } from '../importers/files.ts'
import { builderOf, disclosuresOf, importFile, NOW_S, reasonsOf, rowsOf } from './imports.ts'

const HEADER = 'agent,customer,time\n'

describe('an import', () => {
  it('fills the tables: dense agents in order of name, customers, fields, one source', async () => {
    const file = fileOf(
      'agent,customer,time,fields,ticket,queue,grade,path\n' +
        'zoe,C1,2024-01-01T10:00:00Z,Name; phone,T1,billing,routed,desk\n' +
        'adam,C2,2024-01-02T10:00:00+02:00,,,,self,API\n' +
        'zoe,C2,2024-01-03 10:00:00,"phone|name",T2,billing,odd,\n',
    )
    const { builder, summary } = await importFile(file)
    expect(await disclosuresOf(builder)).toEqual([
      {
        agent: 'zoe',
        customer: 'C1',
        at: Date.UTC(2024, 0, 1, 10) / 1000,
        fields: 3,
        ticket: 'T1',
        grounded: true,
        queue: 'billing',
        path: 'desk',
      },
      {
        agent: 'adam',
        customer: 'C2',
        at: Date.UTC(2024, 0, 2, 8) / 1000,
        fields: 0,
        ticket: null,
        grounded: false,
        queue: null,
        path: 'api',
      },
      {
        agent: 'zoe',
        customer: 'C2',
        at: Date.UTC(2024, 0, 3, 10) / 1000,
        fields: 3,
        ticket: 'T2',
        grounded: null,
        queue: 'billing',
        path: null,
      },
    ])
    expect(await rowsOf(builder, 'SELECT * FROM agent ORDER BY id')).toEqual([
      { id: 0, name: 'adam' },
      { id: 1, name: 'zoe' },
    ])
    expect(await rowsOf(builder, 'SELECT * FROM field ORDER BY bit')).toEqual([
      { bit: 0, name: 'name' },
      { bit: 1, name: 'phone' },
    ])
    expect(await rowsOf(builder, 'SELECT id, rows_read, rows_added, rejected FROM source')).toEqual(
      [{ id: 0, rows_read: '3', rows_added: '3', rejected: '0' }],
    )
    expect(summary).toMatchObject({ rowsRead: 3, rowsAdded: 3, rowsDuplicate: 0, rejects: [] })
    expect(summary.assumed).toContain('times are read as ISO 8601')
    expect(summary.assumed.join('\n')).toMatch(/1 row with a grade or purpose that is not known/)
  })

  it('keeps keys that differ by case or leading zeros apart, and takes off white space', async () => {
    const file = fileOf(
      `${HEADER} a1 ,007,2024-01-01 00:00:00\nA1,7,2024-01-01 00:00:00\na1,\u00a0007\t,2024-01-02 00:00:00\n`,
    )
    const { builder } = await importFile(file)
    expect(await rowsOf(builder, 'SELECT name FROM agent ORDER BY id')).toEqual([
      { name: 'A1' },
      { name: 'a1' },
    ])
    expect(await rowsOf(builder, 'SELECT key FROM customer ORDER BY id')).toEqual([
      { key: '007' },
      { key: '7' },
    ])
  })

  it('counts every row in exactly one place, and keeps each reject with its line', async () => {
    const now = new Date(NOW_S * 1000).toISOString()
    const day = (days: number) => new Date((NOW_S + days * 86_400) * 1000).toISOString()
    const long = 'x'.repeat(257)
    const file = fileOf(
      Buffer.concat([
        Buffer.from(
          `${HEADER}a,c1,${now}\n,c1,${now}\na,?,${now}\na,c1,soon\na,c1,${day(1.5)}\na,c1,1989-12-31T23:59:59Z\n` +
            `${long},c1,${now}\na,c1\na,"c1,${now}\n`,
        ),
        Buffer.from([0x61, 0x2c, 0xff, 0x2c, 0x31, 10]),
        Buffer.from(`a,${'y'.repeat(2 << 20)},${now}\na,c1,${now}\na,c2,${day(0.9)}\n`),
      ]),
    )
    const { builder, summary, told } = await importFile(file)
    expect(reasonsOf(summary)).toEqual({
      'no-agent': 1,
      'no-customer': 1,
      'bad-time': 1,
      'future-time': 1,
      'old-time': 1,
      'key-too-long': 1,
      'column-count': 1,
      'quote-not-closed': 1,
      'not-utf8': 1,
      'too-long': 1,
    })
    expect(summary).toMatchObject({ rowsRead: 13, rowsAdded: 2, rowsDuplicate: 1 })
    const lines = await rowsOf(builder, 'SELECT line, reason FROM reject ORDER BY line')
    expect(lines.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
      '3 no-agent',
      '4 no-customer',
      '5 bad-time',
      '6 future-time',
      '7 old-time',
      '8 key-too-long',
      '9 column-count',
      '10 quote-not-closed',
      '11 not-utf8',
      '12 too-long',
    ])
    expect(told.map(({ line }) => line)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    expect(summary.rejects.find(({ reason }) => reason === 'bad-time')?.first).toEqual({
      file,
      line: 5,
      reason: 'bad-time',
      text: 'agent=a customer=c1 time=soon',
    })
    const nameless = summary.rejects.find(({ reason }) => reason === 'no-customer')
    expect(nameless?.first.text).toContain('customer=? time=')
    const written = fileOf('', 'rejects.csv')
    expect(await builder.writeRejects(written)).toBe(10)
    const csv = readFileSync(written, 'utf8').trim().split('\n')
    expect(csv[0]).toBe('file,line,reason,text')
    expect(csv).toHaveLength(11)
    expect(csv[3]).toBe(`${file},5,bad-time,agent=a customer=c1 time=soon`)
  })

  it('stops at the first bad line when strict, and then has added nothing', async () => {
    const builder = await builderOf({ strict: true })
    const file = fileOf(
      `${HEADER}a,c1,2024-01-01 00:00:00\na,c2,never\na,"b\n,c,2024-01-01 00:00:00\n`,
    )
    await expect(importFile(file, {}, builder)).rejects.toMatchObject({
      code: 'ROW_REJECTED',
      details: { line: 3, reason: 'the time is not understood' },
    })
    expect(await rowsOf(builder, 'SELECT count(*)::INT AS n FROM disclosure')).toEqual([{ n: 0 }])
    expect(await rowsOf(builder, 'SELECT count(*)::INT AS n FROM customer')).toEqual([{ n: 0 }])
  })
})

describe('a row that is there already', () => {
  const rows = 'a,c1,2024-01-01 00:00:00\nb,c1,2024-01-01 00:00:00\na,c1,2024-01-01 00:00:00\n'

  it('is dropped and counted, within a file', async () => {
    const { summary } = await importFile(fileOf(HEADER + rows))
    expect(summary).toMatchObject({ rowsRead: 3, rowsAdded: 2, rowsDuplicate: 1 })
  })

  it('is dropped across files, though agents are numbered anew between them', async () => {
    const { builder } = await importFile(fileOf(HEADER + rows))
    const { summary } = await importFile(
      fileOf(
        `${HEADER}a,c1,2024-01-01 00:00:00\naa,c0,2023-12-31 00:00:00\nb,c1,2024-01-01 00:00:00\n`,
      ),
      {},
      builder,
    )
    expect(summary).toMatchObject({ rowsRead: 3, rowsAdded: 1, rowsDuplicate: 2 })
    const index = await builder.finish()
    expect(index.agents).toEqual(['a', 'aa', 'b'])
    expect((await disclosuresOf(builder)).map(({ agent, customer }) => [agent, customer])).toEqual([
      ['aa', 'c0'],
      ['a', 'c1'],
      ['b', 'c1'],
    ])
  })

  it('is not one that differs in any value', async () => {
    const { summary } = await importFile(
      fileOf(
        'agent,customer,time,fields,ticket,queue\n' +
          'a,c,2024-01-01 00:00:00,name,t,q\na,c,2024-01-01 00:00:00,phone,t,q\n' +
          'a,c,2024-01-01 00:00:00,name,u,q\na,c,2024-01-01 00:00:00,name,t,\n' +
          'a,c,2024-01-01 00:00:01,name,t,q\n',
      ),
    )
    expect(summary).toMatchObject({ rowsAdded: 5, rowsDuplicate: 0 })
  })

  it('is every row of the same file, which is not even read again', async () => {
    const text = `${HEADER}${rows},c1,2024-01-01 00:00:00\n`
    const { builder, summary } = await importFile(fileOf(text))
    const again = await importFile(fileOf(text, 'copy.csv'), {}, builder)
    expect(again.summary).toMatchObject({ rowsRead: 4, rowsAdded: 0, rowsDuplicate: 3 })
    expect(again.summary.rejects.map(({ reason, count }) => [reason, count])).toEqual(
      summary.rejects.map(({ reason, count }) => [reason, count]),
    )
    expect(await rowsOf(builder, 'SELECT count(*)::INT AS n FROM source')).toEqual([{ n: 1 }])
    const packed = await importFile(fileOf(gzipSync(text), 'log.csv.gz'), {}, builder)
    expect(packed.summary).toMatchObject({ rowsRead: 4, rowsAdded: 0, rowsDuplicate: 3 })
  })

  it('is not the same file read by another map: that is an error', async () => {
    const file = fileOf(HEADER + rows)
    const { builder } = await importFile(file)
    const swapped = { agent: 'customer', customer: 'agent', time: 'time' }
    await expect(importFile(file, { map: swapped }, builder)).rejects.toMatchObject({
      code: 'SOURCE_READ_DIFFERENTLY',
    })
  })
})

describe('fields', () => {
  it('of more names than a mask holds are an error that says so', async () => {
    const names = Array.from({ length: 33 }, (_, i) => `f${i}`)
    const text = `agent,customer,time,fields\na,c,2024-01-01 00:00:00,${names.join(';')}\n`
    await expect(importFile(fileOf(text))).rejects.toMatchObject({ code: 'FIELDS_TOO_MANY' })
    const { builder } = await importFile(fileOf(text.replace(';f32', '')))
    expect(await rowsOf(builder, 'SELECT fields FROM disclosure')).toEqual([{ fields: 4294967295 }])
  })
})
