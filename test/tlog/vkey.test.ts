import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseBase64 } from '../../src/tlog/base64.ts'
import { parseDecimal } from '../../src/tlog/decimal.ts'
import { ed25519KeyProblem } from '../../src/tlog/ed25519.ts'
import {
  formatSkey,
  formatVkey,
  KEY_TYPE,
  keyId,
  parseSkey,
  parseVkey,
  signingKey,
} from '../../src/tlog/vkey.ts'
import { codeOf, keyOf } from './notes.ts'

const VKEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'

function vkeyOf(bytes: Uint8Array, type = 1, name = 'n') {
  const id = keyId(name, type, bytes).toString(16).padStart(8, '0')
  return `${name}+${id}+${Buffer.concat([Buffer.of(type), bytes]).toString('base64')}`
}

describe('decimal numbers', () => {
  it('have one spelling each', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        expect(parseDecimal(`${value}`)).toBe(value)
      }),
    )
    for (const wrong of ['', '00', '01', '+1', '-1', '1.0', '1e3', ' 1', '1\n', '١', '0x1']) {
      expect(parseDecimal(wrong), wrong).toBeNull()
    }
    expect(parseDecimal('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER)
    expect(parseDecimal('9007199254740992')).toBeNull()
    expect(parseDecimal('18446744073709551616')).toBeNull()
  })
})

describe('base64', () => {
  it('has one spelling of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64')
        expect(parseBase64(text)).toEqual(Buffer.from(bytes))
      }),
    )
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), (text) => {
        const bytes = parseBase64(text)
        if (bytes !== null) expect(bytes.toString('base64')).toBe(text)
      }),
    )
    for (const wrong of [
      'A',
      'AA',
      'AA=',
      'AAA',
      'AB==',
      'AA==\n',
      ' AA==',
      'A-==',
      '====',
      'AA=A',
    ]) {
      expect(parseBase64(wrong), wrong).toBeNull()
    }
  })
})

describe('verifier keys', () => {
  it('are read and written as the specification shows', () => {
    const key = parseVkey(VKEY)
    expect(key).toMatchObject({ name: 'example.com/foo', id: 0x530d903a, type: KEY_TYPE.ed25519 })
    expect(formatVkey(key)).toBe(VKEY)
  })

  it.each([
    ['another key ID', VKEY.replace('530d903a', '530d903b')],
    ['an upper-case key ID', VKEY.replace('530d903a', '530D903A')],
    ['another name', VKEY.replace('/foo', '/fob')],
    ['no name', VKEY.replace('example.com/foo', '')],
    ['a space', VKEY.replace('/foo', '/ foo')],
    ['an LF', `${VKEY}\n`],
    ['a type that is not known', vkeyOf(Buffer.alloc(32, 1), 2)],
    ['no key', vkeyOf(Buffer.alloc(0))],
    ['a short key', vkeyOf(parseVkey(VKEY).publicKey.subarray(1))],
    ['a long key', vkeyOf(Buffer.concat([parseVkey(VKEY).publicKey, Buffer.of(0)]))],
    ['a short ML-DSA key', vkeyOf(Buffer.alloc(1311, 1), 6)],
    ['a name of 256 bytes', vkeyOf(parseVkey(VKEY).publicKey, 1, 'n'.repeat(256))],
    ['two parts', 'example.com/foo+530d903a'],
    ['too many bytes', `${VKEY}${'A'.repeat(5000)}`],
  ])('are refused with %s', (_, text) => {
    expect(codeOf(() => parseVkey(text))).toBe('KEY_INVALID')
  })

  it('never throw anything but our errors', () => {
    const anyText = fc.oneof(
      fc.string(),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => vkeyOf(bytes.subarray(1), bytes[0] ?? 0)),
    )
    fc.assert(
      fc.property(anyText, (text) => {
        if (codeOf(() => parseVkey(text)) === 'none') {
          expect(formatVkey(parseVkey(text))).toBe(text)
        }
      }),
    )
  })
})

describe('signing keys', () => {
  it('come back as they were written', () => {
    for (const type of [KEY_TYPE.ed25519, KEY_TYPE.cosignature]) {
      const key = keyOf('example.com/log', type)
      expect(formatSkey(key)).toMatch(/^PRIVATE\+KEY\+example\.com\/log\+[0-9a-f]{8}\+/)
      expect(parseSkey(formatSkey(key))).toEqual(key)
      expect(parseVkey(formatVkey(key)).publicKey).toEqual(key.publicKey)
    }
  })

  it('are those of RFC 8032, section 7.1, test 1', () => {
    const seed = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'
    const key = signingKey('n', KEY_TYPE.ed25519, Buffer.from(seed, 'hex'))
    expect(key.publicKey.toString('hex')).toBe(
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    )
  })

  it('are refused without telling the secret', () => {
    const text = formatSkey(keyOf('example.com/log', KEY_TYPE.ed25519))
    const secret = text.split('+').slice(4).join('+')
    for (const wrong of [
      text.slice(1),
      text.replace(/\+[0-9a-f]{8}\+/, '+00000000+'),
      text.slice(0, -4),
      `${text}\n`,
      formatVkey(keyOf('example.com/log')),
    ]) {
      let message = ''
      try {
        parseSkey(wrong)
      } catch (error) {
        message = String(error)
      }
      expect(message).toContain('The key cannot be used')
      expect(message).not.toContain(secret.slice(0, 10))
    }
    expect(codeOf(() => signingKey('a b', KEY_TYPE.ed25519, Buffer.alloc(32)))).toBe('KEY_INVALID')
    expect(codeOf(() => signingKey('a', KEY_TYPE.ed25519, Buffer.alloc(31)))).toBe('KEY_INVALID')
  })
})

describe('points of Ed25519', () => {
  const p = 2n ** 255n - 19n
  const encode = (y: bigint, sign: number) => {
    const bytes = Buffer.from(y.toString(16).padStart(64, '0'), 'hex').reverse()
    bytes[31] |= sign << 7
    return bytes
  }

  it('of small order are refused', () => {
    const order8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n
    for (const y of [0n, 1n, p - 1n, order8, p - order8]) {
      for (const sign of [0, 1]) {
        expect(ed25519KeyProblem(encode(y, sign)), `${y} ${sign}`).toContain('small order')
      }
    }
  })

  it('in another form, or that are none, are refused', () => {
    expect(ed25519KeyProblem(encode(p + 3n, 0))).toContain('one form')
    expect(ed25519KeyProblem(Buffer.alloc(32, 0xff))).toContain('one form')
    expect(ed25519KeyProblem(encode(2n, 0))).toContain('no point')
    expect(ed25519KeyProblem(encode(3n, 0))).toBeNull()
  })

  it('of true keys are taken', () => {
    for (let i = 0; i < 50; i++) {
      expect(ed25519KeyProblem(keyOf(`key ${i}`.replace(' ', '-')).publicKey)).toBeNull()
    }
  })
})
