import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { fileOf } from '../importers/files.ts'
import { builderOf, importFile, rowsOf } from './imports.ts'

const CUSTOMERS = 'SELECT id, key, segment, region, in_population FROM customer ORDER BY id'

describe('a population file', () => {
  it('tells the segments of those in the log and adds the others', async () => {
    const { builder } = await importFile(
      fileOf('agent,customer,time\na,002,2024-01-01\na,x,2024-01-01\n'),
    )
    const file = fileOf('customer,segment,locale\n001,consumer,ja-JP\n002,"busi,ness",?\n 003 ,,\n')
    expect(await builder.addPopulation(file)).toEqual({ customers: 3, assumed: [] })
    expect(await rowsOf(builder, CUSTOMERS)).toEqual([
      { id: 0, key: '002', segment: 'busi,ness', region: null, in_population: true },
      { id: 1, key: 'x', segment: null, region: null, in_population: false },
      { id: 2, key: '001', segment: 'consumer', region: 'ja-JP', in_population: true },
      { id: 3, key: '003', segment: null, region: null, in_population: true },
    ])
    expect(await builder.addPopulation(file)).toMatchObject({ customers: 3 })
    expect(await rowsOf(builder, CUSTOMERS)).toHaveLength(4)
  })

  it('may come before the log, in any format, and of one column', async () => {
    const builder = await builderOf()
    await builder.addPopulation(fileOf(gzipSync('customer\n007\n008\n'), 'p.csv.gz'))
    await builder.addPopulation(
      fileOf('{"customer":12345678901234567890,"segment":"a"}\n{"customer":"1.0"}\n'),
    )
    await builder.connection.run("CREATE TABLE p AS SELECT 9 AS customer_id, 'de' AS region")
    const parquet = join(fileOf('', 'x'), '../p.parquet')
    await builder.connection.run(`COPY p TO '${parquet}' (FORMAT parquet)`)
    await builder.addPopulation(parquet)
    await importFile(
      fileOf('agent,customer,time\na,008,2024-01-01\na,new,2024-01-01\n'),
      {},
      builder,
    )
    expect(
      (await rowsOf(builder, CUSTOMERS)).map(({ id, key, in_population }) => [
        id,
        key,
        in_population,
      ]),
    ).toEqual([
      [0, '007', true],
      [1, '008', true],
      [2, '1.0', true],
      [3, '12345678901234567890', true],
      [4, '9', true],
      [5, 'new', false],
    ])
  })

  it('counts the rows that it leaves out', async () => {
    const builder = await builderOf()
    const long = 'x'.repeat(300)
    const file = fileOf(`customer,segment\n001,a\n,b\n001,c\nbad,row,here\n${long},a\n`)
    expect(await builder.addPopulation(file)).toEqual({
      customers: 1,
      assumed: [
        'population: 1 rows without a customer left out',
        'population: 1 rows with a customer longer than 256 bytes left out',
        'population: 1 rows that cannot be read left out',
        'population: 1 rows of a customer who had one before left out',
      ],
    })
    expect(await rowsOf(builder, 'SELECT key, segment FROM customer')).toEqual([
      { key: '001', segment: 'a' },
    ])
  })

  it('that cannot be read says why', async () => {
    const builder = await builderOf()
    const add = (content: string | Buffer) => builder.addPopulation(fileOf(content))
    await expect(builder.addPopulation('none.csv')).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
    })
    await expect(add('')).rejects.toMatchObject({ code: 'FILE_EMPTY' })
    await expect(add('customer\n')).rejects.toMatchObject({ code: 'FILE_EMPTY' })
    await expect(add(Buffer.from('\ufeffcustomer\n1\n', 'utf16le'))).rejects.toMatchObject({
      code: 'FILE_FORMAT',
    })
    await expect(add('who\n1\n')).rejects.toMatchObject({ code: 'SMALL_FILE_COLUMN' })
    const packed = gzipSync('customer\n'.padEnd(100_000, '0123456789\n'))
    await expect(add(packed.subarray(0, packed.length - 60))).rejects.toMatchObject({
      code: 'GZIP_BROKEN',
    })
    expect(await rowsOf(builder, 'SELECT count(*)::INT AS n FROM customer')).toEqual([{ n: 0 }])
  })
})
