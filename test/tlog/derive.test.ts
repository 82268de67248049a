import { createHmac, hkdfSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { agentKeyOf, entryKeysOf, expandWith, hmac, pseudonymOf } from '../../src/tlog/derive.ts'
import { naiveEntryKey, naiveExpand } from './naive.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })

describe('deriving keys', () => {
  // RFC 5869, appendix A: PRK, info and the OKM's first bytes, of its test cases with SHA-256.
  it.each([
    [
      '077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5',
      'f0f1f2f3f4f5f6f7f8f9',
      '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    ],
    [
      '06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244',
      Buffer.from(Array.from({ length: 80 }, (_, i) => 0xb0 + i)).toString('hex'),
      'b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09',
    ],
    [
      '19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04',
      '',
      '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
    ],
  ])('expands as RFC 5869 has it (PRK %s)', (prk, info, okm) => {
    const out = Buffer.alloc(64)
    const key = Buffer.from(prk, 'hex')
    expandWith(key, Buffer.from(info, 'hex').toString('latin1'), 0)(Buffer.alloc(0), out, 0)
    expect(out.toString('hex').startsWith(okm)).toBe(true)
    const half = Buffer.from(info, 'hex').subarray(0, info.length / 4)
    const rest = Buffer.from(info, 'hex').subarray(half.length)
    expandWith(key, half.toString('latin1'), rest.length)(rest, out, 0)
    expect(out.toString('hex').startsWith(okm)).toBe(true)
  })

  it('gives an entry the key that the page says, again and again', () => {
    const expand = entryKeysOf(Buffer.alloc(32, 7))
    fc.assert(
      fc.property(bytes(16), (id) => {
        const out = Buffer.alloc(70, 0xee)
        expand(id, out, 3)
        expect(out.subarray(3, 67)).toEqual(naiveEntryKey(Buffer.alloc(32, 7), id))
        expect([...out.subarray(0, 3), ...out.subarray(67)]).toEqual(Array(6).fill(0xee))
      }),
    )
  })

  it('agrees with the HMAC and HKDF of node', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.uint8Array(), (key, message) => {
        const expected = createHmac('sha256', key).update(message).digest()
        expect(hmac(key, message)).toEqual(expected)
      }),
    )
    // HKDF with a salt: its extracted key is an HMAC, from which we expand.
    const extracted = hmac(Buffer.from('salt'), Buffer.from('secret'))
    const out = Buffer.alloc(64)
    expandWith(extracted, 'info', 0)(Buffer.alloc(0), out, 0)
    expect(out).toEqual(Buffer.from(hkdfSync('sha256', 'secret', 'salt', 'info', 64)))
  })
})

describe('pseudonyms', () => {
  it('are eight characters of the digest, five bits each from the first on', () => {
    fc.assert(
      fc.property(bytes(32), fc.string({ unit: 'grapheme', minLength: 1 }), (key, agent) => {
        const agentKey = naiveExpand(key, Buffer.from('telltale/v1 agent'), 32)
        const digest = createHmac('sha256', agentKey).update(agent).digest()
        const bits = [...digest].map((byte) => byte.toString(2).padStart(8, '0')).join('')
        const characters = bits
          .slice(0, 40)
          .match(/.{5}/g)!
          .map((five) => Number.parseInt(five, 2))
        const expected = characters.map((i) => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[i]).join('')
        expect(agentKeyOf(key)).toEqual(agentKey)
        expect(pseudonymOf(agentKey, agent)).toBe(`A-${expected}`)
      }),
    )
  })
})
