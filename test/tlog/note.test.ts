import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TelltaleError } from '../../src/base/errors.ts'
import { formatNote, parseNote, parseSignatures } from '../../src/tlog/note.ts'
import { openCheckpoint, signersOf } from '../../src/tlog/signed.ts'
import { parseVkey } from '../../src/tlog/vkey.ts'
import { codeOf, KEYS, signedNote } from './notes.ts'

// The examples of C2SP signed-note.
const EXAMPLE_VKEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'
const EXAMPLE = `This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`
const POEM = `Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
`
const LINE = EXAMPLE.split('\n')[2]

describe('signed notes', () => {
  it('are read as the specification shows them', () => {
    const key = parseVkey(EXAMPLE_VKEY)
    const note = parseNote(EXAMPLE)
    expect(note.text).toBe('This is an example message.\n')
    expect(signersOf(note, [key])).toEqual([{ key, timeS: null }])
    const poem = parseNote(Buffer.from(POEM))
    expect(poem.text.split('\n')).toHaveLength(5)
    expect(formatNote(poem)).toBe(POEM)
    expect(signersOf(poem, [key])).toEqual([])
  })

  it('are refused where a known key does not hold, whatever else does', () => {
    const key = parseVkey(EXAMPLE_VKEY)
    const changed = EXAMPLE.replace('example message', 'Example message')
    expect(codeOf(() => signersOf(parseNote(changed), [key]))).toBe('SIGNATURE_INVALID')
    const bad = LINE.replace('Uw2QOkn8', 'Uw2QOkn9')
    for (const lines of [`${LINE}\n${bad}\n`, `${bad}\n${LINE}\n`]) {
      const note = parseNote(EXAMPLE.replace(`${LINE}\n`, lines))
      expect(codeOf(() => signersOf(note, [key]))).toBe('SIGNATURE_INVALID')
    }
  })

  it('may repeat a signature, which counts once', () => {
    const key = parseVkey(EXAMPLE_VKEY)
    const note = parseNote(`${EXAMPLE}${LINE}\n`)
    expect(note.signatures).toHaveLength(2)
    expect(signersOf(note, [key])).toHaveLength(1)
  })

  it('ignore unknown keys, also of a known name or a known ID', () => {
    const key = parseVkey(EXAMPLE_VKEY)
    const otherId = LINE.replace('Uw2QOkn8', 'Vw2QOkn8')
    const otherName = LINE.replace('/foo', '/bar')
    const note = parseNote(`${EXAMPLE}${otherId}\n${otherName}\n`)
    expect(signersOf(note, [key])).toHaveLength(1)
    expect(signersOf({ ...note, signatures: note.signatures.slice(1) }, [key])).toEqual([])
  })

  it.each([
    ['too long for a key', 'n'.repeat(256)],
    ['with control characters that no key has', 'a\u007f\u0080\u009fb'],
    ['with what is no space to Unicode', '\u200b\ufeff'],
  ])('ignore an unknown name %s', (_, name) => {
    const key = parseVkey(EXAMPLE_VKEY)
    const text = `${EXAMPLE}— ${name} AAAAAAAA\n`
    expect(signersOf(parseNote(text), [key])).toHaveLength(1)
    expect(formatNote(parseNote(text))).toBe(text)
  })

  it.each([
    ['no LF at the end', EXAMPLE.slice(0, -1)],
    ['no signature', 'text\n\n'],
    ['no empty line', `text\n${LINE}\n`],
    ['nothing at all', ''],
    ['only an empty line', '\n\n'],
    ['CR LF', EXAMPLE.replaceAll('\n', '\r\n')],
    ['a CR in the text', EXAMPLE.replace('an ', 'an\r')],
    ['a NUL', EXAMPLE.replace('an ', 'an\0')],
    ['a tab', EXAMPLE.replace('an ', 'an\t')],
    ['half a surrogate pair', EXAMPLE.replace('an ', 'an\ud800')],
    ['text after the signatures', `${EXAMPLE}more\n`],
    ['a hyphen for the dash', EXAMPLE.replace('—', '-')],
    ['two spaces', EXAMPLE.replace('foo U', 'foo  U')],
    ['a space at the end', EXAMPLE.replace('aQM=', 'aQM= ')],
    ['a name with a no-break space', EXAMPLE.replace('/foo', '/\u00a0foo')],
    ['a name with U+2028', EXAMPLE.replace('/foo', '/\u2028foo')],
    ['a name with U+0085', EXAMPLE.replace('/foo', '/\u0085foo')],
    ['a name with a plus', EXAMPLE.replace('/foo', '/+foo')],
    ['no name', EXAMPLE.replace('example.com/foo ', ' ')],
    ['no padding', EXAMPLE.replace('aQM=', 'aQM')],
    ['base64url', EXAMPLE.replace('aQM=', 'aQ-=')],
    ['stray bits in the base64', EXAMPLE.replace('aQM=', 'aQN=')],
    ['a signature of no byte', EXAMPLE.replace(/Uw2Q.*=/, 'Uw2QOg==')],
    ['too many signatures', EXAMPLE + `${LINE}\n`.repeat(64)],
    ['too many bytes', 'x'.repeat(1 << 20) + EXAMPLE],
  ])('are refused with %s', (_, text) => {
    expect(codeOf(() => parseNote(text))).toBe('NOTE_INVALID')
  })

  it('are refused where they are not UTF-8', () => {
    const bytes = Buffer.from(EXAMPLE)
    bytes[0] = 0xff
    expect(codeOf(() => parseNote(bytes))).toBe('NOTE_INVALID')
    const overlong = Buffer.concat([Buffer.from([0xc0, 0x8a]), Buffer.from(EXAMPLE)])
    expect(codeOf(() => parseNote(overlong))).toBe('NOTE_INVALID')
  })

  it('keep a byte order mark', () => {
    const marked = `\ufeff${EXAMPLE}`
    expect(formatNote(parseNote(Buffer.from(marked)))).toBe(marked)
  })

  it('take 64 signatures', () => {
    expect(parseNote(EXAMPLE + `${LINE}\n`.repeat(63)).signatures).toHaveLength(64)
    expect(parseSignatures(`${LINE}\n`)).toEqual(parseNote(EXAMPLE).signatures)
    expect(codeOf(() => parseSignatures(''))).toBe('NOTE_INVALID')
  })

  it('end in our errors or come back byte for byte, whatever is changed in them', () => {
    const valid = Buffer.from(signedNote(5, [KEYS.log, KEYS.w1]))
    const changes = fc.array(fc.tuple(fc.nat(valid.length), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 3,
    })
    const inserted = changes.map((list) => {
      let bytes = Buffer.from(valid)
      for (const [at, byte] of list) {
        if (byte % 3 === 0) bytes[Math.min(at, bytes.length - 1)] = byte
        else if (byte % 3 === 1)
          bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])
        else bytes = Buffer.concat([bytes.subarray(0, at), Buffer.of(byte), bytes.subarray(at)])
      }
      return bytes
    })
    const any = fc.oneof(
      inserted,
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    )
    fc.assert(
      fc.property(any, (bytes) => {
        try {
          expect(Buffer.from(formatNote(parseNote(bytes)))).toEqual(bytes)
          if (!bytes.equals(valid)) openCheckpoint(bytes, KEYS.log)
        } catch (error) {
          if (!(error instanceof TelltaleError)) throw error
        }
      }),
      { numRuns: 2000 },
    )
  })
})
