import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TelltaleError } from '../../src/base/errors.ts'
import { parseNote } from '../../src/tlog/note.ts'
import { parsePolicy } from '../../src/tlog/policy.ts'
import { formatReceipt, parseReceipt, type Receipt, verifyReceipt } from '../../src/tlog/receipt.ts'
import { formatVkey } from '../../src/tlog/vkey.ts'
import { codeOf, KEYS, ORIGIN, signedNote, TIME_S } from './notes.ts'
import { leavesOf, naivePath, naiveRoot } from './trees.ts'

const leaves = leavesOf(11)
const root = naiveRoot(leaves)
const policy = parsePolicy(
  `log ${formatVkey(KEYS.log)}\nwitness w1 ${formatVkey(KEYS.w1)}\nquorum w1\n`,
)
const receipt: Receipt = {
  extra: null,
  index: 6,
  proof: naivePath(6, leaves),
  note: parseNote(signedNote(11, [KEYS.log, KEYS.w1], root)),
}
const TEXT = formatReceipt(receipt)
const [HEAD, INDEX] = TEXT.split('\n')
const EXTRA = TEXT.replace('index', 'extra YWdl\nindex')

describe('receipts', () => {
  it('have the form of the specification', () => {
    expect(HEAD).toBe('c2sp.org/tlog-proof@v1')
    expect(INDEX).toBe('index 6')
    expect(TEXT.split('\n').slice(2, 6)).toEqual(receipt.proof.map((one) => one.toString('base64')))
    expect(TEXT.split('\n').slice(6, 9)).toEqual(['', ORIGIN, '11'])
    expect(parseReceipt(TEXT)).toEqual(receipt)
    const withExtra = { ...receipt, extra: Buffer.from('age') }
    expect(formatReceipt(withExtra)).toBe(EXTRA)
    expect(parseReceipt(Buffer.from(EXTRA))).toEqual(withExtra)
  })

  it('prove their entry to whoever has the policy', () => {
    const { log, checkpoint, cosigned } = verifyReceipt(parseReceipt(TEXT), leaves[6], policy)
    expect(log.name).toBe(ORIGIN)
    expect(checkpoint.size).toBe(11)
    expect(cosigned.map(({ timeS }) => timeS)).toEqual([TIME_S])
  })

  it('of the only entry have no proof line', () => {
    const note = parseNote(signedNote(1, [KEYS.log, KEYS.w1], leaves[0]))
    const text = formatReceipt({ extra: null, index: 0, proof: [], note })
    expect(verifyReceipt(parseReceipt(text), leaves[0], policy).checkpoint.size).toBe(1)
  })

  it('prove nothing else', () => {
    const code = (change: Partial<Receipt>, leaf = leaves[6]) =>
      codeOf(() => verifyReceipt({ ...receipt, ...change }, leaf, policy))
    expect(code({})).toBe('none')
    expect(code({}, leaves[5])).toBe('PROOF_INVALID')
    expect(code({ index: 5 })).toBe('PROOF_INVALID')
    expect(code({ index: 11 })).toBe('PROOF_INVALID')
    expect(code({ proof: naivePath(5, leaves) })).toBe('PROOF_INVALID')
    const signed = (...args: Parameters<typeof signedNote>) => parseNote(signedNote(...args))
    expect(code({ note: signed(11, [KEYS.log, KEYS.w1]) })).toBe('PROOF_INVALID')
    expect(code({ note: signed(11, [KEYS.log], root) })).toBe('QUORUM_MISSING')
    expect(code({ note: signed(11, [KEYS.w1], root) })).toBe('LOG_UNKNOWN')
    const text = receipt.note.text.replace('\n11\n', '\n12\n')
    expect(code({ note: { ...receipt.note, text } })).toBe('SIGNATURE_INVALID')
  })

  it.each([
    ['nothing', ''],
    ['another version', TEXT.replace('@v1', '@v2')],
    ['no index', TEXT.replace(`${INDEX}\n`, '')],
    ['a negative index', TEXT.replace(INDEX, 'index -6')],
    ['a leading zero', TEXT.replace(INDEX, 'index 06')],
    ['an index of 2^53', TEXT.replace(INDEX, 'index 9007199254740992')],
    ['two spaces', TEXT.replace(INDEX, 'index  6')],
    ['a space after the index', TEXT.replace(INDEX, `${INDEX} `)],
    ['extra after the index', TEXT.replace(INDEX, `${INDEX}\nextra YWdl`)],
    ['extra twice', EXTRA.replace('extra', 'extra YWdl\nextra')],
    ['empty extra', EXTRA.replace('YWdl', '')],
    ['extra that is no base64', EXTRA.replace('YWdl', 'YWd')],
    ['a short hash', TEXT.replace(/\n.{43}=\n/, '\nAAAA\n')],
    ['stray bits in a hash', TEXT.replace(/\n.{43}=\n/, `\n${'A'.repeat(42)}B=\n`)],
    ['CR LF', TEXT.replaceAll('\n', '\r\n')],
    ['no checkpoint', TEXT.slice(0, TEXT.indexOf('\n\n'))],
    ['too many bytes', EXTRA.replace('YWdl', 'AAAA'.repeat(1 << 20))],
  ])('are refused with %s', (_, text) => {
    expect(codeOf(() => parseReceipt(text))).toBe('RECEIPT_INVALID')
  })

  it('are refused with a note that is none', () => {
    expect(codeOf(() => parseReceipt(`${TEXT}x`))).toBe('NOTE_INVALID')
    expect(codeOf(() => parseReceipt(TEXT.slice(0, TEXT.lastIndexOf('\n\n') + 2)))).not.toBe('none')
  })

  it('changed anywhere end in our errors, and never prove the entry', () => {
    const valid = Buffer.from(EXTRA)
    const change = fc.tuple(fc.nat(valid.length - 1), fc.integer({ min: 1, max: 255 }), fc.nat(2))
    const extraEnd = EXTRA.indexOf('\nindex')
    fc.assert(
      fc.property(change, ([at, byte, kind]) => {
        const rest = valid.subarray(at + (kind === 0 ? 0 : 1))
        const put = kind === 1 ? [] : [kind === 2 ? valid[at] ^ byte : byte]
        const bytes = Buffer.concat([valid.subarray(0, at), Buffer.from(put), rest])
        try {
          const parsed = parseReceipt(bytes)
          expect(Buffer.from(formatReceipt(parsed))).toEqual(bytes)
          verifyReceipt(parsed, leaves[6], policy)
          // Nothing signs the extra line.
          expect(at).toBeLessThan(extraEnd)
        } catch (error) {
          if (!(error instanceof TelltaleError)) throw error
        }
      }),
      { numRuns: 1000 },
    )
  })
})
