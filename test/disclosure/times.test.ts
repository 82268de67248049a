import { describe, expect, it } from 'vitest'
import { guessReading, type TimeGuess } from '../../src/disclosure/times.ts'

const shown = (guess: TimeGuess) => (guess.kind === 'reading' ? guess.shown : guess.kind)

describe('a guess of how times are written', () => {
  it.each([
    [
      ['2024-01-31T10:00:00Z', '2024-01-31 10:00:00', '2024-01-31', '2024-1-31 9:05+02'],
      'ISO 8601',
    ],
    [['1706695200', '1706695200.25'], 'epoch-s'],
    [['1706695200123'], 'epoch-ms'],
    [['1706695200123456'], 'epoch-us'],
    [['1706695200123456789'], 'epoch-ns'],
    [['31/1/2024 10:00', '1/2/2024 9:05'], '%d/%m/%Y %H:%M'],
    [['1/31/2024 10:00:05 PM'], '%m/%d/%Y %I:%M:%S %p'],
    [['31.01.24, 10:00'], '%d.%m.%y, %H:%M'],
    [['2012/10/09 14:50:17.000'], '%Y/%m/%d %H:%M:%S'],
    [['31/Jan/2024:10:00:00 +0100'], '%d/%b/%Y:%H:%M:%S %z'],
    [['Wed, 31 Jan 2024 10:00:00 GMT'], '%a, %d %b %Y %H:%M:%S GMT'],
    [['January 31, 2024 10:00'], '%B %d, %Y %H:%M'],
    [['20240131101500.123', '20240131101501'], '%Y%m%d%H%M%S'],
    [['20240131T101500Z'], '%Y%m%dT%H%M%SZ'],
    [['31/01/2024', '01/02/2024 10:00'], '%d/%m/%Y or %d/%m/%Y %H:%M'],
  ])('%j is %s', (values, expected) => {
    expect(shown(guessReading(values))).toBe(expected)
  })

  it('is none between day and month unless a value decides and none contradicts', () => {
    expect(guessReading(['1/2/2024', '3/12/2024'])).toEqual({
      kind: 'ambiguous',
      example: '1/2/2024',
    })
    expect(guessReading(['13/2/2024', '3/14/2024'])).toEqual({
      kind: 'contradictory',
      example: '13/2/2024 and 3/14/2024',
    })
    expect(shown(guessReading(['1/2/2024'], ['1/2/2024', '13/2/2024']))).toBe('%d/%m/%Y')
  })

  it('bears some values that are no times, but not two formats', () => {
    const good = Array.from({ length: 8 }, (_, i) => `2024-01-0${i + 1} 10:00:00`)
    expect(shown(guessReading([...good, 'n.n.', 'later']))).toBe('ISO 8601')
    expect(guessReading([...good, '1706695200', '1706695201'])).toMatchObject({ kind: 'unknown' })
    expect(guessReading(['soon', 'later', '2024-01-01'])).toEqual({
      kind: 'unknown',
      example: 'soon',
    })
  })
})
