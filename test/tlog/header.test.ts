import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TelltaleError } from '../../src/base/errors.ts'
import { AT_MAX_MS, AT_MIN_MS } from '../../src/base/limits.ts'
import {
  ACTS,
  GRADES,
  type Header,
  PATHS,
  PURPOSES,
  parseHeader,
  writeHeader,
} from '../../src/tlog/header.ts'

const count = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
const atMs = fc.integer({ min: AT_MIN_MS, max: AT_MAX_MS })
const base64url = (length: number) =>
  fc
    .uint8Array({ minLength: length, maxLength: length })
    .map((bytes) => Buffer.from(bytes).toString('base64url'))
const crockford = fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ')

const pseudonym = fc
  .array(crockford, { minLength: 8, maxLength: 8 })
  .map((all) => `A-${all.join('')}`)

const disclosureHeader: fc.Arbitrary<Header> = fc
  .record({
    kind: fc.constant('disclosure' as const),
    agent: pseudonym,
    atMs,
    commitment: base64url(32),
    customers: count,
    epoch: count,
    fields: fc.nat(),
    grade: fc.constantFrom(...GRADES),
    id: base64url(16),
    part: count,
    parts: count,
    path: fc.constantFrom(...PATHS),
    purpose: fc.constantFrom(...PURPOSES),
  })
  .map((h) => ({ ...h, part: Math.min(h.part, h.parts), parts: Math.max(h.part, h.parts) }))
const decisionHeader: fc.Arbitrary<Header> = fc.record({
  kind: fc.constant('decision' as const),
  act: fc.constantFrom(...ACTS),
  agent: pseudonym,
  atMs,
  commitment: base64url(32),
  epoch: count,
  id: base64url(16),
})
const destructionHeader: fc.Arbitrary<Header> = fc.record({
  kind: fc.constant('destruction' as const),
  atMs,
  epoch: count,
})
const anyHeader = fc.oneof(disclosureHeader, decisionHeader, destructionHeader)

/** The header in RFC 8785's form, by JSON.stringify on sorted keys: for ASCII the two agree. */
function canonical(h: Header): string {
  const { atMs, ...rest } = h
  const entries = Object.entries({ ...rest, at: atMs, v: 1 })
  return JSON.stringify(Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))))
}

const refused = (text: string) => {
  try {
    parseHeader(text)
  } catch (error) {
    if (!(error instanceof TelltaleError)) throw error
    return error.code
  }
  return null
}

describe('headers', () => {
  it('are written in canonical form and read back', () => {
    fc.assert(
      fc.property(anyHeader, (header) => {
        expect(writeHeader(header)).toBe(canonical(header))
        expect(parseHeader(writeHeader(header))).toEqual(header)
      }),
    )
  })

  it('are read in one spelling only: what is read is what would be written', () => {
    const edit = fc.record({
      at: fc.nat(400),
      cut: fc.nat(3),
      put: fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('0', ' ', '\n', '=', '1e3', '.0')),
    })
    fc.assert(
      fc.property(anyHeader, edit, (header, { at, cut, put }) => {
        const text = writeHeader(header)
        const place = at % (text.length + 1)
        const edited = text.slice(0, place) + put + text.slice(place + cut)
        if (refused(edited) === null) expect(writeHeader(parseHeader(edited))).toBe(edited)
        else expect(refused(edited)).toBe('ENTRY_MALFORMED')
      }),
      { numRuns: 2000 },
    )
  })

  const one: Header = {
    kind: 'disclosure',
    agent: 'A-7F3K9QX2',
    atMs: 1_767_312_000_000,
    commitment: 'x0'.repeat(21).concat('8'),
    customers: 1,
    epoch: 1,
    fields: 0,
    grade: 'none',
    id: `${'-_'.repeat(10)}-w`,
    part: 1,
    parts: 2,
    path: 'api',
    purpose: 'none',
  }
  const text = writeHeader(one)

  it.each([
    ['a space', text.replace(',"at"', ', "at"')],
    ['a line break at the end', `${text}\n`],
    ['a byte order mark', `\ufeff${text}`],
    ['another order of keys', text.replace('"grade":"none",', '').replace('}', ',"grade":"none"}')],
    ['a key twice', text.replace('"epoch":1', '"epoch":1,"epoch":1')],
    ['a key more', text.replace('"v":1', '"note":"","v":1')],
    ['a key less', text.replace('"part":1,', '')],
    ['an escape', text.replace('"kind"', '"\\u006bind"')],
    ['a fraction', text.replace('"customers":1', '"customers":1.0')],
    ['an exponent', text.replace('"customers":1', '"customers":1e0')],
    ['a leading zero', text.replace('"customers":1', '"customers":01')],
    ['a sign', text.replace('"fields":0', '"fields":-0')],
    ['a number as text', text.replace('"epoch":1', '"epoch":"1"')],
    ['no customers', text.replace('"customers":1', '"customers":0')],
    ['epoch 0', text.replace('"epoch":1', '"epoch":0')],
    ['part 0', text.replace('"part":1', '"part":0')],
    ['a part beyond the parts', text.replace('"part":1', '"part":3')],
    ['a number beyond 2^53 - 1', text.replace('"epoch":1', '"epoch":9007199254740992')],
    ['a time before 1990', text.replace('1767312000000', '631151999999')],
    ['a time after 9999', text.replace('1767312000000', '253402300800000')],
    ['another version', text.replace('"v":1', '"v":2')],
    ['another kind', text.replace('"disclosure"', '"grant"')],
    ['a grade there is not', text.replace('"grade":"none"', '"grade":"best"')],
    ['padding of base64', text.replace('8","customers"', '8=","customers"')],
    ['spare bits in the commitment', text.replace('8","customers"', '9","customers"')],
    ['spare bits in the id', text.replace('-w","kind"', '-x","kind"')],
    ['plain base64', text.replace('"-_', '"+/')],
    ['a pseudonym in small letters', text.replace('A-7F3K9QX2', 'A-7f3k9qx2')],
    ['a letter that Crockford leaves out', text.replace('A-7F3K9QX2', 'A-7F3K9QXI')],
    ['nothing', ''],
    ['a list', `[${text}]`],
  ])('refuse %s', (_, wrong) => {
    expect(wrong).not.toBe(text)
    expect(refused(text)).toBeNull()
    expect(refused(wrong)).toBe('ENTRY_MALFORMED')
  })

  const decided =
    '{"act":"grant.approved","agent":"A-7F3K9QX2","at":1767312000000,"commitment":"x0x0x0x0x0x0x0x0x0x0x0x0x0x0x0x0x0x0x0x0x08","epoch":1,"id":"-_-_-_-_-_-_-_-_-_-_-w","kind":"decision","v":1}'

  it.each([
    ['an act that there is not', decided.replace('grant.approved', 'grant.liked')],
    ["an act of somebody's data", decided.replace('grant.approved', 'ada@example.com')],
    ['an act with any character for the dot', decided.replace('grant.approved', 'grantxapproved')],
    ['an act that goes on', decided.replace('grant.approved', 'grant.approved.now')],
    ['an act in capitals', decided.replace('grant.approved', 'Grant.approved')],
    ['two acts', decided.replace('"agent"', '"act":"grant.denied","agent"')],
    ['no act', decided.replace('"act":"grant.approved",', '')],
    ['a key more', decided.replace('"epoch"', '"customers":1,"epoch"')],
    ['another order', decided.replace('"v":1', '').replace('{', '{"v":1,').replace(',}', '}')],
    ['the kind of a disclosure', decided.replace('"decision"', '"disclosure"')],
    ['another kind', decided.replace('"decision"', '"verdict"')],
    ['another version', decided.replace('"v":1', '"v":2')],
    ['a time before 1990', decided.replace('1767312000000', '631151999999')],
    ['epoch 0', decided.replace('"epoch":1', '"epoch":0')],
    ['spare bits in the id', decided.replace('-w","kind"', '-x","kind"')],
    ['a line break at the end', `${decided}\n`],
  ])('of decisions refuse %s', (_, wrong) => {
    expect(wrong).not.toBe(decided)
    expect(refused(decided)).toBeNull()
    expect(refused(wrong)).toBe('ENTRY_MALFORMED')
  })

  it('of decisions know the acts of the page and no other', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/formats.md'), 'utf8')
    const [, section] = /### 10\.2 A decision\n([\s\S]*?)\n### /.exec(page) ?? []
    expect(section?.match(/`[a-z]+\.[a-z]+`/g)?.map((word) => word.slice(1, -1))).toEqual([...ACTS])
  })
})
