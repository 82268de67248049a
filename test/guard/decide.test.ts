import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { decideFields, decideReveal, type Situation } from '../../src/guard/decide.ts'
import type { Advice, FieldClass, FieldSpec, View } from '../../src/guard/facts.ts'
import type { Policies } from '../../src/guard/policy.ts'
import { readPolicies } from '../../src/policies.ts'
import { GRADES, type Grade } from '../../src/tlog/header.ts'

const FIELDS: readonly FieldSpec[] = [
  { name: 'name', class: 'identity', mask: 'name' },
  { name: 'phone', class: 'contact', mask: 'phone' },
  { name: 'product', class: 'reference', mask: 'reference' },
  { name: 'notes', class: 'text', mask: 'text' },
  { name: 'payment', class: 'sensitive', mask: 'text' },
]

let policies: Policies
beforeAll(async () => {
  policies = await readPolicies()
})

const byTicket = (grade: Grade): Situation => ({
  asker: { roles: ['agent'], kind: 'person' },
  present: true,
  purpose: { kind: 'ticket', reference: 'T-1', queue: 'billing', grade, ended: null },
  grant: null,
  steppedUp: false,
})
const byGrant = (fields: readonly string[], steppedUp = false): Situation => ({
  ...byTicket('colleague'),
  purpose: { kind: 'grant', reference: 'g-1', queue: null, grade: 'colleague', ended: null },
  grant: { kind: 'see', fields },
  steppedUp,
})
const all = FIELDS.map(({ name }) => name)

type Row = [FieldClass, View, 'clear' | null, Advice | null]
const rowsOf = (situation: Situation): Row[] =>
  decideFields(policies, situation, FIELDS).map(({ field, view, onReveal, advice }) => [
    field.class,
    view,
    onReveal,
    advice,
  ])

describe('a page shows', () => {
  it.each<Grade>(['customer', 'routed'])('by a ticket of grade %s', (grade) => {
    expect(rowsOf(byTicket(grade))).toEqual([
      ['identity', 'masked', 'clear', 'reveal'],
      ['contact', 'masked', 'clear', 'reveal'],
      ['reference', 'clear', null, null],
      ['text', 'clear', null, null],
      ['sensitive', 'hidden', null, 'ask-grant'],
    ])
  })

  it.each<Grade>(['colleague', 'self'])('by a ticket of grade %s', (grade) => {
    expect(rowsOf(byTicket(grade))).toEqual([
      ['identity', 'masked', null, 'ask-code'],
      ['contact', 'masked', null, 'ask-code'],
      ['reference', 'clear', null, null],
      ['text', 'hidden', null, 'ask-code'],
      ['sensitive', 'hidden', null, 'ask-grant'],
    ])
  })

  it('by a grant that names the field', () => {
    expect(rowsOf(byGrant(all))).toEqual([
      ['identity', 'hidden', 'clear', 'reveal'],
      ['contact', 'hidden', 'clear', 'reveal'],
      ['reference', 'clear', null, null],
      ['text', 'hidden', 'clear', 'reveal'],
      ['sensitive', 'hidden', null, 'step-up'],
    ])
    expect(rowsOf(byGrant(all, true))[4]).toEqual(['sensitive', 'hidden', 'clear', 'reveal'])
    expect(
      rowsOf(byGrant([], true)).map(([, view, onReveal, advice]) => [view, onReveal, advice]),
    ).toEqual(FIELDS.map(() => ['hidden', null, 'ask-grant']))
  })

  it('nothing to whoever is not there, or has no role at the desk', () => {
    const hidden = FIELDS.map((field) => [field.class, 'hidden', null, 'never'])
    expect(rowsOf({ ...byTicket('customer'), present: false })).toEqual(hidden)
    for (const roles of [[], ['officer'], ['admin'], ['agent', 'admin']] as const) {
      expect(rowsOf({ ...byTicket('customer'), asker: { roles, kind: 'person' } })).toEqual(hidden)
    }
  })

  it('by policies that it names', () => {
    const [name, , product] = decideFields(policies, byTicket('self'), FIELDS)
    expect(name.policies).toEqual(['ticket-recognise', 'weak-ticket'])
    expect(product.policies).toEqual(['ticket-reference'])
  })
})

describe('revealing', () => {
  const anySituation: fc.Arbitrary<Situation> = fc.record({
    asker: fc.record({
      roles: fc.subarray(['agent', 'lead', 'officer', 'admin'] as const),
      kind: fc.constantFrom('person', 'service'),
    }),
    present: fc.boolean(),
    purpose: fc.record({
      kind: fc.constantFrom('ticket', 'grant', 'call', 'none'),
      reference: fc.constant('T-1'),
      queue: fc.constant(null),
      grade: fc.constantFrom(...GRADES),
      ended: fc.constantFrom(null, 'closed', 'over'),
    }),
    grant: fc.option(
      fc.record({
        kind: fc.constantFrom('see', 'export', 'budget'),
        fields: fc.subarray([...all]),
      }),
    ),
    steppedUp: fc.boolean(),
  })

  it('gives exactly what the page said that it would, and what the page shows clear', () => {
    fc.assert(
      fc.property(anySituation, (situation) => {
        const page = decideFields(policies, situation, FIELDS)
        const revealed = decideReveal(policies, situation, FIELDS)
        for (const [i, { view, onReveal }] of page.entries()) {
          const isClear = view === 'clear' || onReveal === 'clear'
          expect(revealed[i].view).toBe(isClear ? 'clear' : 'hidden')
          expect(revealed[i].advice === null).toBe(isClear)
        }
      }),
    )
  })
})
