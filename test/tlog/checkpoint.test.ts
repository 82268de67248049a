import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatCheckpoint, parseCheckpoint } from '../../src/tlog/checkpoint.ts'
import { EMPTY_ROOT, sha256 } from '../../src/tlog/hash.ts'
import { parseNote } from '../../src/tlog/note.ts'
import { openCheckpoint, signCheckpoint, signersOf } from '../../src/tlog/signed.ts'
import { KEY_TYPE, parseVkey } from '../../src/tlog/vkey.ts'
import { codeOf, KEYS, keyOf, ORIGIN, signedNote } from './notes.ts'

// The example of C2SP tlog-checkpoint.
const EXAMPLE = `example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
`

// A checkpoint of the Go checksum database, as torchwood tests with it.
const GO_VKEY = 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8'
const GO_NOTE = `go.sum database tree
35225469
vt5T6GaLCXvyHFl9VUvvItR43XZxfLgftEcTyO3eJCQ=

— sum.golang.org Az3grpukl5AXaVfYkLiDGORx/DN2nlcS5kZHR5uYOBV2KA2HgXpD+gu9HHONebHLAyaKbbTM75QTtPydhKCExixSfwQ=
`

describe('checkpoints', () => {
  it('are read as the specification shows them', () => {
    const checkpoint = parseCheckpoint(EXAMPLE)
    expect(checkpoint).toMatchObject({
      origin: 'example.com/behind-the-sofa',
      size: 20_852_163,
      extensions: [],
    })
    expect(checkpoint.root.toString('hex')).toMatch(/^0ac5186a91863e8e/)
    expect(formatCheckpoint(checkpoint)).toBe(EXAMPLE)
  })

  it('of a public log are read and verified', () => {
    const note = parseNote(GO_NOTE)
    expect(parseCheckpoint(note.text).size).toBe(35_225_469)
    expect(signersOf(note, [parseVkey(GO_VKEY)])).toHaveLength(1)
  })

  it('keep extension lines, which the signature covers', () => {
    const text = `${EXAMPLE}one\nand another\n`
    expect(parseCheckpoint(text).extensions).toEqual(['one', 'and another'])
    expect(formatCheckpoint(parseCheckpoint(text))).toBe(text)
    const signed = signCheckpoint({ ...parseCheckpoint(text), origin: ORIGIN }, KEYS.log)
    expect(codeOf(() => openCheckpoint(signed, KEYS.log))).toBe('none')
    const changed = signed.replace('and another', 'and no other')
    expect(codeOf(() => openCheckpoint(changed, KEYS.log))).toBe('SIGNATURE_INVALID')
  })

  it.each([
    ['nothing', ''],
    ['two lines', EXAMPLE.split('\n').slice(0, 2).join('\n')],
    ['no LF at the end', EXAMPLE.slice(0, -1)],
    ['no origin', EXAMPLE.replace('example.com/behind-the-sofa', '')],
    ['an origin of 256 bytes', EXAMPLE.replace('example.com', 'e'.repeat(240))],
    ['a control character in the origin', EXAMPLE.replace('example', 'exam\tple')],
    ['half a surrogate pair', EXAMPLE.replace('example', 'exam\udc00ple')],
    ['a leading zero', EXAMPLE.replace('20852163', '020852163')],
    ['a sign', EXAMPLE.replace('20852163', '+20852163')],
    ['a negative size', EXAMPLE.replace('20852163', '-1')],
    ['a size of 2^53', EXAMPLE.replace('20852163', '9007199254740992')],
    ['a size of 2^64', EXAMPLE.replace('20852163', '18446744073709551616')],
    ['digits of another script', EXAMPLE.replace('20852163', '٢٠')],
    ['a short hash', EXAMPLE.replace('q2I=', 'qw==')],
    ['a long hash', EXAMPLE.replace('q2I=', 'q2Jx')],
    ['stray bits in the hash', EXAMPLE.replace('q2I=', 'q2J=')],
    ['no hash', EXAMPLE.replace(/Cs.*=/, '')],
    ['an empty extension', `${EXAMPLE}\n`],
    ['an empty extension between', `${EXAMPLE}\nmore\n`],
    ['CR LF', EXAMPLE.replaceAll('\n', '\r\n')],
    ['no entries but a hash', EXAMPLE.replace('20852163', '0')],
  ])('are refused with %s', (_, text) => {
    expect(codeOf(() => parseCheckpoint(text))).toBe('CHECKPOINT_INVALID')
  })

  it('come back as they were read, or are refused', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom('0', '7', '01', sha256('x').toString('base64')),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
        const text = lines.map((one) => `${one}\n`).join('')
        const code = codeOf(() => expect(formatCheckpoint(parseCheckpoint(text))).toBe(text))
        expect(['none', 'CHECKPOINT_INVALID']).toContain(code)
      }),
    )
  })
})

describe('signed checkpoints', () => {
  it('open with the key of their log', () => {
    const { checkpoint, note } = openCheckpoint(signedNote(5, [KEYS.log, KEYS.w1]), KEYS.log)
    expect(checkpoint).toEqual({ origin: ORIGIN, size: 5, root: sha256('root'), extensions: [] })
    expect(note.signatures).toHaveLength(2)
    const empty = { origin: ORIGIN, size: 0, root: EMPTY_ROOT, extensions: [] }
    expect(openCheckpoint(signCheckpoint(empty, KEYS.log), KEYS.log).checkpoint).toEqual(empty)
  })

  it('open with no other key, nor where another log has the same key', () => {
    const signed = signedNote(5, [KEYS.log])
    const other = keyOf('example.com/other', KEY_TYPE.ed25519)
    expect(codeOf(() => openCheckpoint(signed, other))).toBe('SIGNATURE_MISSING')
    const sameName = keyOf(ORIGIN)
    expect(codeOf(() => openCheckpoint(signed, sameName))).toBe('SIGNATURE_MISSING')
    const elsewhere = signed.replace(ORIGIN, 'example.com/elsewhere')
    expect(codeOf(() => openCheckpoint(elsewhere, KEYS.log))).not.toBe('none')
    const foreign = signCheckpoint(
      { origin: 'example.com/elsewhere', size: 5, root: sha256('root'), extensions: [] },
      KEYS.log,
    )
    expect(codeOf(() => openCheckpoint(foreign, KEYS.log))).toBe('SIGNATURE_MISSING')
  })

  it('are not signed where they would not be read', () => {
    const good = { origin: ORIGIN, size: 5, root: sha256('root'), extensions: [] }
    for (const change of [
      { origin: '' },
      { origin: 'two\nlines' },
      { size: -1 },
      { size: 0.5 },
      { size: 2 ** 53 },
      { root: Buffer.alloc(31) },
      { extensions: [''] },
    ]) {
      const act = () => signCheckpoint({ ...good, ...change }, KEYS.log)
      expect(codeOf(act), JSON.stringify(change)).toBe('CHECKPOINT_INVALID')
    }
  })
})
