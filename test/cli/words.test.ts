import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeText } from '../../src/cli/html/markup.ts'
import { linear, raised, spread, ticks, timeTicks } from '../../src/cli/html/svg.ts'
import { columnsOf, wrap } from '../../src/cli/layout.ts'
import { listed, minute, odds, share, shorten, visible } from '../../src/cli/words.ts'

describe('numbers in words', () => {
  it('says evidence as a bet', () => {
    const cases: [number, string][] = [
      [0, '1 to 1'],
      [3, '1,000 to 1'],
      [6.5, '3.2 million to 1'],
      [9.3, '2 billion to 1'],
      [12, '1 trillion to 1'],
      [431.2, '10^431 to 1'],
      [-1.3, '20 to 1 against'],
      [-9, 'over a million to 1 against'],
      [Number.NEGATIVE_INFINITY, 'none'],
    ]
    for (const [log10, words] of cases) expect(odds(log10)).toBe(words)
  })

  it('sets powers as in print', () => {
    expect(raised('10^431 to 1')).toBe('10⁴³¹ to 1')
    expect(raised('10^-4')).toBe('10⁻⁴')
    expect(raised('1,000 to 1')).toBe('1,000 to 1')
  })

  it('rounds no share to nothing or to everything', () => {
    expect([0, 1, 0.021, 0.00001, 0.99999, 0.0061].map(share)).toEqual([
      '0%',
      '100%',
      '2.1%',
      '<0.01%',
      '>99.9%',
      '0.61%',
    ])
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), (value) => {
        expect(['0%', '100%']).not.toContain(share(value))
      }),
    )
  })

  it('shows times to the minute, and what is no time as it is', () => {
    expect(minute('2026-03-05T14:02:11Z')).toBe('2026-03-05 14:02')
    expect(minute('soon\u001b')).toBe('soon\\u{1b}')
  })

  it('lists a few names and counts the rest', () => {
    expect(listed(['a', 'b', 'c'])).toBe('a, b and c')
    expect(listed(['a', 'b', 'c', 'd', 'e', 'f'], 4)).toBe('a, b, c, d and 2 others')
    expect(listed([])).toBe('nobody')
  })
})

describe('text from the log', () => {
  it('has nothing left that acts instead of being read', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visible(text)).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u)
        expect(escapeText(text)).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/)
      }),
    )
  })

  it('is shortened in the middle, by characters and not by halves of them', () => {
    expect(shorten('customer-0001', 9)).toBe('cust…0001')
    expect([...shorten('😀'.repeat(20), 5)].length).toBe(5)
    expect(shorten('short', 9)).toBe('short')
  })
})

describe('wrap', () => {
  it('keeps every character and the width', () => {
    const word = fc.string({
      unit: fc.constantFrom('a', 'b', 'é', '客', '😀', '-'),
      minLength: 1,
      maxLength: 60,
    })
    fc.assert(
      fc.property(fc.array(word), fc.integer({ min: 24, max: 100 }), (words, columns) => {
        const lines = wrap(words.join(' '), columns, '  ')
        for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns)
        expect(lines.join('').replace(/\s/g, '')).toBe(words.join(''))
      }),
    )
  })
})

describe('scales', () => {
  it('puts ticks inside the domain, no more than asked', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -400, max: 400, noNaN: true }),
        fc.double({ min: 0.5, max: 900, noNaN: true }),
        fc.integer({ min: 3, max: 12 }),
        (low, span, max) => {
          const out = ticks(low, low + span, max)
          expect(out.length).toBeLessThanOrEqual(max + 1)
          for (const tick of out) {
            expect(tick).toBeGreaterThanOrEqual(low - 1e-6)
            expect(tick).toBeLessThanOrEqual(low + span + 1e-6)
          }
        },
      ),
    )
  })

  it('keeps labels apart, in order and inside', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { maxLength: 12 }),
        (wanted) => {
          const placed = spread(wanted, 15, 0, 300)
          const sorted = [...placed].sort((a, b) => a - b)
          for (let i = 1; i < sorted.length; i++)
            expect(sorted[i] - sorted[i - 1]).toBeGreaterThan(14.8)
          for (const at of placed) expect(at >= -0.1 && at <= 300.1).toBe(true)
        },
      ),
    )
  })

  it('counts time in days, weeks, months or years, as many as fit', () => {
    const start = Date.UTC(2026, 0, 5, 8) / 1000
    for (const days of [0.2, 1, 6, 40, 400, 4000]) {
      const out = timeTicks(start, start + days * 86_400, 6)
      expect(out.length).toBeLessThanOrEqual(7)
      for (const tick of out)
        expect(tick.atS >= start && tick.atS <= start + days * 86_400).toBe(true)
    }
    expect(timeTicks(start, start + 365 * 86_400, 6).map((tick) => tick.label)).toContain('2026-04')
  })

  it('holds what lies outside at its ends', () => {
    const scale = linear([0, 10], [100, 0])
    expect([scale(-5), scale(5), scale(50)]).toEqual([100, 50, 0])
  })
})
