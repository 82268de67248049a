import { describe, expect, it } from 'vitest'
import { bodyOf, emptyDraft, missingOf } from '../../console/pages/grants/draft.ts'
import { counted, lasting, spokenMask, wanted } from '../../console/words.ts'

describe('words', () => {
  it.each([
    [0, 'under a minute'],
    [59_999, 'under a minute'],
    [60_000, '1 min'],
    [3_600_000, '1 h'],
    [5_700_000, '1 h 35 min'],
    [86_399_999, '23 h 59 min'],
    [86_400_000, '1 day'],
    [200_000_000, '2 days'],
  ])('%d ms last %s', (ms, words) => {
    expect(lasting(ms)).toBe(words)
  })

  it('counts', () => {
    expect([0, 1, 2, 1200].map((count) => counted(count, 'customer'))).toEqual([
      '0 customers',
      '1 customer',
      '2 customers',
      '1,200 customers',
    ])
  })

  it.each([
    ['a•••@e•••.com', 'masked: a … @e … .com'],
    ['+81 ••• ••12', 'masked: +81 … … 12'],
    ['•••', 'masked: …'],
    ['Aiko T.', 'masked: Aiko T.'],
  ])('reads %s as %s', (mask, spoken) => {
    expect(spokenMask(mask).replace(/\s+/g, ' ')).toBe(spoken)
  })

  it('says what an exception lets one do', () => {
    expect(wanted({ kind: 'see', customerCount: 1, extra: 0 })).toBe('See 1 customer')
    expect(wanted({ kind: 'export', customerCount: 120, extra: 0 })).toBe('Export 120 customers')
    expect(wanted({ kind: 'budget', customerCount: 0, extra: 20 })).toBe('20 customers more today')
  })
})

describe('the draft of a request', () => {
  const empty = emptyDraft('fraud-check', '', [])

  it('says what is missing, in the order of the form', () => {
    expect(missingOf(empty, 0)).toContain('for whom')
    expect(missingOf(empty, 1)).toContain('which fields')
    expect(missingOf({ ...empty, fields: ['phone'] }, 1)).toContain('what for')
    expect(missingOf({ ...empty, fields: ['phone'], text: 'x' }, 1)).toBe(null)
    expect(missingOf({ ...empty, kind: 'budget', text: 'x' }, 0)).toBe(null)
  })

  it('sends numbers of tickets once each, however they are set apart, and nothing of another kind', () => {
    const draft = { ...empty, tickets: ' T-1, T-2;T-1\nT-3 ', fields: ['phone'], text: ' why ' }
    expect(bodyOf(draft, ['h'])).toMatchObject({
      tickets: ['T-1', 'T-2', 'T-3'],
      ticket: null,
      handles: ['h'],
      text: 'why',
      extra: 0,
    })
    expect(bodyOf({ ...draft, tickets: 'T-1' }, []).ticket).toBe('T-1')
    expect(bodyOf({ ...draft, kind: 'budget', emergency: true }, ['h'])).toMatchObject({
      tickets: [],
      handles: [],
      fields: [],
      emergency: false,
      extra: 20,
    })
  })
})
