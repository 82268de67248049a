import { describe, expect, it } from 'vitest'
import { columnsOf } from '../../src/cli/layout.ts'
import { renderTerminal, wantsColour } from '../../src/cli/terminal.ts'
import { VERDICT_WORD } from '../../src/cli/words.ts'
import { ALL, ALL_SEE_ALL, DOCUMENTS, EMPTY, HOSTILE, LONG_NAMES } from './samples/documents.ts'

const FILES = [
  { path: 'verdict.html', holds: 'pictures and tables' },
  { path: 'a/rather/long/path/to/verdict.json', holds: 'everything, for machines' },
]
const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g')

const plain = (name: keyof typeof ALL, columns = 80) =>
  renderTerminal(ALL[name], { columns, colour: false, files: FILES })

describe('renderTerminal', () => {
  it('says the verdict first, in words, then how sure with what it is compared to', () => {
    const text = plain('named')
    const lines = text.split('\n').filter((line) => line !== '')
    expect(lines[0].trim()).toBe('NAMED')
    expect(lines[1]).toMatch(/^The evidence points to A-7F3K9Q/)
    const flat = text.replace(/\s+/g, ' ')
    expect(flat).toContain(
      '8 of 11 reported customers; comparable customers 2.1%; 6 of the 8 without',
    )
    expect(flat).toContain('14 million to 1; a name needs 1,000 to 1, among 1,004 agents')
    expect(flat).toContain('4 reports; a name needs 2')
    const order = [
      'How sure',
      'Cannot be excluded',
      'What to do next',
      'Ask these',
      'Affected',
      'Read with care',
      'Written',
    ]
    const places = order.map((title) => text.indexOf(`\n${title}`))
    expect(places.every((place) => place > 0)).toBe(true)
    expect([...places].sort((a, b) => a - b)).toEqual(places)
  })

  it('gives each verdict its own word, and nobody a judgement', () => {
    for (const [name, document] of Object.entries(ALL)) {
      const text = plain(name)
      expect(text).toContain(VERDICT_WORD[document.verdict].toUpperCase())
      expect(text).not.toMatch(/\bguilt(y)?\b|\bcaught\b/i)
    }
  })

  it('counts the affected by tier and says which segments nobody reached', () => {
    const text = plain('named')
    expect(text).toContain('Affected through A-7F3K9Q: 68,120 customers')
    expect(text).toMatch(/\n {2}65,387 {2}shown with no ticket to explain it\n/)
    expect(text).toContain('Nobody was shown in: government.')
  })

  it('says what is still missing for a name', () => {
    expect(plain('leading')).toMatch(/Reports still needed\s+about 4;/)
    const none = renderTerminal(
      { ...ALL_SEE_ALL, reportsNeeded: null },
      { columns: 80, colour: false },
    )
    expect(none).toMatch(/Reports still needed\s+not in sight;/)
    const early = renderTerminal(
      { ...ALL.oneReport, reportsNeeded: null },
      { columns: 80, colour: false },
    )
    expect(early).toMatch(/Reports still needed\s+too early to tell;/)
  })

  it('accuses nobody where the verdict is undecided', () => {
    expect(plain('undecided')).toContain('closest so far, not accused')
    expect(plain('empty')).not.toContain('A-')
  })

  it('keeps to the width of the terminal, but never breaks a path', () => {
    for (const columns of [80, 60, 40, 30]) {
      for (const name of Object.keys(ALL)) {
        for (const line of plain(name, columns).split('\n')) {
          if (FILES.some((file) => line.includes(file.path))) continue
          expect(columnsOf(line), `${name} at ${columns}: ${line}`).toBeLessThanOrEqual(columns)
        }
      }
    }
    for (const file of FILES) expect(plain('named', 30)).toContain(file.path)
  })

  it('lets no text of the log steer the terminal', () => {
    const text = renderTerminal(HOSTILE, { columns: 80, colour: false, files: FILES })
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u)
    expect(text.replace(/\s/g, '')).toContain('\\u{1b}[2J\\u{202e}')
  })

  it('shows a key to ask about whole, so that it can be copied', () => {
    const text = renderTerminal(LONG_NAMES, { columns: 100, colour: false }).replace(/\s/g, '')
    expect(text).toContain(LONG_NAMES.nextQuestions[0].customer)
  })

  it('says the same with colour as without', () => {
    const coloured = renderTerminal(DOCUMENTS.named, { columns: 80, colour: true, files: FILES })
    expect(coloured).not.toBe(plain('named'))
    expect(coloured.replace(ESCAPES, '')).toBe(plain('named'))
  })

  it('falls back on 80 columns where the width is unknown', () => {
    expect(renderTerminal(EMPTY, { columns: 0, colour: false })).toBe(
      renderTerminal(EMPTY, { columns: 80, colour: false }),
    )
  })
})

describe('wantsColour', () => {
  it('is for terminals that know colour, unless NO_COLOR says no', () => {
    expect(wantsColour({ isTTY: true }, {})).toBe(true)
    expect(wantsColour({ isTTY: true }, { NO_COLOR: '1' })).toBe(false)
    expect(wantsColour({ isTTY: true }, { NO_COLOR: '' })).toBe(true)
    expect(wantsColour({ isTTY: true }, { TERM: 'dumb' })).toBe(false)
    expect(wantsColour({}, {})).toBe(false)
    expect(wantsColour({}, { FORCE_COLOR: '1' })).toBe(true)
    expect(wantsColour({}, { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false)
  })
})
