import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clockChanges, instantOf, isZone } from '../../src/disclosure/zones.ts'

/** What the zone's clock shows, by another way of asking the runtime than the code's own. */
const localAt = (timeZone: string, atS: number) =>
  utc(new Date(atS * 1000).toLocaleString('sv-SE', { timeZone }).replace(' ', 'T'))

const utc = (text: string) => Date.parse(`${text}Z`) / 1000

describe('a local time', () => {
  it('is an instant by the offset of that day', () => {
    expect(instantOf('Europe/Berlin', utc('2024-01-15T12:00:00'), 'later')).toEqual({
      atS: utc('2024-01-15T11:00:00'),
      clock: 'once',
    })
    expect(instantOf('Europe/Berlin', utc('2024-07-15T12:00:00'), 'later').atS).toBe(
      utc('2024-07-15T10:00:00'),
    )
  })

  it('that the clock shows twice has an earlier and a later reading', () => {
    const local = utc('2024-10-27T02:30:00')
    expect(instantOf('Europe/Berlin', local, 'earlier')).toEqual({
      atS: utc('2024-10-27T00:30:00'),
      clock: 'twice',
    })
    expect(instantOf('Europe/Berlin', local, 'later').atS).toBe(utc('2024-10-27T01:30:00'))
  })

  it('that the clock skips has one too', () => {
    const local = utc('2024-03-31T02:30:00')
    expect(instantOf('Europe/Berlin', local, 'earlier')).toEqual({
      atS: utc('2024-03-31T00:30:00'),
      clock: 'never',
    })
    expect(instantOf('Europe/Berlin', local, 'later').atS).toBe(utc('2024-03-31T01:30:00'))
  })

  it('comes back from its instant, in any zone, whenever the clock shows it at all', () => {
    const zones = ['Asia/Tokyo', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC']
    const seconds = fc.integer({ min: utc('1995-01-01T00:00:00'), max: utc('2035-01-01T00:00:00') })
    fc.assert(
      fc.property(fc.constantFrom(...zones), seconds, (zone, atS) => {
        const local = localAt(zone, atS)
        const instants = (['earlier', 'later'] as const).map((s) => instantOf(zone, local, s).atS)
        expect(instants).toContain(atS)
        for (const instant of instants) expect(localAt(zone, instant)).toBe(local)
      }),
    )
  })
})

describe('changes of the clock', () => {
  it('are found to the second', () => {
    const year = [utc('2024-01-01T00:00:00'), utc('2025-01-01T00:00:00')] as const
    expect(clockChanges('Europe/Berlin', ...year)).toEqual([
      { fromS: utc('2024-03-31T02:00:00'), toS: utc('2024-03-31T03:00:00'), clock: 'never' },
      { fromS: utc('2024-10-27T02:00:00'), toS: utc('2024-10-27T03:00:00'), clock: 'twice' },
    ])
    expect(clockChanges('Asia/Tokyo', ...year)).toEqual([])
  })
})

describe('a zone', () => {
  it('is an IANA name, no offset', () => {
    expect(['Europe/Berlin', 'UTC', '+02:00', 'Mars/Base', ''].map(isZone)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })
})
