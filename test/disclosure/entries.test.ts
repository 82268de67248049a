import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ErrorCode, TelltaleError } from '../../src/base/errors.ts'
import { DISCLOSURE_CUSTOMERS_MAX } from '../../src/base/limits.ts'
import { disclosureLine, parseDisclosureLine } from '../../src/disclosure/entries.ts'
import { checkDisclosure } from '../../src/tlog/sealed.ts'
import { anyDisclosure } from '../tlog/disclosures.ts'

const base = { agent: 'ada', customer: 'C-1', at: '2026-03-01T14:05:00Z' }
const parse = (own: object) => parseDisclosureLine(JSON.stringify({ ...base, ...own }))

/** The code and sentence of the error that a text ends with. */
function refusal(text: string): [ErrorCode, string] | null {
  try {
    parseDisclosureLine(text)
  } catch (error) {
    if (!(error instanceof TelltaleError)) throw error
    return [error.code, error.message]
  }
  return null
}

describe('a line', () => {
  it('needs an agent, a customer and a time, and takes defaults for the rest', () => {
    expect(parse({})).toEqual({
      agent: 'ada',
      atMs: Date.UTC(2026, 2, 1, 14, 5),
      customers: ['C-1'],
      fields: [],
      masked: [],
      grade: 'none',
      path: 'api',
      purpose: 'none',
      query: null,
      queue: null,
      reference: null,
      session: null,
      writer: null,
    })
  })

  it('may say everything', () => {
    const { customer, ...rest } = base
    const full = {
      ...rest,
      customers: ['b', 'a', 'b'],
      fields: ['phone', 'mail'],
      masked: ['passport'],
      purpose: 'call',
      reference: 'R-1',
      grade: 'customer',
      path: 'desk',
      queue: 'billing',
      session: 's',
      query: 'line one\n\tline two',
      writer: 'desk-1',
    }
    expect(parseDisclosureLine(JSON.stringify(full))).toMatchObject({
      customers: ['a', 'b'],
      fields: ['mail', 'phone'],
      masked: ['passport'],
      purpose: 'call',
      reference: 'R-1',
      grade: 'customer',
      path: 'desk',
      queue: 'billing',
      session: 's',
      query: 'line one\n\tline two',
      writer: 'desk-1',
    })
  })

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(anyDisclosure, (d) => {
        expect(parseDisclosureLine(disclosureLine(d))).toEqual(d)
      }),
      { numRuns: 500 },
    )
  })

  it('takes names of fields in one text', () => {
    for (const fields of ['phone,mail', 'mail; phone', ' mail  phone ', 'mail,phone,mail']) {
      expect(parse({ fields }).fields).toEqual(['mail', 'phone'])
    }
    for (const fields of ['', [], null]) expect(parse({ fields }).fields).toEqual([])
  })

  it('takes numbers for names where they are exact', () => {
    const own = {
      agent: 7,
      customer: 9007199254740991,
      queue: 3,
      session: 0,
      reference: 12,
      purpose: 'grant',
    }
    expect(parse(own)).toMatchObject({
      agent: '7',
      customers: ['9007199254740991'],
      queue: '3',
      session: '0',
      reference: '12',
    })
    const { customer, ...rest } = base
    const line = JSON.stringify({ ...rest, customers: [10, 9, '9'] })
    expect(parseDisclosureLine(line).customers).toEqual(['10', '9'])
  })

  it.each([
    [{ purpose: 'ticket:T-1' }, 'ticket', 'T-1'],
    [{ purpose: 'call:a:b' }, 'call', 'a:b'],
    [{ purpose: 'grant' }, 'grant', null],
    [{ purpose: 'ticket', reference: 'T-1' }, 'ticket', 'T-1'],
    [{ purpose: 'ticket', ticket: 'T-1' }, 'ticket', 'T-1'],
    [{ ticket: 'T-1' }, 'ticket', 'T-1'],
    [{ ticket: 71 }, 'ticket', '71'],
    [{ purpose: null, ticket: null, reference: null }, 'none', null],
  ])('says its purpose: %j', (own, purpose, reference) => {
    expect(parse(own)).toMatchObject({ purpose, reference })
  })

  it.each([
    ['2026-03-01T14:05:00Z', Date.UTC(2026, 2, 1, 14, 5)],
    ['2026-03-01t14:05:00z', Date.UTC(2026, 2, 1, 14, 5)],
    ['2026-03-01T14:05:00.5+01:00', Date.UTC(2026, 2, 1, 13, 5, 0, 500)],
    ['2026-03-01T14:05:00.0129999-05:30', Date.UTC(2026, 2, 1, 19, 35, 0, 12)],
    ['2024-02-29T00:00:00-00:00', Date.UTC(2024, 1, 29)],
    ['1990-01-01T00:00:00Z', Date.UTC(1990, 0, 1)],
    ['9999-12-31T23:59:59.999Z', Date.UTC(9999, 11, 31, 23, 59, 59, 999)],
    [1_772_373_900, 1_772_373_900_000],
    [1_772_373_900_123, 1_772_373_900_123],
    [99_999_999_999, 99_999_999_999_000],
  ])('has a time: %s', (at, atMs) => {
    expect(parse({ at }).atMs).toBe(atMs)
  })

  it.each<[string, string, string]>([
    ['no JSON', '{"agent":', 'not JSON'],
    ['nothing', '', 'not JSON'],
    ['two objects', '{} {}', 'not JSON'],
    ['a list', '[]', 'not a JSON object'],
    ['null', 'null', 'not a JSON object'],
    ['a number', '7', 'not a JSON object'],
  ])('is refused where it is %s', (_, text, problem) => {
    expect(refusal(text)).toEqual(['DISCLOSURE_MALFORMED', expect.stringContaining(problem)])
  })

  it.each<[string, object, string]>([
    ['no agent', { agent: undefined }, 'no agent'],
    ['null for an agent', { agent: null }, 'no agent'],
    ['no customer', { customer: undefined }, 'no customer'],
    ['no customers', { customer: undefined, customers: [] }, 'names no customer'],
    ['both customer and customers', { customers: ['C-2'] }, 'both'],
    ['customers that are no list', { customer: undefined, customers: 'C-1' }, 'no list'],
    [
      'null among customers',
      { customer: undefined, customers: ['a', null] },
      'customers is no text',
    ],
    ['an unknown key', { colour: 'red' }, 'not known'],
    ['a key of objects', { toString: 'red' }, 'not known'],
    ['an object for a name', { agent: { name: 'ada' } }, 'object'],
    ['a list for a name', { agent: ['ada'] }, 'agent is no text'],
    ['a truth value', { session: true }, 'session is no text'],
    ['an empty queue', { queue: '' }, 'queue is empty'],
    ['a list for a queue', { queue: ['billing'] }, 'queue is no text'],
    ['a queue of 257 bytes', { queue: 'x'.repeat(257) }, 'queue is longer than 256 bytes'],
    ['a number for a query', { query: 1 }, 'query is no text'],
    ['an empty agent', { agent: '' }, 'agent is empty'],
    ['a lone surrogate', { customer: 'a\ud800' }, 'customers is not Unicode'],
    ['a control character', { agent: 'a\u001b[2J' }, 'agent holds a control character'],
    ['a line break in a name', { session: 'a\nb' }, 'session holds a control character'],
    ['a name of 257 bytes', { agent: 'x'.repeat(257) }, 'agent is longer than 256 bytes'],
    ['a query of 8193 bytes', { query: 'x'.repeat(8193) }, 'query is longer than 8192 bytes'],
    ['a fraction for a name', { customer: 1.5 }, 'customer is not whole'],
    ['a number that is not exact', { customer: 2 ** 53 }, 'beyond 2^53'],
    ['a number for a field', { fields: [1.5] }, 'fields is not whole'],
    ['fields that are neither', { fields: 7 }, 'neither a list nor a text'],
    ['a field both clear and masked', { fields: 'mail', masked: 'mail' }, 'both shown clear and'],
    ['a purpose there is not', { purpose: 'fun' }, 'purpose is none of'],
    ['an empty reference', { purpose: 'ticket:' }, 'reference is empty'],
    ['no purpose for a reference', { reference: 'T-1' }, 'no purpose'],
    ['no purpose for a number', { purpose: 'none:T-1' }, 'no purpose'],
    ['two references', { purpose: 'ticket:T-1', ticket: 'T-1' }, 'more than one reference'],
    ['a ticket for a call', { purpose: 'call', ticket: 'T-1' }, 'purpose call'],
    ['a grade there is not', { grade: 'best' }, 'grade is none of'],
    ['a path there is not', { path: 'fax' }, 'path is none of'],
    ['no time', { at: undefined }, 'no at'],
    ['a time without offset', { at: '2026-03-01T14:05:00' }, 'offset'],
    ['a day alone', { at: '2026-03-01' }, 'offset'],
    ['a time in words', { at: 'yesterday' }, 'offset'],
    ['a number as text', { at: '1772373900' }, 'offset'],
    ['30 February', { at: '2026-02-30T00:00:00Z' }, 'calendar'],
    ['29 February of no leap year', { at: '2100-02-29T00:00:00Z' }, 'calendar'],
    ['month 0', { at: '2026-00-01T00:00:00Z' }, 'calendar'],
    ['month 13', { at: '2026-13-01T00:00:00Z' }, 'calendar'],
    ['hour 24', { at: '2026-03-01T24:00:00Z' }, 'offset'],
    ['an offset no clock has', { at: '2026-03-01T14:05:00+19:00' }, 'offset'],
    ['a fraction of a millisecond', { at: 1_772_373_900.5 }, 'no whole number'],
    ['a time before 1990', { at: '1989-12-31T23:59:59Z' }, 'before 1990'],
    ['a time before 1970', { at: -1 }, 'before 1990'],
    ['year 0', { at: '0000-01-01T00:00:00Z' }, 'before 1990'],
    ['a time after 9999', { at: 253_402_300_800_000 }, 'future'],
    ['a time that is true', { at: true }, 'offset'],
  ])('is refused with %s', (_, own, problem) => {
    const text = JSON.stringify({ ...base, ...own })
    expect(refusal(text)).toEqual(['DISCLOSURE_MALFORMED', expect.stringContaining(problem)])
  })

  it('is refused where a key stands twice, however it is spelt', () => {
    const text = JSON.stringify(base).slice(0, -1)
    for (const more of ['"agent":"eve"', '"agent" : "eve"', '"\\u0061gent":"eve"', '"at":1']) {
      expect(refusal(`${text},${more}}`)?.[1], more).toContain('twice')
    }
    expect(parse({ query: 'select "agent": \\" :"', session: '":' }).query).toContain('":')
  })

  it('is refused where it names too many customers, none of them taken', () => {
    const { customer, ...rest } = base
    const customers = Array.from({ length: DISCLOSURE_CUSTOMERS_MAX }, (_, i) => i)
    expect(parseDisclosureLine(JSON.stringify({ ...rest, customers })).customers).toHaveLength(
      DISCLOSURE_CUSTOMERS_MAX,
    )
    const more = JSON.stringify({ ...rest, customers: [...customers, 'one more'] })
    expect(refusal(more)?.[1]).toContain('more than 65536 customers')
  })

  it('is refused where a text in it is far too long, without running out of stack', () => {
    for (const query of [
      'x'.repeat(2e7),
      '\\n'.repeat(1e7),
      '\\"'.repeat(1e7),
      '\\\\'.repeat(1e7),
    ]) {
      const text = `{"agent":"a","customer":"c","at":1772373900,"query":"${query}"}`
      expect(refusal(text)?.[1]).toContain('query is longer')
    }
    expect(refusal('['.repeat(1e6) + ']'.repeat(1e6))?.[1]).toContain('not a JSON object')
  })

  it('is refused where its time lies after the latest one allowed', () => {
    const text = JSON.stringify(base)
    const atMs = Date.UTC(2026, 2, 1, 14, 5)
    expect(parseDisclosureLine(text, atMs).atMs).toBe(atMs)
    expect(() => parseDisclosureLine(text, atMs - 1)).toThrow('future')
  })

  it('ends in a disclosure or in our own error, whatever it holds', () => {
    const keys = fc.constantFrom('agent', 'customer', 'customers', 'at', 'fields', 'purpose', 'x')
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.dictionary(keys, fc.jsonValue()).map((own) => JSON.stringify({ ...base, ...own })),
    )
    fc.assert(
      fc.property(line, (text) => {
        if (refusal(text) === null) checkDisclosure(parseDisclosureLine(text))
        else expect(refusal(text)?.[0]).toBe('DISCLOSURE_MALFORMED')
      }),
      { numRuns: 2000 },
    )
  })
})
