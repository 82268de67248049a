import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sealerFor } from '../../src/tlog/entry.ts'
import { leafHash } from '../../src/tlog/hash.ts'
import { parseNote } from '../../src/tlog/note.ts'
import { formatOpening, type Opening, parseOpening, verifyOpening } from '../../src/tlog/opening.ts'
import { parsePolicy } from '../../src/tlog/policy.ts'
import { formatVkey } from '../../src/tlog/vkey.ts'
import { decision } from './decisions.ts'
import { disclosure, idsFrom } from './disclosures.ts'
import { codeOf, KEYS, signedNote } from './notes.ts'
import { naivePath, naiveRoot } from './trees.ts'

const sealer = sealerFor({ epoch: 1, key: Buffer.alloc(32, 9) })
const nextId = idsFrom(1)
const entries = Array.from({ length: 7 }, (_, i) => {
  const one = i === 6 ? decision() : disclosure({ agent: `agent-${i}` })
  return sealer.seal(one, nextId)[0]
})
const leaves = entries.map((entry) => leafHash(entry))
const note = parseNote(signedNote(7, [KEYS.log], naiveRoot(leaves)))
const policy = parsePolicy(`log ${formatVkey(KEYS.log)}\nquorum none\n`)

function openingOf(index: number): Opening {
  const receipt = { extra: null, index, proof: naivePath(index, leaves), note }
  return { entry: entries[index], key: sealer.keyOf(entries[index]), receipt }
}
const opening = openingOf(4)
const text = formatOpening(opening)

describe('an opening', () => {
  it('has the form of the page', () => {
    const { v, index, entry, key, receipt, ...more } = JSON.parse(text)
    expect(more).toEqual({})
    expect([v, index]).toEqual([1, 4])
    expect(Buffer.from(entry, 'base64')).toEqual(entries[4])
    expect(Buffer.from(key, 'base64')).toEqual(opening.key)
    expect(receipt.startsWith('c2sp.org/tlog-proof@v1\nindex 4\n')).toBe(true)
    expect(text).toBe(`${JSON.stringify({ v, index, entry, key, receipt })}\n`)
    expect(parseOpening(text)).toEqual(opening)
  })

  it('shows what the log holds at its index to whoever has the policy and no key', () => {
    const shown = verifyOpening(parseOpening(text), policy)
    expect(shown.disclosure).toEqual(disclosure({ agent: 'agent-4' }))
    expect(shown.evaluation.checkpoint.size).toBe(7)
  })

  it('shows what was decided', () => {
    const shown = verifyOpening(parseOpening(formatOpening(openingOf(6))), policy)
    expect(shown).toMatchObject({ decision: decision(), disclosure: null })
  })

  it('opens no other entry', () => {
    const other = openingOf(5)
    const code = (own: Partial<Opening>) =>
      codeOf(() => verifyOpening({ ...opening, ...own }, policy))
    expect(code({})).toBe('none')
    expect(code({ entry: other.entry })).toBe('PROOF_INVALID')
    expect(code({ key: other.key })).toBe('ENTRY_UNOPENED')
    expect(code({ receipt: other.receipt })).toBe('PROOF_INVALID')
    expect(code({ key: other.key, entry: other.entry })).toBe('PROOF_INVALID')
    expect(code({ key: other.key, entry: other.entry, receipt: other.receipt })).toBe('none')
  })

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['null', 'null\n'],
    ['no line break', text.trimEnd()],
    ['two line breaks', `${text}\n`],
    ['a space', text.replace(':', ': ')],
    ['another version', text.replace('"v":1', '"v":2')],
    ['another index than its receipt', text.replace('"index":4', '"index":5')],
    ['an index as text', text.replace('"index":4', '"index":"4"')],
    ['a key more', text.replace('"v":1', '"v":1,"note":""')],
    ['a key twice', text.replace('"v":1', '"v":1,"v":1')],
    ['another order', text.replace('"v":1,"index":4', '"index":4,"v":1')],
    ['no key', text.replace(/"key":"[^"]*",/, '')],
    ['a key of 63 bytes', text.replace(/"key":"[^"]*"/, `"key":"${'A'.repeat(84)}"`)],
    ['base64 of another spelling', text.replace('"entry":"', '"entry":" ')],
    ['an escape not needed', text.replace('"v"', '"\\u0076"')],
    ['too much', `${' '.repeat(6 << 20)}${text}`],
  ])('is refused with %s', (_, wrong) => {
    expect(wrong).not.toBe(text)
    expect(codeOf(() => parseOpening(wrong))).toBe('OPENING_INVALID')
  })

  it('ends in itself or in our own error, whatever is edited', () => {
    const edit = fc.tuple(
      fc.nat(text.length),
      fc.nat(3),
      fc.string({ unit: 'binary', maxLength: 3 }),
    )
    fc.assert(
      fc.property(edit, ([at, cut, put]) => {
        const edited = text.slice(0, at) + put + text.slice(at + cut)
        const code = codeOf(() => parseOpening(edited))
        if (code === 'none') expect(formatOpening(parseOpening(edited))).toBe(edited)
        else expect(['OPENING_INVALID', 'RECEIPT_INVALID', 'NOTE_INVALID']).toContain(code)
      }),
      { numRuns: 1000 },
    )
  })
})
