import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvOf } from '../../src/disclosure/csv.ts'

const cell = (value: string | null) => csvOf(['a'], [[value]]).slice('a\r\n'.length, -2)

describe('a file of comma-separated values', () => {
  it.each<[string | null, string]>([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['two\r\nlines', '"two\r\nlines"'],
    [' blank ', '" blank "'],
    ['', ''],
    [null, ''],
    ['=1+1', "'=1+1"],
    ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
    ['+81 90', "'+81 90"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    [' =1', "' =1"],
    ['\u200b=1', "'\u200b=1"],
    ['＝1', "'＝1"],
    ['|cmd', "'|cmd"],
    ['a=1', 'a=1'],
  ])('writes %j as %j', (value, written) => {
    expect(cell(value)).toBe(written)
  })

  it('is read back by whoever reads RFC 4180, and computes nothing', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '"', ',', '\n', '\r', '=', '+', ' ', '\t', "'"),
    })
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { minLength: 1 }), (rows) => {
        const read = naiveCsv(csvOf(['x', 'y'], rows))
        expect(read[0]).toEqual(['x', 'y'])
        expect(read.slice(1).map((row) => row.map((one) => one.replace(/^'/, '')))).toEqual(
          rows.map((row) => row.map((one) => one.replace(/^'/, ''))),
        )
        for (const row of read) for (const one of row) expect(one).not.toMatch(/^\s*[=+]/)
      }),
    )
  })
})

/** Character by character, as the RFC's grammar says. */
function naiveCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let isQuoted = false
  for (let i = 0; i < text.length; i++) {
    const char = text[i]
    if (isQuoted && char === '"' && text[i + 1] === '"') {
      cell += '"'
      i++
    } else if (char === '"') isQuoted = !isQuoted
    else if (!isQuoted && char === ',') {
      row.push(cell)
      cell = ''
    } else if (!isQuoted && char === '\r' && text[i + 1] === '\n') {
      rows.push([...row, cell])
      row = []
      cell = ''
      i++
    } else cell += char
  }
  return rows
}
