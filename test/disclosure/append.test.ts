import { beforeEach, describe, expect, it } from 'vitest'
import { TelltaleError } from '../../src/base/errors.ts'
import { lineAppender } from '../../src/disclosure/append.ts'
import type { Recorder } from '../../src/disclosure/recorder.ts'
import type { Disclosure } from '../../src/tlog/sealed.ts'

const NOW_MS = Date.UTC(2026, 2, 1)
const line = (customer: string) =>
  JSON.stringify({ agent: 'kim', customer, at: '2026-02-01T10:00:00Z', writer: 'somebody' })

let recorded: Disclosure[]
let failing: (disclosure: Disclosure) => TelltaleError | null
let entries: number

/** Every disclosure becomes two entries. */
const recorder: Pick<Recorder, 'record'> = {
  record: async (disclosure) => {
    const error = failing(disclosure)
    if (error !== null) throw error
    recorded.push(disclosure)
    entries += 2
    return { first: entries - 2, count: 2 }
  },
}
const append = lineAppender(recorder, () => NOW_MS)

beforeEach(() => {
  recorded = []
  failing = () => null
  entries = 10
})

describe('lines from another machine', () => {
  it('become disclosures of the writer who sent them', async () => {
    expect(await append([line('a'), line('b'), line('c')], 'desk-1')).toEqual({
      first: 10,
      count: 6,
    })
    expect(recorded.map(({ customers }) => customers)).toEqual([['a'], ['b'], ['c']])
    expect(new Set(recorded.map(({ writer }) => writer))).toEqual(new Set(['desk-1']))
  })

  it.each([
    ['no JSON', 'nonsense'],
    ['an empty line', ''],
    ['a decision', '{"act":"grant.approved","agent":"kim","at":"2026-02-01T10:00:00Z"}'],
    ['a time in the future', JSON.stringify({ agent: 'kim', customer: 'a', at: NOW_MS + 1 })],
  ])('are none where one of them is bad: %s', async (_, bad) => {
    await expect(append([line('a'), bad, line('c')], 'desk-1')).rejects.toMatchObject({
      code: 'LINE_INVALID',
      details: { line: 2 },
    })
    expect(recorded).toEqual([])
  })

  it('are none where the log takes none, and it says why', async () => {
    failing = () => new TelltaleError('LOG_BUSY', { waiting: 1 })
    await expect(append([line('a'), line('b')], 'desk-1')).rejects.toMatchObject({
      code: 'LOG_BUSY',
    })
  })

  it('are not said to be none where that is not known of one', async () => {
    failing = ({ customers }) =>
      customers[0] === 'b'
        ? new TelltaleError('LOG_STOPPED', { reason: 'x' })
        : new TelltaleError('LOG_BUSY', { waiting: 1 })
    await expect(append([line('a'), line('b')], 'desk-1')).rejects.toMatchObject({
      code: 'LOG_STOPPED',
    })
  })

  it('are not said to be none where some are in the log', async () => {
    failing = ({ customers }) =>
      customers[0] === 'b' ? new TelltaleError('LOG_BUSY', { waiting: 1 }) : null
    await expect(append([line('a'), line('b')], 'desk-1')).rejects.toMatchObject({
      code: 'APPEND_UNCERTAIN',
    })
  })
})
