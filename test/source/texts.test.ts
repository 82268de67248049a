import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentLook, lookOf } from '../../src/source/looks.ts'
import {
  isCanonical,
  normaliseKey,
  normaliseMail,
  normalisePhone,
} from '../../src/source/normalise.ts'
import { plainText } from '../../src/source/plain-text.ts'

describe('identifiers', () => {
  it.each([
    [' A@B.example ', 'a@b.example'],
    ['a b@c.example', null],
    ['@b', null],
    ['a@', null],
    ['%', null],
    [`${'a'.repeat(300)}@b.example`, null],
  ])('takes the mail address %j for %j', (text, mail) => {
    expect(normaliseMail(text)).toBe(mail)
  })

  it.each([
    ['+81 50-0001-2345', null, '+815000012345'],
    ['0049 30 123456', 'JP', '+4930123456'],
    ['030 123456', 'DE', '+4930123456'],
    ['030 123456', null, null],
    ['110', 'DE', null],
    ['+1 202 555 0123 ext. 5', 'US', null],
    ['call +4930123456', 'DE', null],
    ['+++', 'DE', null],
  ] as const)('takes the phone number %j in %s for %j', (text, region, e164) => {
    expect(normalisePhone(text, region)?.e164 ?? null).toBe(e164)
  })

  it('knows each way to write a number that it was found by', () => {
    const digits = normalisePhone('030 123456', 'DE')?.digits
    expect(digits).toEqual(
      expect.arrayContaining(['030123456', '4930123456', '004930123456', '49030123456']),
    )
    // Elsewhere, 030 123456 is another number.
    expect(normalisePhone('+4930123456', 'JP')?.digits).not.toContain('030123456')
  })

  it("takes a key in the database's own spelling alone", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), (key) => {
        if (!isCanonical(key, 'integer')) return
        expect(String(Number(key))).toBe(key)
        expect(Number(key) | 0).toBe(Number(key))
      }),
    )
    for (const [key, type, expected] of [
      ['7', 'integer', true],
      ['-7', 'bigint', true],
      ['07', 'bigint', false],
      ['-0', 'bigint', false],
      ['32768', 'smallint', false],
      ['9223372036854775807', 'bigint', true],
      ['9223372036854775808', 'bigint', false],
      ['7 ', 'text', false],
      ['C-7', 'text', true],
      ['C-7', 'integer', false],
      ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'uuid', true],
      ['A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', 'uuid', false],
    ] as const)
      expect([key, type, isCanonical(key, type)]).toEqual([key, type, expected])
    expect(normaliseKey('a\u0000b')).toBeNull()
  })
})

describe('HTML as text', () => {
  it.each([
    ['<p>a&amp;b<br>c &lt;i&gt; &#x41;&#66;</p>', 'a&b\nc <i> AB'],
    ['a<style>.x{}</style>b<SCRIPT>1</script >c<!-- d -->e', 'abce'],
    ['a<script>never ends', 'a'],
    ['<div>one</div><div>two</div>', 'one\ntwo'],
    ['İ<script>x</script>y', 'İy'],
    ['1 < 2 and 3 > 2', '1 < 2 and 3 > 2'],
    ['&bogus; &#55555555; &#xd800;', '&bogus; &#55555555;'],
  ])('reads %j', (html, text) => {
    expect(plainText(html)).toBe(text)
  })

  it('takes no longer than the text is long', () => {
    for (const part of ['<style>', ' ', '<', '<!--', '&#', '\n', '<a '])
      expect(plainText(part.repeat(20_000)).length).toBeLessThanOrEqual(part.length * 20_000)
  })
})

describe('what a column looks like', () => {
  const column = (name: string, type = 'text') => ({ name, type, comment: null })
  it.each([
    ['x', ['reach a.b@c.example now', 'none'], 'mail addresses'],
    ['x', ['DE89 3704 0044 0532 0130 00'], 'account numbers (IBAN)'],
    ['x', ['DE89 3704 0044 0532 0130 02'], undefined],
    ['x', ['4111 1111 1111 1111'], 'card numbers'],
    ['x', ['4111 1111 1111 1112'], undefined],
    ['x', ['2001:db8::1'], 'addresses of devices (IP)'],
    ['x', ['+49 30 123456', 'x', 'y'], 'phone numbers'],
    ['x', ['2026-03-01 10:00:00', '12345678'], undefined],
    ['x', ['Aiko Tanaka', 'José van der Berg', 'in progress'], 'names of persons'],
    ['x', ['佐藤 愛子'], 'names of persons'],
    ['x', ['in progress', 'Done'], undefined],
  ])('named %s with %j: %s', (name, values, what) => {
    expect(contentLook(column(name), values, 'DE')?.what).toBe(what)
  })

  it('looks into JSON', () => {
    const values = ['{"a": [{"b": "x@y.example"}]}', '{}', 'cut {']
    expect(contentLook(column('x', 'jsonb'), values, null)?.what).toBe('mail addresses')
    expect(lookOf(column('x', 'jsonb'), ['{}'], null)?.what).toMatch(/inner structure/)
  })

  it.each([
    ['emailAddress', 'a mail address'],
    ['e_mail', 'a mail address'],
    ['mobile', 'a phone number'],
    ['date_of_birth', 'something about a person'],
    ['last_name', 'a name'],
    ['encrypted_password', 'a secret'],
    ['current_sign_in_ip', 'a trace of a device'],
    ['zip', 'a place'],
    ['internal_note', 'free text'],
    ['tax_id_text', 'a number of payment or identity'],
    ['email_count', undefined],
    ['message_id', undefined],
    ['tier', undefined],
  ])('goes by the name %s', (name, what) => {
    expect(lookOf(column(name), [], null)?.what).toBe(what)
  })

  it('goes by the type', () => {
    expect(lookOf(column('x', 'inet'), [], null)?.what).toBe('a trace of a device')
    expect(lookOf(column('x', 'bytea'), [], null)?.what).toMatch(/bytes/)
    expect(lookOf(column('last_name_changed', 'boolean'), [], null)).toBeNull()
  })
})
