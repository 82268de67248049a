import { createCipheriv, createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ENTRY_BYTES_MAX } from '../../src/base/limits.ts'
import type { Decision } from '../../src/tlog/decision.ts'
import { isDecision, openEntry, parseEntry } from '../../src/tlog/entry.ts'
import { anyDecision, decision } from './decisions.ts'
import { disclosure, idsFrom } from './disclosures.ts'
import { decided, EPOCH, forge, forgeDecision, naiveParts, only, padded, sealer } from './forge.ts'
import { naiveEntryKey } from './naive.ts'
import { codeOf } from './notes.ts'

const seal = (own: Partial<Decision> = {}, id = 1) => only(sealer.seal(decision(own), idsFrom(id)))

describe('sealing a decision', () => {
  it('gives back what was sealed, to the epoch key and to the key of the entry', () => {
    fc.assert(
      fc.property(anyDecision, fc.nat(), (d, start) => {
        const entry = only(sealer.seal(d, idsFrom(start)))
        expect(decided(sealer.open(entry))).toEqual(d)
        expect(decided(openEntry(entry, sealer.keyOf(entry)))).toEqual(d)
        expect(parseEntry(entry).header).toEqual({
          kind: 'decision',
          act: d.act,
          agent: sealer.pseudonym(d.agent),
          atMs: d.atMs,
          commitment: expect.stringMatching(/^[\w-]{43}$/),
          epoch: 3,
          id: idsFrom(start)().toString('base64url'),
        })
      }),
    )
  })

  it('is what the page says, byte by byte', () => {
    const customers = ['Ärzte', 'C-"1"'].sort()
    const entry = seal({ customers, reason: 'she\n"asked"', detail: 'phone', writer: 'desk-1' }, 9)
    const { header, sealed, lf } = naiveParts(entry)
    const key = naiveEntryKey(EPOCH.key, idsFrom(9)())
    expect(sealer.keyOf(entry)).toEqual(key)
    const plain = padded(
      '{"agent":"lea","customers":["C-\\"1\\"","Ärzte"],"detail":"phone",' +
        '"reason":"she\\n\\"asked\\"","reference":"G-7","session":"s-1","subject":"ada",' +
        '"writer":"desk-1"}',
    )
    const commitment = createHash('sha256').update(key.subarray(32)).update(plain)
    expect(entry.toString('latin1', 0, lf)).toBe(
      `{"act":"grant.approved","agent":"${sealer.pseudonym('lea')}","at":1767312000000,` +
        `"commitment":"${commitment.digest('base64url')}","epoch":3,` +
        `"id":"${header.id}","kind":"decision","v":1}`,
    )
    const cipher = createCipheriv('aes-256-gcm', key.subarray(0, 32), Buffer.alloc(12))
    cipher.setAAD(entry.subarray(0, lf))
    const expected = [cipher.update(plain), cipher.final(), cipher.getAuthTag()]
    expect(sealed).toEqual(Buffer.concat(expected))
  })

  it('leaves out all that is not there', () => {
    const bare = { customers: [], reference: null, session: null, subject: null }
    const entry = seal(bare)
    expect(decided(sealer.open(entry))).toEqual(decision(bare))
    const honest = forgeDecision(padded('{"agent":"ada"}'))
    expect(decided(openEntry(honest.entry, honest.key))).toMatchObject({ agent: 'ada', ...bare })
  })

  it('gives an agent one pseudonym, whether they were shown something or decided it', () => {
    const shown = parseEntry(only(sealer.seal(disclosure({ agent: 'lea' }), idsFrom(4)))).header
    expect(parseEntry(seal()).header).toMatchObject({ agent: (shown as { agent: string }).agent })
  })

  it('shows nobody of whom it tells', () => {
    const entry = seal({ reason: 'the customer of C-1001', detail: 'phone number' })
    for (const secret of ['lea', 'ada', 'C-1001', 'G-7', 's-1', 'the customer', 'phone number']) {
      expect(entry.includes(secret), secret).toBe(false)
    }
  })

  it('is told from a disclosure', () => {
    expect([decision(), disclosure()].map(isDecision)).toEqual([true, false])
  })

  it.each<[string, Partial<Decision>]>([
    ['an act there is not', { act: 'grant.liked' as never }],
    ['an act of the language', { act: 'constructor' as never }],
    ['no agent', { agent: '' }],
    ['a customer twice', { customers: ['a', 'a'] }],
    ['customers out of order', { customers: ['b', 'a'] }],
    ['an empty customer', { customers: [''] }],
    ['1,001 customers', { customers: Array.from({ length: 1001 }, (_, i) => `C${1000 + i}`) }],
    ['more than one entry takes', { customers: longNames(255) }],
    ['a lone surrogate', { subject: 'a\ud800' }],
    ['a line break in a name', { subject: 'a\nb' }],
    ['a line break in the detail', { detail: 'a\nb' }],
    ['a detail of 257 bytes', { detail: 'x'.repeat(257) }],
    ['a null character in a reason', { reason: 'a\0' }],
    ['an empty reason', { reason: '' }],
    ['a reason of 8193 bytes', { reason: 'x'.repeat(8193) }],
    ['a number for a reference', { reference: 7 as never }],
    ['nothing said of the session', { session: undefined as never }],
    ['a time before 1990', { atMs: 0 }],
    ['a time of no millisecond', { atMs: 1_767_312_000_000.5 }],
    ['a time after 9999', { atMs: 253_402_300_800_000 }],
  ])('refuses %s', (_, wrong) => {
    expect(codeOf(() => seal(wrong))).toBe('DECISION_MALFORMED')
  })

  it('fills an entry to its brim and no further', () => {
    // 64,960 bytes of plain text fit; 250 customers of 256 bytes take 250 * 259 - 1 of them.
    const names = longNames(250)
    const empty = { customers: names, reference: null, session: null, subject: null }
    const frame = '{"agent":"lea","customers":[],"detail":""}'.length
    const room = 64_960 - frame - (250 * 259 - 1)
    const brim = seal({ ...empty, detail: 'd'.repeat(room) })
    expect(brim.length).toBeLessThanOrEqual(ENTRY_BYTES_MAX)
    expect(decided(sealer.open(brim)).customers).toEqual(names)
    const code = codeOf(() => seal({ ...empty, detail: 'd'.repeat(room + 1) }))
    expect(code).toBe('DECISION_MALFORMED')
  })

  it('always takes 1,000 customers of 40 bytes, beside the longest texts', () => {
    const customers = Array.from({ length: 1000 }, (_, i) => `${'k'.repeat(36)}${1000 + i}`)
    const long = '"'.repeat(256)
    const texts = { agent: long, detail: long, reference: long, session: long, subject: long }
    const all = { ...texts, customers, reason: '\n'.repeat(8192), writer: long }
    expect(decided(sealer.open(seal(all)))).toEqual(decision(all))
  })
})

function longNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(i).padStart(256, '0'))
}

describe('opening a decision', () => {
  const entry = seal()
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

  it('finds that another act was written over it', () => {
    const text = entry.toString('latin1').replace('grant.approved', 'grant.reviewed')
    const changed = Buffer.from(text, 'latin1')
    expect(parseEntry(changed).header).toMatchObject({ act: 'grant.reviewed' })
    expect(codeOf(() => openEntry(changed, key))).toBe('ENTRY_UNOPENED')
    expect(codeOf(() => sealer.open(changed))).toBe('ENTRY_UNOPENED')
  })

  it('finds that it was made out of the other kind, even by whoever has the keys', () => {
    const shown = '{"agent":"ada","customers":["C-1"],"fields":["mail"]}'
    const asDecision = forgeDecision(padded(shown))
    expect(codeOf(() => openEntry(asDecision.entry, asDecision.key))).toBe('ENTRY_MALFORMED')
    const asDisclosure = forge(padded('{"agent":"ada","customers":["C-1"],"subject":"bob"}'))
    expect(codeOf(() => openEntry(asDisclosure.entry, asDisclosure.key))).toBe('ENTRY_MALFORMED')
  })

  it("finds another agent's pseudonym", () => {
    const other = forgeDecision(padded('{"agent":"ada"}'), { agent: sealer.pseudonym('bob') })
    expect(codeOf(() => sealer.open(other.entry))).toBe('ENTRY_MALFORMED')
  })

  it.each<[string, string | Buffer]>([
    ['a space', '{"agent":"ada", "subject":"bob"}'],
    ['other order', '{"subject":"bob","agent":"ada"}'],
    ['a key twice', '{"agent":"ada","agent":"ada"}'],
    ['a key more', '{"agent":"ada","zip":"1"}'],
    ['a key of the header', '{"act":"grant.denied","agent":"ada"}'],
    ['a prototype', '{"__proto__":{},"agent":"ada"}'],
    ['null for nothing', '{"agent":"ada","reason":null}'],
    ['an empty list', '{"agent":"ada","customers":[]}'],
    ['text for a list', '{"agent":"ada","customers":"C-1"}'],
    ['null for a list', '{"agent":"ada","customers":null}'],
    ['a number in a list', '{"agent":"ada","customers":[1]}'],
    ['customers out of order', '{"agent":"ada","customers":["b","a"]}'],
    ['no agent', '{"subject":"bob"}'],
    ['an escape not needed', '{"agent":"\\u0061da"}'],
    ['a detail of 257 bytes', `{"agent":"ada","detail":"${'x'.repeat(257)}"}`],
    ['a list', '["ada"]'],
    ['no object', 'null'],
    ['no JSON', '{'],
    ['bytes that are no UTF-8', Buffer.from('{"agent":"\xff"}', 'latin1')],
  ])('refuses %s', (_, plain) => {
    const bad = forgeDecision(padded(plain))
    expect(codeOf(() => openEntry(bad.entry, bad.key))).toBe('ENTRY_MALFORMED')
    expect(codeOf(() => sealer.open(bad.entry))).toBe('ENTRY_MALFORMED')
  })
})
