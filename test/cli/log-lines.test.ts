import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LINE_BYTES_MAX } from '../../src/base/limits.ts'
import { linesOf } from '../../src/cli/log/lines.ts'

async function all(...chunks: Uint8Array[]) {
  const lines: string[] = []
  let problem: string | null = null
  let next = 1
  for await (const part of linesOf(
    (async function* () {
      yield* chunks
    })(),
  )) {
    expect(part.first).toBe(next)
    next += part.lines.length
    lines.push(...part.lines)
    problem = part.problem
  }
  return { lines, problem }
}

describe('lines of a stream', () => {
  it('are the same however it is cut', async () => {
    const text = fc.array(fc.string({ unit: 'binary' }).map((one) => one.replaceAll('\n', '')))
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat()), fc.boolean(), async (lines, cuts, isEnded) => {
        const bytes = Buffer.from(lines.join('\n') + (isEnded && lines.length > 0 ? '\n' : ''))
        const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort(
          (a, b) => a - b,
        )
        const chunks = at.slice(1).map((end, i) => bytes.subarray(at[i], end))
        const expected = bytes.length === 0 ? [] : bytes.toString().split('\n')
        if (expected.at(-1) === '') expected.pop()
        expect(await all(...chunks)).toEqual({ lines: expected, problem: null })
      }),
    )
  })

  it('end before one that is not UTF-8, or too long', async () => {
    const bad = Buffer.concat([
      Buffer.from('a\nb\n'),
      Buffer.of(0xc3, 0x28, 0x0a),
      Buffer.from('c'),
    ])
    expect(await all(bad)).toEqual({ lines: ['a', 'b'], problem: 'it is not UTF-8' })
    const long = Buffer.alloc(LINE_BYTES_MAX + 1, 0x61)
    const problem = `it is longer than ${LINE_BYTES_MAX} bytes`
    expect(await all(Buffer.from('a\n'), long)).toEqual({ lines: ['a'], problem })
    expect(await all(Buffer.from('a\n'), long, Buffer.from('\nb\n'))).toEqual({
      lines: ['a'],
      problem,
    })
    const most = long.subarray(1)
    expect((await all(most, Buffer.from('\n'))).problem).toBeNull()
  })
})
