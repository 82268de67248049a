import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MaskKind } from '../../src/guard/facts.ts'
import { mask } from '../../src/guard/mask.ts'

const KINDS: readonly MaskKind[] = ['name', 'mail', 'phone', 'reference', 'text']
const kind = fc.constantFrom(...KINDS)
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('a', 'A', ' ', '@', '.', '+', '1', '•', '٣', 'א', '\u202e') }),
  fc.string({
    unit: fc.constantFrom('e', '\u0301', '\u200d', '👩', '🏽', '愛', '\ud800', '\n', '\0'),
  }),
)

describe('masks', () => {
  it.each<[MaskKind, string, string]>([
    ['name', 'Aiko Tanaka', 'Aiko T.'],
    ['name', 'Anna Maria Rossi', 'Anna R.'],
    ['name', 'Jean-Luc O’Neil', 'Jean-Luc O.'],
    ['name', 'Nguyễn Văn An', 'Nguyễn A.'],
    ['name', 'דנה לוי', 'דנה ל.'],
    ['name', 'Madonna', 'M•••'],
    ['name', '田中愛子', '田•••'],
    ['name', 'X', 'X•••'],
    ['name', 'Aiko T.', 'A•••'],
    ['name', 'A B', 'A•••'],
    ['name', '伊藤 翔', '伊•••'],
    ['name', '伊藤 翔太', '伊藤 翔.'],
    ['name', 'Nguyễn Văn Ý', 'N•••'],
    ['name', 'Aiko Ō\u0304', 'A•••'],
    ['name', 'kim@example.com Doe', 'k•••'],
    ['name', '+81901234567 Tanaka', '8•••'],
    ['name', '👩🏽‍🚒 Kim', '•••'],
    ['name', 'Kim 👩🏽‍🚒', 'K•••'],
    ['name', '   ', '•••'],
    ['name', 'Z\u0334\u0335\u0336\u0337\u0338algo Kim', 'Z•••'],
    ['name', '\u202eevil Kim', 'e•••'],
    ['mail', 'aiko@example.com', 'a•••@e•••.com'],
    ['mail', 'a@x.co.uk', 'a•••@x•••.uk'],
    ['mail', '"john doe"@example.org', 'j•••@e•••.org'],
    ['mail', 'kim@müller.de', 'k•••@m•••.de'],
    ['mail', 'kim@例え.テスト', 'k•••@例•••'],
    ['mail', 'kim@localhost', 'k•••@l•••'],
    ['mail', 'a@b@c.com', 'a•••@c•••.com'],
    ['mail', '@example.com', '•••'],
    ['mail', 'not a mail', '•••'],
    ['phone', '+81 90 1234 5612', '+81 ••• ••12'],
    ['phone', '+819012345612', '+81 ••• ••12'],
    ['phone', '＋８１９０１２３４５６１２', '+81 ••• ••12'],
    ['phone', '+1 (212) 555-0147', '+1 ••• ••47'],
    ['phone', '+353 1 234 5678', '+353 ••• ••78'],
    ['phone', '+44 20 7946 0958', '+44 ••• ••58'],
    ['phone', '030 901820', '••• ••20'],
    ['phone', '110', '•••'],
    ['phone', '+81 110', '•••'],
    ['phone', 'call me at 0301234567', '•••'],
    ['reference', 'C-104711', '•••11'],
    ['reference', '4711', '•••'],
    ['reference', 'ABCDE-', '•••'],
    ['text', 'anything at all', '•••'],
    ['text', '•••', '••••'],
  ])('%s: %s is %s', (kind, value, masked) => {
    expect(mask(kind, value)).toBe(masked)
  })

  it('are never the value', () => {
    fc.assert(
      fc.property(kind, hostile, (kind, value) => {
        expect(mask(kind, value)).not.toBe(value)
        expect(mask(kind, mask(kind, value))).not.toBe(mask(kind, value))
      }),
      { numRuns: 2000 },
    )
  })

  it('are one short line without anything invisible, whatever the value', () => {
    fc.assert(
      fc.property(kind, hostile, (kind, value) => {
        const masked = mask(kind, value)
        expect(masked).toContain(kind === 'name' ? '' : '•••')
        expect([...masked].length).toBeLessThanOrEqual(33)
        expect(masked).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]|\p{M}{3}/u)
        if (!/\.$/.test(masked)) expect(masked).toContain('•••')
      }),
      { numRuns: 2000 },
    )
  })

  const letters = fc.string({ unit: fc.constantFrom('b', 'q', 'z', 'é', '愛'), minLength: 0 })
  const digits = fc.string({ unit: fc.constantFrom('3', '5', '8'), minLength: 8, maxLength: 12 })

  it('tell nothing of how long the hidden part is, nor what it is', () => {
    fc.assert(
      fc.property(letters, letters, digits, digits, (a, b, m, n) => {
        expect(mask('name', `Aiko T${a}x`)).toBe(mask('name', `Aiko T${b}y`))
        expect(mask('name', `Aiko ${a} T${b}x`)).toBe(mask('name', 'Aiko Tanaka'))
        expect(mask('mail', `a${a}@e${b}.com`)).toBe(mask('mail', `a${b}@e${a}x.com`))
        expect(mask('mail', `a@e${a}.${b}x.com`)).toBe(mask('mail', 'aiko@example.com'))
        expect(mask('phone', `+81${m}12`)).toBe(mask('phone', `+81 ${n} 12`))
        expect(mask('reference', `${m}12`)).toBe(mask('reference', `${n}xyz12`))
        expect(mask('text', a)).toMatch(/^••••?$/)
      }),
    )
  })

  it('keep of a mail and a phone no more characters than they say', () => {
    fc.assert(
      fc.property(fc.emailAddress(), digits, (mail, number) => {
        expect(mask('mail', mail)).toMatch(/^[\p{L}\p{N}]?•••@[\p{L}\p{N}]•••(\.[a-z]+)?$/iu)
        expect(mask('phone', `+49${number}`)).toBe(`+49 ••• ••${number.slice(-2)}`)
      }),
    )
  })
})
