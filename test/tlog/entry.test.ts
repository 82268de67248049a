import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DISCLOSURE_FIELDS_MAX, ENTRY_BYTES_MAX } from '../../src/base/limits.ts'
import { destructionEntry, openEntry, parseEntry, sealerFor } from '../../src/tlog/entry.ts'
import type { Disclosure } from '../../src/tlog/sealed.ts'
import { anyDisclosure, disclosure, idsFrom } from './disclosures.ts'
import { EPOCH, naiveParts, only, padded, sealer, shown } from './forge.ts'
import { naiveEntryKey } from './naive.ts'
import { codeOf } from './notes.ts'

describe('sealing', () => {
  it('gives back what was sealed, to the epoch key and to the key of the entry', () => {
    fc.assert(
      fc.property(anyDisclosure, fc.nat(), (d, start) => {
        const entry = only(sealer.seal(d, idsFrom(start)))
        expect(sealer.open(entry).disclosure).toEqual(d)
        expect(openEntry(entry, sealer.keyOf(entry)).disclosure).toEqual(d)
        const { header } = parseEntry(entry)
        expect(header).toMatchObject({
          agent: sealer.pseudonym(d.agent),
          atMs: d.atMs,
          customers: d.customers.length,
          epoch: 3,
          fields: d.fields.length + d.masked.length,
          part: 1,
          parts: 1,
        })
      }),
    )
  })

  it('is what the page says, byte by byte', () => {
    const customers = ['Ärzte', 'C-"1"'].sort()
    const d = disclosure({ customers, query: 'select\n"x"', queue: 'billing', writer: 'desk-1' })
    const entry = only(sealer.seal(d, idsFrom(9)))
    const { header, sealed, lf } = naiveParts(entry)
    const id = Buffer.from(header.id, 'base64url')
    expect(id).toEqual(idsFrom(9)())
    const key = naiveEntryKey(EPOCH.key, id)
    expect(sealer.keyOf(entry)).toEqual(key)
    const text =
      '{"agent":"ada","customers":["C-\\"1\\"","Ärzte"],"fields":["mail","phone"],' +
      '"masked":["passport"],"query":"select\\n\\"x\\"","queue":"billing","reference":"T-77",' +
      '"session":"s-1","writer":"desk-1"}'
    const plain = padded(text)
    expect(header.commitment).toBe(
      createHash('sha256').update(key.subarray(32)).update(plain).digest('base64url'),
    )
    const cipher = createCipheriv('aes-256-gcm', key.subarray(0, 32), Buffer.alloc(12))
    cipher.setAAD(entry.subarray(0, lf))
    const expected = [cipher.update(plain), cipher.final(), cipher.getAuthTag()]
    expect(sealed).toEqual(Buffer.concat(expected))
  })

  it('pads to steps of 64 bytes', () => {
    const lengths = Array.from({ length: 70 }, (_, i) => {
      const entry = only(sealer.seal(disclosure({ agent: 'a'.repeat(i + 1) }), idsFrom(i)))
      return parseEntry(entry).sealed.length - 16
    })
    expect(new Set(lengths.map((length) => length % 64))).toEqual(new Set([0]))
    expect(new Set(lengths).size).toBeLessThanOrEqual(3)
  })

  it('depends on nothing but what is given', () => {
    const one = sealer.seal(disclosure(), idsFrom(1))
    sealerFor({ epoch: 3, key: randomBytes(32) }).seal(disclosure({ agent: 'bob' }), idsFrom(5))
    expect(sealerFor(EPOCH).seal(disclosure(), idsFrom(1))).toEqual(one)
    expect(sealer.seal(disclosure(), idsFrom(2))).not.toEqual(one)
  })

  it.each<[string, Partial<Disclosure>]>([
    ['no customer', { customers: [] }],
    ['a customer twice', { customers: ['a', 'a'] }],
    ['customers out of order', { customers: ['b', 'a'] }],
    ['an empty customer', { customers: [''] }],
    ['a customer of 257 bytes', { customers: ['x'.repeat(257)] }],
    ['a customer of 258 bytes in 129 characters', { customers: ['é'.repeat(129)] }],
    ['a lone surrogate', { agent: 'a\ud800' }],
    ['a control character', { agent: 'a\u0007' }],
    ['a line break in a name', { agent: 'a\nb' }],
    ['a C1 control character', { agent: 'a\u009b' }],
    ['a null character in a query', { query: 'a\0' }],
    ['a query of 8193 bytes', { query: 'x'.repeat(8193) }],
    ['an empty query', { query: '' }],
    ['a field both clear and masked', { fields: ['mail'], masked: ['mail'] }],
    ['fields out of order', { fields: ['phone', 'mail'] }],
    ['too many fields', { fields: Array.from({ length: 65 }, (_, i) => `f${100 + i}`) }],
    ['a time before 1990', { atMs: 0 }],
    ['a time of no millisecond', { atMs: 1_767_312_000_000.5 }],
    ['a time after 9999', { atMs: 253_402_300_800_000 }],
    ['a reference without purpose', { purpose: 'none' }],
    ['a grade there is not', { grade: 'best' as never }],
    ['a path there is not', { path: 'fax' as never }],
    ['a purpose there is not', { purpose: 'fun' as never }],
    ['a number for a name', { agent: 7 as never }],
  ])('refuses %s', (_, wrong) => {
    const seal = () => sealer.seal(disclosure(wrong), idsFrom(1))
    expect(codeOf(seal)).toBe('DISCLOSURE_MALFORMED')
  })
})

describe('a disclosure that one entry does not take', () => {
  const opened = (d: Disclosure) => {
    const entries = sealer.seal(d, idsFrom(1))
    for (const entry of entries) expect(entry.length).toBeLessThanOrEqual(ENTRY_BYTES_MAX)
    return entries.map((entry) => shown(sealer.open(entry)))
  }

  it('becomes several, each with an id of its own, that together name all', () => {
    const customers = Array.from({ length: 30_000 }, (_, i) => `C-${1_000_000 + i}`)
    const parts = opened(disclosure({ customers, query: 'select 1' }))
    expect(parts.length).toBe(6)
    expect(parts.map(({ header }) => header.part)).toEqual([1, 2, 3, 4, 5, 6])
    expect(new Set(parts.map(({ header }) => header.parts))).toEqual(new Set([6]))
    expect(new Set(parts.map(({ header }) => header.id)).size).toBe(6)
    expect(parts.flatMap(({ disclosure }) => disclosure.customers)).toEqual(customers)
    for (const { disclosure: part } of parts) {
      expect({ ...part, customers: [] }).toEqual(disclosure({ customers: [], query: 'select 1' }))
    }
  })

  it('takes the longest texts there can be', () => {
    const long = (i: number) => `${'"'.repeat(250)}${1000 + i}`
    const fields = Array.from({ length: DISCLOSURE_FIELDS_MAX }, (_, i) => long(i))
    const customers = Array.from({ length: 200 }, (_, i) => long(i))
    const d = disclosure({
      agent: long(1),
      customers,
      fields,
      masked: [],
      query: '\n'.repeat(8192),
      queue: long(5),
      reference: long(2),
      session: long(3),
      writer: long(4),
    })
    expect(opened(d).flatMap(({ disclosure }) => disclosure.customers)).toEqual(customers)
  })

  it('fills an entry to its brim before it begins another', () => {
    const bare = disclosure({ agent: 'a', fields: [], masked: [], reference: null, session: null })
    const names = Array.from({ length: 250 }, (_, i) => String(i).padStart(256, '0'))
    const frameBytes = '{"agent":"a","customers":[]}'.length
    const room = 64_960 - frameBytes - 250 * ('""'.length + 256 + ','.length) - '""'.length
    const partsWith = (length: number, ...more: string[]) => {
      const customers = [...names, 'z'.repeat(length), ...more]
      const parts = opened({ ...bare, customers })
      expect(parts.flatMap(({ disclosure }) => disclosure.customers)).toEqual(customers)
      return parts.map(({ header }) => header.customers)
    }
    expect(partsWith(room)).toEqual([251])
    expect(partsWith(room + 1)).toEqual([250, 1])
    expect(partsWith(room, '~')).toEqual([251, 1])
    expect(partsWith(room + 1, '~')).toEqual([250, 2])
  })
})

describe('a destruction', () => {
  const entry = destructionEntry(2, Date.UTC(2026, 5, 1))

  it('is one line that says of which epoch and when', () => {
    expect(entry.toString()).toBe('{"at":1780272000000,"epoch":2,"kind":"destruction","v":1}\n')
    expect(parseEntry(entry).header).toEqual({
      kind: 'destruction',
      epoch: 2,
      atMs: Date.UTC(2026, 5, 1),
    })
    expect(codeOf(() => parseEntry(Buffer.concat([entry, Buffer.of(0)])))).toBe('ENTRY_MALFORMED')
  })

  it('has nothing to open', () => {
    expect(codeOf(() => openEntry(entry, Buffer.alloc(64)))).toBe('ENTRY_UNOPENED')
    expect(codeOf(() => sealer.open(entry))).toBe('ENTRY_UNOPENED')
  })
})

describe('whatever bytes come', () => {
  const whole = only(sealer.seal(disclosure(), idsFrom(1)))
  const key = sealer.keyOf(whole)
  const hostile = fc.oneof(
    fc.uint8Array({ maxLength: 2000 }),
    fc.string({ unit: 'binary' }).map((text) => Buffer.from(`${text}\n${text}`)),
    // A true header, and after it anything.
    fc.uint8Array({ maxLength: 300 }).map((rest) => Buffer.concat([whole.subarray(0, 280), rest])),
    fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 5 }).map((edits) => {
      const changed = Buffer.from(whole)
      for (const [at, byte] of edits) changed[at] = byte
      return changed
    }),
  )

  it('reading and opening ends in a value or in our own errors', () => {
    fc.assert(
      fc.property(hostile, (bytes) => {
        const given = Buffer.from(bytes)
        const codes = [
          codeOf(() => parseEntry(given)),
          codeOf(() => openEntry(given, key)),
          codeOf(() => sealer.open(given)),
        ]
        for (const code of codes)
          expect(['none', 'ENTRY_MALFORMED', 'ENTRY_UNOPENED']).toContain(code)
        if (codes[1] === 'none') expect(given).toEqual(whole)
      }),
      { numRuns: 3000 },
    )
  })

  it('refuses an entry longer than a bundle takes', () => {
    expect(codeOf(() => parseEntry(Buffer.alloc(ENTRY_BYTES_MAX + 1, 0x20)))).toBe(
      'ENTRY_MALFORMED',
    )
  })
})
