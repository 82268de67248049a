import { createDecipheriv } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { openEntry, parseEntry, type Sealer, sealerFor } from '../../src/tlog/entry.ts'
import { disclosure, idsFrom } from './disclosures.ts'
import { EPOCH, forge, naiveParts, only, padded, sealer, shown } from './forge.ts'
import { naiveEntryKey, openingUnderBoth } from './naive.ts'
import { codeOf } from './notes.ts'

const messageOf = (run: () => unknown) => {
  try {
    run()
  } catch (error) {
    return (error as Error).message
  }
  return ''
}
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
      sealerFor({ epoch: 4, key: EPOCH.key }),
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
    expect(shown(openEntry(honest.entry, honest.key)).disclosure.customers).toEqual(['C-1'])
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
    ['an empty queue', padded('{"agent":"ada","customers":["C-1"],"queue":""}')],
    ['a number for a queue', padded('{"agent":"ada","customers":["C-1"],"queue":7}')],
    [
      'a queue of 257 bytes',
      padded(`{"agent":"ada","customers":["C-1"],"queue":"${'q'.repeat(257)}"}`),
    ],
    [
      'a queue before the query',
      padded('{"agent":"ada","customers":["C"],"queue":"q","query":"q"}'),
    ],
    [
      'a queue after the reference',
      padded('{"agent":"ada","customers":["C-1"],"reference":"T-1","queue":"q"}'),
      { purpose: 'ticket' },
    ],
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
    expect(openEntry(forged, key).disclosure?.agent).toBe('bob')
    expect(codeOf(() => sealer.open(forged))).toBe('ENTRY_MALFORMED')
  })

  it('takes a queue where there is one, and an entry from before there were any', () => {
    const after = '"query":"q","queue":"billing","reference":"T-1","session":"s"}'
    const withQueue = forge(padded(`{"agent":"ada","customers":["C-1"],${after}`), {
      purpose: 'ticket',
    })
    expect(shown(openEntry(withQueue.entry, withQueue.key)).disclosure.queue).toBe('billing')
    const before = padded('{"agent":"ada","customers":["C-1"],"reference":"T-1","session":"s"}')
    const old = forge(before, { purpose: 'ticket' })
    expect(shown(sealer.open(old.entry)).disclosure).toMatchObject({
      queue: null,
      reference: 'T-1',
    })
  })

  it('takes an entry of another writer who fills it further than we do', () => {
    const names = Array.from({ length: 256 }, (_, i) => String(i).padStart(250, '0'))
    const text = `{"agent":"ada","customers":${JSON.stringify([...names, 'z'.repeat(256)])}}`
    const long = forge(padded(text), { customers: 257 })
    expect(parseEntry(long.entry).sealed.length).toBeGreaterThan(64_960 + 16)
    expect(shown(openEntry(long.entry, long.key)).disclosure.customers).toHaveLength(257)
  })

  it('takes one ciphertext under one key only, where GCM takes it under two', () => {
    const keys = [1, 2].map((id) => naiveEntryKey(EPOCH.key, idsFrom(id)())) as [Buffer, Buffer]
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
