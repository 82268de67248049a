import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { fileOf } from '../importers/files.ts'
import { builderOf, disclosuresOf, importFile, reasonsOf, rowsOf } from './imports.ts'

/** A Parquet file of a query's rows. */
async function parquetOf(sql: string): Promise<string> {
  const { connection } = await builderOf()
  const file = join(fileOf('', 'x'), '../log.parquet')
  await connection.run(`COPY (${sql}) TO '${file}' (FORMAT parquet)`)
  return file
}

describe('a Parquet log', () => {
  const at = (text: string) => Date.parse(`${text}Z`) / 1000

  it.each([
    ['local times', 'time', '', at('2024-01-02T03:04:05')],
    ['instants', "time AT TIME ZONE 'Asia/Tokyo'", '', at('2024-01-01T18:04:05')],
    ['dates', 'time::DATE', '', at('2024-01-02T23:59:59')],
    ['nanoseconds', 'time::TIMESTAMP_NS', '', at('2024-01-02T03:04:05')],
    ['texts', "strftime(time, '%d/%m/%Y %H:%M')", '', at('2024-01-02T03:04:00')],
    ['epoch milliseconds', 'epoch_ms(time)', '', at('2024-01-02T03:04:05')],
  ])('of %s is read', async (_what, time, _none, expected) => {
    const file = await parquetOf(
      `SELECT 7 AS agent, '007' AS customer, ${time} AS time
       FROM (VALUES (TIMESTAMP '2024-01-02 03:04:05.9'), (TIMESTAMP '2024-01-13 03:04:05.9')) t(time)`,
    )
    const { builder } = await importFile(file)
    expect((await disclosuresOf(builder))[0]).toMatchObject({
      agent: '7',
      customer: '007',
      at: expected,
    })
  })

  it('comes to the same tables as the CSV of the same rows', async () => {
    const sql = `SELECT 'agent' || (hash(i) % 50) AS agent, ' C' || (hash(i + 1) % 300) AS customer,
        CASE WHEN i % 97 = 0 THEN 'never' ELSE strftime(TIMESTAMP '2024-01-01' + INTERVAL (i // 7) MINUTE, '%Y-%m-%d %H:%M:%S') END AS time,
        CASE hash(i + 2) % 4 WHEN 0 THEN 'name;phone' WHEN 1 THEN 'phone' WHEN 2 THEN '' END AS fields,
        CASE WHEN i % 5 = 0 THEN NULL ELSE 'T' || (i // 3) END AS ticket, 'q' || (i % 3) AS queue
      FROM range(5000) t(i) UNION ALL SELECT NULL, 'C1', '2024-01-01 00:00:00', '', '', ''`
    const parquet = await importFile(await parquetOf(sql))
    const { connection } = await builderOf()
    const file = join(fileOf('', 'x'), '../log.csv')
    await connection.run(`COPY (${sql}) TO '${file}' (FORMAT csv, HEADER)`)
    const csv = await importFile(file)
    const quoted = readFileSync(file, 'utf8').replaceAll(/agent(\d+)/g, '"agent$1"')
    const values = await importFile(fileOf(quoted))
    for (const other of [csv, values]) {
      expect(await disclosuresOf(other.builder)).toEqual(await disclosuresOf(parquet.builder))
      for (const table of ['agent', 'customer', 'field']) {
        const read = `SELECT * FROM ${table} ORDER BY 1`
        expect(await rowsOf(other.builder, read)).toEqual(await rowsOf(parquet.builder, read))
      }
      expect(reasonsOf(other.summary)).toEqual({ 'bad-time': 52, 'no-agent': 1 })
      expect(other.summary.rowsDuplicate).toBe(parquet.summary.rowsDuplicate)
    }
    expect(reasonsOf(parquet.summary)).toEqual({ 'bad-time': 52, 'no-agent': 1 })
  })

  it('whose rows are shown to be understood at a glance comes to the same tables', async () => {
    const sql = (
      last: string,
    ) => `SELECT 'agent' || (hash(i) % 50) AS agent, ' C' || (hash(i + 1) % 300) AS customer,
        TIMESTAMP '2023-10-29' + INTERVAL (i // 7) MINUTE AS time,
        CASE hash(i + 2) % 4 WHEN 0 THEN 'Name;phone' WHEN 1 THEN 'name;phone' WHEN 2 THEN '?' END AS fields,
        CASE WHEN i % 5 = 0 THEN '-' ELSE 'T' || (i // 3) END AS ticket, 'q' || (i % 3) AS queue
      FROM range(3000) t(i) UNION ALL SELECT 'zed', ${last}, TIMESTAMP '2023-10-30', '', '', ''`
    const time = { time: { zone: 'Europe/Berlin' } }
    const glanced = await importFile(await parquetOf(sql("'C1'")), time)
    expect(glanced.summary).toMatchObject({ rowsRead: 3001, rowsAdded: 3001, rejects: [] })
    const judged = await importFile(await parquetOf(sql('NULL')), time)
    expect(reasonsOf(judged.summary)).toEqual({ 'no-customer': 1 })
    const without = (await disclosuresOf(glanced.builder)).filter(({ agent }) => agent !== 'zed')
    expect(await disclosuresOf(judged.builder)).toEqual(without)
    for (const table of ['customer', 'field']) {
      const read = `SELECT * FROM ${table} ORDER BY 1`
      expect(await rowsOf(judged.builder, read)).toEqual(await rowsOf(glanced.builder, read))
    }
    const twice = /(\d+) times? in the hour that Europe\/Berlin's clock shows twice/
    const counted = [glanced, judged].map(({ summary }) => twice.exec(summary.assumed.join())?.[1])
    expect(counted).toEqual(['420', '420'])
  })

  it.each([
    [
      'agent',
      "CASE WHEN i = 5 THEN '?' ELSE 'a' END",
      "'c'",
      "TIMESTAMP '2024-01-01'",
      "'t'",
      'no-agent',
    ],
    [
      'customer',
      "'a'",
      "CASE WHEN i = 5 THEN repeat('x', 300) ELSE 'c' END",
      "TIMESTAMP '2024-01-01'",
      "'t'",
      'key-too-long',
    ],
    ['time', "'a'", "'c'", "CASE WHEN i <> 5 THEN TIMESTAMP '2024-01-01' END", "'t'", 'bad-time'],
    [
      'old time',
      "'a'",
      "'c'",
      "CASE WHEN i = 5 THEN TIMESTAMP '1980-01-01' ELSE TIMESTAMP '2024-01-01' END",
      "'t'",
      'old-time',
    ],
    [
      'far time',
      "'a'",
      "'c'",
      "CASE WHEN i = 5 THEN TIMESTAMP 'infinity' ELSE TIMESTAMP '2024-01-01' END",
      "'t'",
      'bad-time',
    ],
    [
      'future time',
      "'a'",
      "'c'",
      "CASE WHEN i = 5 THEN TIMESTAMP '2024-07-01' ELSE TIMESTAMP '2024-01-01' END",
      "'t'",
      'future-time',
    ],
    [
      'ticket',
      "'a'",
      "'c'",
      "TIMESTAMP '2024-01-01'",
      "CASE WHEN i = 5 THEN repeat('x', 300) ELSE 't' END",
      'key-too-long',
    ],
  ])(
    'with one bad %s refuses that row alone',
    async (_what, agent, customer, time, ticket, reason) => {
      const columns = `${agent} AS agent, ${customer} AS customer, ${time} AS time, ${ticket} AS ticket`
      const { summary } = await importFile(await parquetOf(`SELECT ${columns} FROM range(9) t(i)`))
      expect(reasonsOf(summary)).toEqual({ [reason]: 1 })
      expect(summary.rejects[0].first.line).toBe(6)
      expect(summary).toMatchObject({ rowsRead: 9, rowsAdded: 1, rowsDuplicate: 7 })
    },
  )

  it('has columns within structs, by their path', async () => {
    const file = await parquetOf(
      "SELECT {'user': {'uid': 'u1'}} AS actor, ['name', 'phone'] AS shown, 'c1' AS customer, TIMESTAMP '2024-01-01' AS time",
    )
    const map = { agent: 'actor.user.uid', customer: 'customer', time: 'time', fields: 'shown' }
    const { builder } = await importFile(file, { map })
    expect(await disclosuresOf(builder)).toMatchObject([{ agent: 'u1', customer: 'c1', fields: 3 }])
    await expect(importFile(file, { map: { ...map, agent: 'actor.user.id' } })).rejects.toThrow(
      'Did you mean "actor.user.uid"?',
    )
  })

  it('may be packed by gzip, and leaves nothing behind', async () => {
    const file = await parquetOf(
      "SELECT 'a' AS agent, 'c' AS customer, TIMESTAMP '2024-01-01' AS time",
    )
    const packed = fileOf(gzipSync(readFileSync(file)), 'log.parquet.gz')
    const { builder, summary } = await importFile(packed)
    expect(summary).toMatchObject({ file: packed, rowsAdded: 1 })
    expect(await disclosuresOf(builder)).toHaveLength(1)
  })

  it('that is broken or cut off is an error of the file', async () => {
    const whole = readFileSync(
      await parquetOf('SELECT i AS agent, i AS customer, i AS time FROM range(9999) t(i)'),
    )
    for (const bytes of [whole.subarray(0, whole.length - 9), Buffer.from('PAR1 and no more')]) {
      await expect(importFile(fileOf(bytes, 'log.parquet'))).rejects.toMatchObject({
        code: 'PARQUET_BROKEN',
      })
    }
    const scrambled = Buffer.from(whole).fill(0x5a, 4, 2000)
    await expect(importFile(fileOf(scrambled, 'log.parquet'))).rejects.toMatchObject({
      code: 'PARQUET_BROKEN',
    })
  })

  it('of no rows is read, and said to hold none', async () => {
    const file = await parquetOf(
      "SELECT 'a' AS agent, 'c' AS customer, TIMESTAMP '2024-01-01' AS time LIMIT 0",
    )
    const { summary } = await importFile(file)
    expect(summary).toMatchObject({ rowsRead: 0, rowsAdded: 0 })
    expect(summary.assumed).toContain('the file holds no rows')
  })

  it('with a bad row stops at it when strict', async () => {
    const file = await parquetOf(
      "SELECT 'a' AS agent, nullif('c' || i, 'c3') AS customer, TIMESTAMP '2024-01-01' AS time FROM range(9) t(i)",
    )
    const builder = await builderOf({ strict: true })
    await expect(importFile(file, {}, builder)).rejects.toMatchObject({
      code: 'ROW_REJECTED',
      details: { line: 4 },
    })
    expect(await rowsOf(builder, 'SELECT count(*)::INT AS n FROM customer')).toEqual([{ n: 0 }])
  })
})
