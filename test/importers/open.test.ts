import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { openAccessLog } from '../../src/importers/open.ts'
import { fileOf, readAll } from './files.ts'

const ROWS = [
  { line: 2, agent: 'a', customer: '007', time: '2024-01-01 10:00:00' },
  { line: 3, agent: 'b', customer: 'x "y", z', time: '2024-01-02 10:00:00' },
]
const COMMA = 'agent,customer,time\na,007,2024-01-01 10:00:00\nb,"x ""y"", z",2024-01-02 10:00:00\n'

describe('an access log', () => {
  it.each([
    ['commas', COMMA],
    ['semicolons', COMMA.replaceAll(',', ';').replace('; z', ', z')],
    ['tabs', COMMA.replaceAll(',', '\t').replace('\t z', ', z')],
    ['bars', COMMA.replaceAll(',', '|').replace('| z', ', z')],
    ['CRLF', COMMA.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\ufeff${COMMA}`],
    ['no end of its last line', COMMA.trimEnd()],
  ])('of %s is read', async (_what, text) => {
    expect(await readAll(fileOf(text))).toMatchObject({ rows: ROWS, rejects: [] })
    expect(await readAll(fileOf(gzipSync(text)))).toMatchObject({ rows: ROWS, rejects: [] })
  })

  it('of several gzip members is read to its end', async () => {
    const members = Buffer.concat([gzipSync(COMMA.slice(0, 30)), gzipSync(COMMA.slice(30))])
    expect(await readAll(fileOf(members))).toMatchObject({ rows: ROWS, rejects: [] })
  })

  it('may start with blank lines, which are no header', async () => {
    const { rows } = await readAll(fileOf(`\n\r\n${COMMA}`))
    expect(rows).toEqual(ROWS.map((row) => ({ ...row, line: row.line + 2 })))
  })

  it('of JSON lines is read, by paths, with every digit of a long number', async () => {
    const text =
      '{"agent":"a","customer":12345678901234567890,"time":1706695200,"seen":["name","phone"]}\n\n' +
      '{"agent":"b","customer":"12345678901234567890","time":"1706695201","who":{"id":7}}\nnot json\n[1]\n' +
      '{"agent":"c\\u001f","customer":1,"time":1}\n{"agent":null,"customer":1.5,"time":1,"who":[{"id":1},{"id":2}]}\n'
    const map = {
      agent: 'agent',
      customer: 'customer',
      time: 'time',
      fields: 'seen',
      queue: 'who.id',
    }
    const { rows, rejects } = await readAll(fileOf(text), { map })
    expect(rows).toEqual([
      {
        line: 1,
        agent: 'a',
        customer: '12345678901234567890',
        time: '1706695200',
        fields: 'name;phone',
        queue: null,
      },
      {
        line: 3,
        agent: 'b',
        customer: '12345678901234567890',
        time: '1706695201',
        fields: null,
        queue: '7',
      },
      { line: 7, agent: null, customer: '1.5', time: '1', fields: null, queue: '1;2' },
    ])
    expect(rejects).toMatchObject([
      { line: 4, reason: 'not-json', text: 'not json' },
      { line: 5, reason: 'not-json' },
      { line: 6, reason: 'control-character' },
    ])
  })

  it('of JSON lines nested without end rejects such a line, whatever its strings hold', async () => {
    const nested = (depth: number, key: string) =>
      `{"agent":"a","customer":"c","time":"1706695200","${key}":${'['.repeat(depth)}${']'.repeat(depth)}}`
    const flat = JSON.stringify({
      agent: `${'[{'.repeat(500)}\\"`,
      customer: `"${'['.repeat(500)}`,
      time: '1706695200',
    })
    const lines = [nested(199, 'x'), nested(200, 'x'), nested(5000, 'agent'), flat]
    const map = { agent: 'agent', customer: 'customer', time: 'time' }
    const { rows, rejects } = await readAll(fileOf(`${lines.join('\n')}\n`), { map })
    expect(rows.map(({ line }) => line)).toEqual([1, 4])
    expect(rejects).toMatchObject([
      { line: 2, reason: 'too-deep' },
      { line: 3, reason: 'too-deep' },
    ])
    expect((await readAll(fileOf(`${lines.join('\n')}\n`))).rejects).toHaveLength(2)
  })

  it('shows what it guessed, and repeated names', async () => {
    const { source } = await readAll(
      fileOf('user;category;client;date;category\nu;1;c;2024-01-01;2\n'),
    )
    expect(source.assumed).toEqual([
      'columns are separated by semicolon',
      'the header has "category" again; it is called "category_2"',
      'columns guessed from their names: agent=user, customer=client, time=date',
    ])
    const map = { agent: 'user', customer: 'category_2', time: 'date' }
    const { rows } = await readAll(fileOf('user,category,date,category\nu,1,d,2\n'), { map })
    expect(rows).toEqual([{ line: 2, agent: 'u', customer: '2', time: 'd' }])
  })
})

describe('a file that cannot be read', () => {
  it.each([
    ['0 bytes', '', 'FILE_EMPTY', '0 bytes'],
    ['blank lines', '\n\n \n', 'FILE_EMPTY', 'blank lines only'],
    [
      'UTF-16',
      Buffer.from(`\ufeff${COMMA}`, 'utf16le'),
      'FILE_FORMAT',
      'it is UTF-16; save it as UTF-8',
    ],
    ['UTF-16 without a mark', Buffer.from(COMMA, 'utf16le'), 'FILE_FORMAT', 'it looks like UTF-16'],
    [
      'Latin-1 in its header',
      Buffer.from('agent,gr\u00f6\u00dfe,time\na,b,c\n', 'latin1'),
      'FILE_FORMAT',
      'its first line is not UTF-8',
    ],
    ['ZIP', Buffer.from('PK\x03\x04rest'), 'FILE_FORMAT', 'ZIP archive or an Excel workbook'],
    ['one column', 'agent\na\n', 'FILE_FORMAT', 'one column only'],
    ['one JSON list', '[{"agent":"a"},\n{"agent":"b"}]\n', 'FILE_FORMAT', 'one JSON document'],
    ['one JSON object', '{\n "agent": "a"\n}\n', 'FILE_FORMAT', 'one JSON document'],
    ['CR alone', 'agent,customer\ra,b\r', 'FILE_FORMAT', 'its lines end by CR alone'],
    [
      'a first line of 2 MB',
      'x'.repeat(2 << 20),
      'FILE_FORMAT',
      'its first line is longer than 1 MiB',
    ],
    ['gzip of nothing', gzipSync(''), 'FILE_EMPTY', '0 bytes when unpacked'],
  ])('because of %s says so', async (_what, content, code, words) => {
    const file = fileOf(content)
    await expect(openAccessLog(file)).rejects.toMatchObject({ code })
    await expect(openAccessLog(file)).rejects.toThrow(words)
  })

  it('because it is absent, a folder or out of reach says so', async () => {
    const folder = join(fileOf(''), '../folder')
    mkdirSync(folder)
    await expect(openAccessLog(`${folder}/none.csv`)).rejects.toThrow('there is no such file')
    await expect(openAccessLog(folder)).rejects.toThrow('it is a folder')
    await expect(openAccessLog('/dev/null')).rejects.toThrow('a pipe or a device')
  })

  it('because its gzip is cut off says how far it was read', async () => {
    const line = (i: number) =>
      `agent-${(i * 7919) % 5003},c${(i * 104729) % 99991},2024-01-01 00:00:00\n`
    const text = `agent,customer,time\n${Array.from({ length: 200_000 }, (_, i) => line(i)).join('')}`
    const packed = gzipSync(text)
    const file = fileOf(packed.subarray(0, packed.length - 1000))
    const failure = await readAll(file).catch((error) => error)
    expect(failure).toMatchObject({ code: 'GZIP_BROKEN' })
    expect(failure.message).toMatch(/it ends before its end mark. It was read up to byte \d+/)
    expect(failure.details.bytes).toBeGreaterThan(text.length / 2)
    packed[packed.length >> 1] ^= 0xff
    await expect(readAll(fileOf(packed))).rejects.toMatchObject({ code: 'GZIP_BROKEN' })
  })
})
