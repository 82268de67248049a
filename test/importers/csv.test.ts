import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ROW_BYTES_MAX } from '../../src/base/limits.ts'
import type { RejectReason } from '../../src/disclosure/rejects.ts'
import { csvReader } from '../../src/importers/csv.ts'
import { lineCutter } from '../../src/importers/lines.ts'
import type { CsvShape, RawRows } from '../../src/importers/raw-rows.ts'

interface Outcome {
  rows: (string | null)[][]
  lines: number[]
  rejects: { line: number; reason: RejectReason }[]
}

/** Reads chunks as the importer does. */
function read(chunks: Buffer[], shape: Omit<CsvShape, 'wanted'>): Outcome {
  const wanted = Array.from({ length: shape.columns }, (_, i) => i)
  const reader = csvReader({ ...shape, wanted })
  const cutter = lineCutter()
  const out: Outcome = { rows: [], lines: [], rejects: [] }
  const take = (raw: RawRows) => {
    for (let i = 0; i < raw.count; i++) {
      out.rows.push(raw.columns.map((column) => column[i]))
      out.lines.push(raw.lines[i])
    }
    out.rejects.push(...raw.rejects.map(({ line, reason }) => ({ line, reason })))
  }
  const pieces = [...chunks.flatMap((chunk) => [...cutter.push(chunk)]), ...cutter.end()]
  for (const piece of pieces) {
    if (piece.kind === 'block') take(reader.push(piece.block))
    else {
      take(reader.gap())
      out.rejects.push({ line: piece.long.line, reason: 'too-long' })
    }
  }
  take(reader.end())
  return out
}

const readText = (text: string, columns: number, delimiter = ',') =>
  read([Buffer.from(text)], { delimiter, columns })

const delimiters = fc.constantFrom(',', ';', '\t', '|')
const values = fc.stringMatching(/^[a-zä"\n\r,;|\t 0-9é日]{0,12}$/)

/** Prints as RFC 4180 says, quoting what needs it. */
function print(rows: string[][], delimiter: string, lineEnd: string): string {
  const quoted = (value: string) =>
    value === '' || /["\n\r,;|\t]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
  return rows.map((row) => row.map(quoted).join(delimiter) + lineEnd).join('')
}

const tables = fc
  .integer({ min: 2, max: 5 })
  .chain((columns) => fc.array(fc.array(values, { minLength: columns, maxLength: columns })))

describe('a CSV row', () => {
  it('comes back as it was printed, with the line where it starts', () => {
    fc.assert(
      fc.property(tables, delimiters, fc.constantFrom('\n', '\r\n'), (rows, delimiter, end) => {
        const columns = rows[0]?.length ?? 2
        const outcome = readText(print(rows, delimiter, end), columns, delimiter)
        expect(outcome).toEqual({ rows, lines: startLines(rows), rejects: [] })
      }),
    )
  })

  it('does not depend on how the bytes arrive', () => {
    const text = fc.stringMatching(/^[a"\n\r,é日\0]{0,40}$/)
    fc.assert(
      fc.property(text, fc.array(fc.nat(60)), (content, cuts) => {
        const bytes = Buffer.from(content)
        const at = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])]
        const places = at.sort((a, b) => a - b)
        const chunks = places.slice(1).map((to, i) => bytes.subarray(places[i], to))
        const shape = { delimiter: ',', columns: 2 }
        expect(read(chunks, shape)).toEqual(read([bytes], shape))
      }),
      { numRuns: 500 },
    )
  })

  it('may be broken without costing the rows after it', () => {
    expect(readText('a,"b\nc,d\ne,f\n', 2)).toEqual({
      rows: [
        ['c', 'd'],
        ['e', 'f'],
      ],
      lines: [2, 3],
      rejects: [{ line: 1, reason: 'quote-not-closed' }],
    })
    expect(readText('a,"b"x\nc,d', 2)).toMatchObject({ rows: [['c', 'd']], lines: [2] })
    expect(readText('a\nb,c,d\ne,f\n', 2)).toEqual({
      rows: [['e', 'f']],
      lines: [3],
      rejects: [
        { line: 1, reason: 'column-count' },
        { line: 2, reason: 'column-count' },
      ],
    })
  })

  it('may hold quotes where they mean nothing, and blank lines are no rows', () => {
    expect(readText('a,b"c"d\n\r\n\ne,f\r\n', 2)).toEqual({
      rows: [
        ['a', 'b"c"d'],
        ['e', 'f'],
      ],
      lines: [1, 4],
      rejects: [],
    })
  })

  it('is rejected where its bytes are not UTF-8, with each line it spans', () => {
    const bytes = Buffer.concat([
      Buffer.from('a,b\nc,"d\n'),
      Buffer.from([0xe9, 0x22, 10]),
      Buffer.from('é,f\n'),
    ])
    expect(read([bytes], { delimiter: ',', columns: 2 })).toEqual({
      rows: [
        ['a', 'b'],
        ['é', 'f'],
      ],
      lines: [1, 4],
      rejects: [{ line: 2, reason: 'not-utf8' }],
    })
  })

  it('is rejected where a kept value holds a character that the engine cannot carry', () => {
    expect(readText('a,b\0\nc,d\n', 2)).toEqual({
      rows: [['c', 'd']],
      lines: [2],
      rejects: [{ line: 1, reason: 'control-character' }],
    })
  })
})

describe('plain rows', () => {
  /** The rows of runs, divided as the engine divides them, and the others. */
  function readPlain(chunks: Buffer[], columns: number) {
    const wanted = Array.from({ length: columns }, (_, i) => i)
    const reader = csvReader({ delimiter: ',', columns, wanted, plain: true })
    const cutter = lineCutter()
    const found: { line: number; row: (string | null)[] | RejectReason }[] = []
    const take = ({ count, lines, columns: kept, rejects, runs }: RawRows) => {
      for (let i = 0; i < count; i++) {
        found.push({ line: lines[i], row: kept.map((column) => column[i]) })
      }
      for (const { line, reason } of rejects) found.push({ line, row: reason })
      for (const { line, rows, bytes } of runs) {
        const divided = Buffer.from(bytes).toString().split('\n')
        expect(divided.length).toBe(rows)
        divided.forEach((row, i) => {
          found.push({ line: line + i, row: row.replace(/\r$/, '').split(',') })
        })
      }
    }
    const pieces = [...chunks.flatMap((chunk) => [...cutter.push(chunk)]), ...cutter.end()]
    for (const piece of pieces) if (piece.kind === 'block') take(reader.push(piece.block))
    take(reader.end())
    return found.sort((a, b) => a.line - b.line)
  }

  it('are the rows that the tokenizer would give, in whatever pieces they come', () => {
    const text = fc.stringMatching(/^[a"\n\r,é]{0,60}$/).filter((t) => !/\r(?!\n)/.test(t))
    fc.assert(
      fc.property(text, fc.nat(60), (content, cut) => {
        const bytes = Buffer.from(content)
        const at = Math.min(cut, bytes.length)
        const { rows, lines, rejects } = read([bytes], { delimiter: ',', columns: 2 })
        const expected = [
          ...rows.map((row, i) => ({ line: lines[i], row })),
          ...rejects.map(({ line, reason }) => ({ line, row: reason })),
        ].sort((a, b) => a.line - b.line)
        expect(readPlain([bytes.subarray(0, at), bytes.subarray(at)], 2)).toEqual(expected)
      }),
      { numRuns: 1000 },
    )
  })

  it('come in runs of many rows, cut in good time', () => {
    const bytes = Buffer.from('ab,cd\n'.repeat(20_000))
    const reader = csvReader({ delimiter: ',', columns: 2, wanted: [0], plain: true })
    const runs = [...lineCutter().push(bytes)].flatMap((piece) =>
      piece.kind === 'block' ? reader.push(piece.block).runs : [],
    )
    expect(runs.reduce((sum, { rows }) => sum + rows, 0)).toBe(20_000)
    expect(runs.length).toBeLessThan(20)
    expect(Math.max(...runs.map((run) => run.bytes.length))).toBeLessThan(20_000)
  })
})

describe('a line of 10 MB', () => {
  const long = 'x'.repeat(10 << 20)

  it('is one rejected row, and the rows around it are read', () => {
    expect(readText(`a,b\n${long},y\nc,d\n`, 2)).toEqual({
      rows: [
        ['a', 'b'],
        ['c', 'd'],
      ],
      lines: [1, 3],
      rejects: [{ line: 2, reason: 'too-long' }],
    })
    expect(readText(long, 2).rejects).toEqual([{ line: 1, reason: 'too-long' }])
  })

  it('is never held: no piece is longer than the limit', () => {
    const cutter = lineCutter()
    const chunk = Buffer.alloc(1 << 16, 'x')
    let held = 0
    for (let i = 0; i < 160; i++) {
      for (const piece of cutter.push(chunk)) {
        held = Math.max(held, piece.kind === 'long' ? piece.long.start.length : Infinity)
      }
    }
    expect(held).toBeLessThan(1000)
    expect([...cutter.push(Buffer.from('\na,b\n'))]).toMatchObject([
      { kind: 'block', block: { bytes: Buffer.from('a,b\n'), line: 2 } },
    ])
  })

  it('ends a quoted value that was open before it', () => {
    expect(readText(`a,"b\n${long}\nc,d\n`, 2)).toEqual({
      rows: [['c', 'd']],
      lines: [3],
      rejects: [
        { line: 1, reason: 'quote-not-closed' },
        { line: 2, reason: 'too-long' },
      ],
    })
  })

  it('may be the longest that is allowed', () => {
    const value = 'x'.repeat(ROW_BYTES_MAX - 2)
    expect(readText(`a,${value}\n`, 2)).toMatchObject({ rows: [['a', value]], rejects: [] })
    expect(readText(`a,${value}x\n`, 2).rejects).toEqual([{ line: 1, reason: 'too-long' }])
  })
})

describe('a quoted value over many lines', () => {
  it('is rejected beyond the limit, closed or not, and reading goes on at the next line', () => {
    const lines = 'y,z\n'.repeat((ROW_BYTES_MAX >> 2) + 10)
    for (const end of ['"\n', '']) {
      const outcome = readText(`a,"b\n${lines}${end}`, 2)
      expect(outcome.rejects[0]).toEqual({ line: 1, reason: 'too-long' })
      expect(outcome.rows.length).toBe((ROW_BYTES_MAX >> 2) + 10)
    }
  })
})

function startLines(rows: string[][]): number[] {
  let line = 1
  return rows.map((row) => {
    const start = line
    line += 1 + row.join('').split('\n').length - 1
    return start
  })
}
