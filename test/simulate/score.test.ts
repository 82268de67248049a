import { describe, expect, test } from 'vitest'
import type { Leak } from '../../simulate/scales.ts'
import { scoreVerdict, type Verdict } from '../../simulate/score.ts'
import { describeScore, readAffected } from '../../simulate/scorecard.ts'
import type { Truth } from '../../simulate/truth.ts'
import { pseudonym } from '../../src/base/ids.ts'
import type { Accused } from '../../src/cases/document.ts'
import { DEFAULTS } from './worlds.ts'

const FIELDS = { all: ['name', 'phone', 'payment'], taken: ['name', 'phone'] }

/** A world of ten customers: mallory took c1 to c4, c4 without a trace in the log. */
function truthOf(leak: Leak = 'agent', leakers = ['mallory']): Truth {
  const customers = leak === 'agent' || leak === 'two' ? ['c1', 'c2', 'c3', 'c4'] : []
  const takings = customers.map((customer, i) => ({
    customer,
    agent: leakers[i % leakers.length],
    logged: customer !== 'c4',
    called: true,
  }))
  return {
    takings,
    summary: {
      format: 'telltale-truth/1',
      options: { ...DEFAULTS, leak },
      log: { from: '2019-04-01T00:00:00Z', to: '2019-06-30T00:00:00Z' },
      leakers: takings.length > 0 ? leakers : [],
      taken: takings.length,
      logged: takings.filter((t) => t.logged).length,
      sold: 4,
      called: 4,
      segments: [
        { segment: 'consumer', customers: 7, taken: takings.length },
        { segment: 'government', customers: 3, taken: 0 },
      ],
      regions: [],
      fields: FIELDS,
      copy: null,
      reports: [],
    },
  }
}

function accused(agent: string): Accused {
  return { agent, pseudonym: pseudonym(agent), log10Evidence: 4, gamma: 3, margin: 4 }
}

function verdict(kind: Verdict['verdict'], named: string[] = [], leading: string[] = []): Verdict {
  const affected = named.map((agent) => ({
    agent,
    window: { from: '', to: '' },
    tiers: [],
    segments: [
      { segment: 'consumer', customers: 7, shown: 5 },
      { segment: 'government', customers: 3, shown: 0 },
    ],
    sample: [],
  }))
  return { verdict: kind, named: named.map(accused), leading: leading.map(accused), affected }
}

describe('naming', () => {
  test.each<[string, Leak, Verdict, string]>([
    ['the leaker', 'agent', verdict('named', ['mallory']), 'right'],
    ['an innocent', 'agent', verdict('named', ['alice']), 'wrong'],
    ['the leaker and an innocent', 'agent', verdict('named', ['mallory', 'alice']), 'wrong'],
    ['nobody, though the leaker leads', 'agent', verdict('leading', [], ['mallory']), 'undecided'],
    ['nobody', 'agent', verdict('undecided'), 'undecided'],
    ['a copy that there was not', 'agent', verdict('outside'), 'wrong'],
    ['nobody when nobody leaked', 'none', verdict('undecided'), 'right'],
    ['an innocent when nobody leaked', 'none', verdict('named', ['mallory']), 'wrong'],
    ['a copy when nobody leaked', 'none', verdict('outside'), 'wrong'],
    [
      'an innocent in the lead when nobody leaked',
      'none',
      verdict('leading', [], ['alice']),
      'undecided',
    ],
    ['the copy', 'outside', verdict('outside'), 'right'],
    ['an innocent when a copy left', 'outside', verdict('named', ['alice']), 'wrong'],
    ['nobody when a copy left', 'outside', verdict('undecided'), 'undecided'],
  ])('%s (%s leaked)', (_, leak, found, naming) => {
    expect(scoreVerdict(found, [], truthOf(leak)).naming).toBe(naming)
  })

  test('of one of two leakers is right but not complete', () => {
    const truth = truthOf('two', ['mallory', 'trudy'])
    const one = scoreVerdict(verdict('named', ['trudy']), [], truth)
    expect([one.naming, one.complete]).toEqual(['right', false])
    expect(describeScore(one, truth)).toContain('but not everybody')
    const both = scoreVerdict(verdict('named', ['trudy', 'mallory']), [], truth)
    expect([both.naming, both.complete]).toEqual(['right', true])
  })

  test('says who is innocent', () => {
    const truth = truthOf()
    const score = scoreVerdict(verdict('named', ['mallory', 'alice'], ['bob']), [], truth)
    expect(score.leakersNamed).toEqual(['mallory'])
    expect(score.innocentsNamed).toEqual(['alice'])
    expect(score.innocentsLeading).toEqual(['bob'])
    const text = describeScore(score, truth)
    expect(text).toContain('Naming: wrong')
    expect(text).toContain('INNOCENT and named: alice')
  })
})

describe('the affected list', () => {
  const list = readAffected(
    [
      'agent,customer,tier,first_at,fields',
      'mallory,c1,reported,2019-04-09T08:00:00Z,name;phone',
      'mallory,c2,unexplained,2019-04-09T08:00:00Z,name',
      'mallory,c5,unexplained,2019-04-09T08:00:00Z,"name, phone"',
      'mallory,c6,explained,2019-04-09T08:00:00Z,name',
      'mallory,c7,explained,2019-04-09T08:00:00Z,',
    ].join('\r\n'),
  )
  const truth = truthOf()
  const score = scoreVerdict(verdict('named', ['mallory']), list, truth)

  test('is read by the names of its columns', () => {
    expect(list[2]).toEqual({ customer: 'c5', tier: 'unexplained', fields: ['name', 'phone'] })
    expect(list[4].fields).toEqual([])
  })

  test('has precision and recall, by tier and together', () => {
    const third = 1 / 3
    expect(score.tiers).toEqual([
      { tier: 'reported', listed: 1, taken: 1, precision: 1, recall: 0.25, recallLogged: third },
      {
        tier: 'unexplained',
        listed: 2,
        taken: 1,
        precision: 0.5,
        recall: 0.25,
        recallLogged: third,
      },
      { tier: 'explained', listed: 2, taken: 0, precision: 0, recall: 0, recallLogged: 0 },
      { tier: 'all', listed: 5, taken: 2, precision: 0.4, recall: 0.5, recallLogged: 2 * third },
    ])
  })

  test('leaves out customers; those taken all the same are counted by whose fault it is', () => {
    expect(score.notListed).toEqual({ customers: 5, takenLogged: 1, takenUnlogged: 1 })
  })

  test('lists a customer of two leakers once', () => {
    const doubled = [...list, { customer: 'c1', tier: 'reported', fields: [] }]
    const again = scoreVerdict(verdict('named', ['mallory']), doubled, truth)
    expect(again.tiers).toEqual(score.tiers)
  })

  test('makes statements of what was not touched, which hold or do not', () => {
    expect(score.untouched).toEqual([
      { what: 'no government customer', holds: true },
      { what: 'no payment field', holds: true },
    ])
    const segments = truth.summary.segments.map((s) => ({ ...s, taken: 1 }))
    const fields = { all: FIELDS.all, taken: FIELDS.all }
    const worse = { ...truth, summary: { ...truth.summary, segments, fields } }
    const refuted = scoreVerdict(verdict('named', ['mallory']), list, worse)
    expect(refuted.untouched.map((u) => u.holds)).toEqual([false, false])
    expect(describeScore(refuted, worse)).toContain('no payment field: FALSE')
  })

  test('that is empty scores nothing and claims nothing', () => {
    const empty = scoreVerdict(verdict('undecided'), [], truth)
    expect(empty.untouched).toEqual([])
    expect(empty.tiers).toHaveLength(1)
    expect(empty.tiers[0]).toMatchObject({
      tier: 'all',
      listed: 0,
      precision: Number.NaN,
      recall: 0,
    })
    expect(describeScore(empty, truth)).not.toContain('Affected list')
  })
})
