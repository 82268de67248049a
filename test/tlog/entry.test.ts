import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ErrorCode, TelltaleError } from '../../src/base/errors.ts'
import { DISCLOSURE_FIELDS_MAX, ENTRY_BYTES_MAX } from '../../src/base/limits.ts'
import {
  destructionEntry,
  openEntry,
  parseEntry,
  type Sealer,
  sealerFor,
} from '../../src/tlog/entry.ts'
import { writeHeader } from '../../src/tlog/header.ts'
import type { Disclosure } from '../../src/tlog/sealed.ts'
import { anyDisclosure, disclosure, idsFrom } from './disclosures.ts'
import { naiveEntryKey, openingUnderBoth } from './naive.ts'

const epoch = { epoch: 3, key: Buffer.alloc(32, 0xa1) }
const sealer = sealerFor(epoch)

const only = (entries: Buffer[]) => {
  expect(entries).toHaveLength(1)
  return entries[0]
}

/** The code of the error that `run` ends with; anything but our own errors passes through. */
function codeOf(run: () => unknown): ErrorCode | null {
  try {
    run()
  } catch (error) {
    if (!(error instanceof TelltaleError)) throw error
    return error.code
  }
  return null
}

const messageOf = (run: () => unknown) => {
  try {
    run()
  } catch (error) {
    return (error as Error).message
  }
  return ''
}

/** Header and sealed part as docs/formats.md has them, by the plainest means. */
function naiveParts(entry: Buffer) {
  const lf = entry.indexOf(0x0a)
  return { header: JSON.parse(entry.toString('utf8', 0, lf)), sealed: entry.subarray(lf + 1), lf }
}

/** An entry of any content, sealed as the page says but checked by nobody. */
function forge(
  plain: Buffer,
  own: {
    customers?: number
    fields?: number
    purpose?: 'ticket' | 'none'
    commitment?: string
  } = {},
) {
  const key = sealer.keyOf(only(sealer.seal(disclosure(), idsFrom(1))))
  const commitment = createHash('sha256')
    .update(Buffer.concat([key.subarray(32), plain]))
    .digest('base64url')
  const header = writeHeader({
    kind: 'disclosure',
    agent: sealer.pseudonym('ada'),
    atMs: Date.UTC(2026, 0, 2),
    commitment,
    customers: 1,
    epoch: 3,
    fields: 0,
    grade: 'none',
    id: idsFrom(1)().toString('base64url'),
    part: 1,
    parts: 1,
    path: 'api',
    purpose: 'none',
    ...own,
  })
  const cipher = createCipheriv('aes-256-gcm', key.subarray(0, 32), Buffer.alloc(12))
  cipher.setAAD(Buffer.from(header))
  const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  return { entry: Buffer.concat([Buffer.from(`${header}\n`), sealed]), key }
}

const padded = (text: string | Buffer) => {
  const bytes = Buffer.from(text as string)
  return Buffer.concat([bytes, Buffer.alloc((64 - (bytes.length % 64)) % 64)])
}

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
    const d = disclosure({ customers: ['Ärzte', 'C-"1"'].sort(), query: 'select\n"x"' })
    const entry = only(sealer.seal(d, idsFrom(9)))
    const { header, sealed, lf } = naiveParts(entry)
    const id = Buffer.from(header.id, 'base64url')
    expect(id).toEqual(idsFrom(9)())
    const key = naiveEntryKey(epoch.key, id)
    expect(sealer.keyOf(entry)).toEqual(key)
    const text =
      '{"agent":"ada","customers":["C-\\"1\\"","Ärzte"],"fields":["mail","phone"],' +
      '"masked":["passport"],"query":"select\\n\\"x\\"","reference":"T-77","session":"s-1"}'
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
    expect(sealerFor(epoch).seal(disclosure(), idsFrom(1))).toEqual(one)
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
    return entries.map((entry) => sealer.open(entry))
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
    const partsWith = (length: number) => {
      const customers = [...names, 'z'.repeat(length)]
      const parts = opened({ ...bare, customers })
      expect(parts.flatMap(({ disclosure }) => disclosure.customers)).toEqual(customers)
      return parts.map(({ header }) => header.customers)
    }
    expect(partsWith(room)).toEqual([251])
    expect(partsWith(room + 1)).toEqual([250, 1])
  })
})

describe('opening', () => {
  const entry = only(sealer.seal(disclosure(), idsFrom(1)))
  const key = sealer.keyOf(entry)

  it('finds every bit that was changed', () => {
    for (let bit = 0; bit < entry.length * 8; bit++) {
      const changed = Buffer.from(entry)
      changed[bit >> 3] ^= 1 << (bit & 7)
      expect(
        codeOf(() => openEntry(changed, key)),
        `bit ${bit}`,
      ).toMatch(/^ENTRY_/)
      expect(
        codeOf(() => sealer.open(changed)),
        `bit ${bit}`,
      ).toMatch(/^ENTRY_/)
    }
  })

  it('finds every byte that was cut off, and bytes put after', () => {
    for (let length = 0; length < entry.length; length++) {
      expect(codeOf(() => openEntry(entry.subarray(0, length), key))).toMatch(/^ENTRY_/)
    }
    for (const more of [1, 16, 64]) {
      const longer = Buffer.concat([entry, Buffer.alloc(more)])
      expect(codeOf(() => openEntry(longer, key))).toMatch(/^ENTRY_/)
    }
  })

  it('fails with every bit of the key changed, the salt included', () => {
    for (let bit = 0; bit < key.length * 8; bit++) {
      const wrong = Buffer.from(key)
      wrong[bit >> 3] ^= 1 << (bit & 7)
      expect(
        codeOf(() => openEntry(entry, wrong)),
        `bit ${bit}`,
      ).toBe('ENTRY_UNOPENED')
    }
  })

  it("fails with another entry's key, another epoch's and a key that is none", () => {
    const other = only(sealer.seal(disclosure(), idsFrom(2)))
    expect(codeOf(() => openEntry(entry, sealer.keyOf(other)))).toBe('ENTRY_UNOPENED')
    const strangers: Sealer[] = [
      sealerFor({ epoch: 4, key: epoch.key }),
      sealerFor({ epoch: 3, key: Buffer.alloc(32, 1) }),
    ]
    for (const stranger of strangers) {
      expect(codeOf(() => stranger.open(entry))).toBe('ENTRY_UNOPENED')
    }
    for (const length of [0, 32, 63, 65]) {
      expect(codeOf(() => openEntry(entry, Buffer.alloc(length)))).toBe('ENTRY_UNOPENED')
    }
  })

  it('is not fooled by an entry of other bytes under the same header', () => {
    const plain = padded('{"agent":"ada","customers":["C-1"]}')
    const honest = forge(plain)
    expect(openEntry(honest.entry, honest.key).disclosure.customers).toEqual(['C-1'])
    const other = padded('{"agent":"ada","customers":["C-2"]}')
    const { commitment } = naiveParts(honest.entry).header
    const forged = forge(other, { commitment })
    expect(codeOf(() => openEntry(forged.entry, forged.key))).toBe('ENTRY_UNOPENED')
  })

  it.each<[string, string | Buffer, Parameters<typeof forge>[1]?]>([
    ['a space', padded('{"agent":"ada", "customers":["C-1"]}')],
    ['other order', padded('{"customers":["C-1"],"agent":"ada"}')],
    ['a key twice', padded('{"agent":"ada","agent":"ada","customers":["C-1"]}')],
    ['a key more', padded('{"agent":"ada","customers":["C-1"],"zip":"1"}')],
    ['a prototype', padded('{"__proto__":{},"agent":"ada","customers":["C-1"]}')],
    ['an empty list of fields', padded('{"agent":"ada","customers":["C-1"],"fields":[]}')],
    ['null for nothing', padded('{"agent":"ada","customers":["C-1"],"query":null}')],
    ['a number', padded('{"agent":"ada","customers":[1]}')],
    ['an object that is no text', padded('{"agent":{"toString":1},"customers":["C-1"]}')],
    ['objects in a list', padded('{"agent":"ada","customers":["C-1",{"toString":1}]}')],
    ['text for a list', padded('{"agent":"ada","customers":"C-1"}')],
    ['no customers', padded('{"agent":"ada","customers":[]}')],
    ['customers out of order', padded('{"agent":"ada","customers":["b","a"]}'), { customers: 2 }],
    ['an escape not needed', padded('{"agent":"\\u0061da","customers":["C-1"]}')],
    ['a lone surrogate', padded('{"agent":"\\ud800","customers":["C-1"]}')],
    [
      'bytes that are no UTF-8',
      padded(Buffer.from('{"agent":"\xff","customers":["C"]}', 'latin1')),
    ],
    ['a byte order mark', padded('\ufeff{"agent":"ada","customers":["C-1"]}')],
    ['no object', padded('null')],
    ['no JSON', padded('{')],
    ['nothing', Buffer.alloc(64)],
    [
      'too much padding',
      Buffer.concat([padded('{"agent":"ada","customers":["C-1"]}'), Buffer.alloc(64)]),
    ],
    ['a wrong count of customers', padded('{"agent":"ada","customers":["C-1"]}'), { customers: 2 }],
    ['a wrong count of fields', padded('{"agent":"ada","customers":["C-1"]}'), { fields: 1 }],
    [
      'a reference without purpose',
      padded('{"agent":"ada","customers":["C-1"],"reference":"T-1"}'),
      { purpose: 'none' },
    ],
  ])('refuses what is sealed with %s, though key and commitment fit', (_, plain, own) => {
    const { entry: forged, key } = forge(Buffer.from(plain as Buffer), own)
    expect(codeOf(() => openEntry(forged, key))).toBe('ENTRY_MALFORMED')
  })

  it('finds a pseudonym that is not of the agent sealed', () => {
    const { entry: forged, key } = forge(padded('{"agent":"bob","customers":["C-1"]}'))
    expect(openEntry(forged, key).disclosure.agent).toBe('bob')
    expect(codeOf(() => sealer.open(forged))).toBe('ENTRY_MALFORMED')
  })

  it('takes an entry of another writer who fills it further than we do', () => {
    const names = Array.from({ length: 256 }, (_, i) => String(i).padStart(250, '0'))
    const text = `{"agent":"ada","customers":${JSON.stringify([...names, 'z'.repeat(256)])}}`
    const long = forge(padded(text), { customers: 257 })
    expect(parseEntry(long.entry).sealed.length).toBeGreaterThan(64_960 + 16)
    expect(openEntry(long.entry, long.key).disclosure.customers).toHaveLength(257)
  })

  it('takes one ciphertext under one key only, where GCM takes it under two', () => {
    const keys = [1, 2].map((id) => naiveEntryKey(epoch.key, idsFrom(id)())) as [Buffer, Buffer]
    const [one, other] = keys.map((whole) => whole.subarray(0, 32))
    const additional = parseEntry(entry).headerBytes
    const sealed = openingUnderBoth([one, other], additional, 8)
    for (const half of [one, other]) {
      const cipher = createDecipheriv('aes-256-gcm', half, Buffer.alloc(12))
      cipher.setAAD(additional).setAuthTag(sealed.subarray(128))
      cipher.update(sealed.subarray(0, 128))
      expect(cipher.final()).toHaveLength(0)
    }
    const twoFaced = Buffer.concat([additional, Buffer.from('\n'), sealed])
    for (const whole of keys) {
      expect(messageOf(() => openEntry(twoFaced, whole))).toContain('commitment')
    }
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
          expect([null, 'ENTRY_MALFORMED', 'ENTRY_UNOPENED']).toContain(code)
        if (codes[1] === null) expect(given).toEqual(whole)
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

describe('the curious witness, who has a list with the true customer, agent and ticket on it', () => {
  const agents = Array.from({ length: 50 }, (_, i) => `agent-${100 + i}`)
  const customers = Array.from({ length: 200 }, (_, i) => `C-${1000 + i}`)
  const tickets = Array.from({ length: 20 }, (_, i) => `T-${10 + i}`)
  const truth = { agent: agents[17], customers: [customers[42]], reference: tickets[3] }
  const entry = only(sealer.seal(disclosure(truth), idsFrom(77)))
  const { header, sealed } = naiveParts(entry)
  const publicHashes = (plain: Buffer | string) => {
    const digest = (...parts: (Buffer | string)[]) =>
      createHash('sha256')
        .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
        .digest('base64url')
    const id = Buffer.from(header.id, 'base64url')
    return [
      digest(plain),
      digest(id, plain),
      digest(header.id, plain),
      digest(Buffer.alloc(32), plain),
    ]
  }

  it('recomputes the commitment from no guess, the true content included', () => {
    const whole = JSON.parse(JSON.stringify(sealer.open(entry).disclosure))
    expect(whole).toMatchObject(truth)
    let isTruthGuessed = false
    for (const agent of agents) {
      for (const customer of customers) {
        const text = `{"agent":"${agent}","customers":["${customer}"],"fields":["mail","phone"],"masked":["passport"],"reference":"${tickets[3]}","session":"s-1"}`
        for (const hash of publicHashes(padded(text))) expect(hash).not.toBe(header.commitment)
        isTruthGuessed ||= agent === truth.agent && customer === truth.customers[0]
      }
    }
    expect(isTruthGuessed).toBe(true)
    for (const one of [...agents, ...customers, ...tickets]) {
      for (const hash of publicHashes(one)) expect(hash).not.toBe(header.commitment)
    }
  })

  it('finds no name in the bytes, plain or encoded', () => {
    for (const one of [truth.agent, truth.customers[0], truth.reference, 'mail', 's-1']) {
      for (const encoding of ['latin1', 'hex', 'base64', 'base64url'] as const) {
        const spelt = Buffer.from(one).toString(encoding).replace(/=+$/, '').slice(0, -1)
        expect(entry.includes(spelt, 0, 'latin1'), spelt).toBe(false)
      }
    }
  })

  it('gets no pseudonym from a name without the epoch key', () => {
    for (const agent of agents) {
      for (const key of [Buffer.alloc(32), Buffer.from(header.id, 'base64url')]) {
        expect(sealerFor({ epoch: 3, key: padded(key).subarray(0, 32) }).pseudonym(agent)).not.toBe(
          header.agent,
        )
      }
    }
    expect(sealer.pseudonym(truth.agent)).toBe(header.agent)
    const nextEpoch = sealerFor({ epoch: 4, key: Buffer.alloc(32, 0xa2) })
    expect(nextEpoch.pseudonym(truth.agent)).not.toBe(header.agent)
  })

  it('sees one length whatever name of the list it is, and nothing the same twice', () => {
    const seen = new Set<number>()
    const values = new Set<string>()
    let count = 0
    for (const agent of agents) {
      for (const customer of customers.slice(0, 20)) {
        const d = disclosure({ agent, customers: [customer], reference: tickets[count % 20] })
        const parsed = parseEntry(only(sealer.seal(d, idsFrom(1000 + count++))))
        seen.add(parsed.sealed.length)
        for (let at = 0; at < parsed.sealed.length; at += 16) {
          values.add(parsed.sealed.toString('hex', at, at + 16))
        }
      }
    }
    expect(seen).toEqual(new Set([sealed.length]))
    expect(values.size).toBe((count * sealed.length) / 16)
  })

  it('sees another commitment and ciphertext each time the same is shown again', () => {
    const again = naiveParts(only(sealer.seal(disclosure(truth), idsFrom(78))))
    expect(again.header.commitment).not.toBe(header.commitment)
    expect(again.sealed.subarray(0, 16)).not.toEqual(sealed.subarray(0, 16))
    expect(again.header.agent).toBe(header.agent)
  })
})
