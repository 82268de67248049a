import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Advice, FieldClass, GrantFacts, Role } from '../../src/guard/facts.ts'
import type { Policies, Question, Showing } from '../../src/guard/policy.ts'
import { readPolicies } from '../../src/policies.ts'
import { GRADES, PURPOSES } from '../../src/tlog/header.ts'
import {
  type AskingQuestion,
  type DecidingQuestion,
  mayAsk,
  mayDecide,
  mayShow,
  type ShowingQuestion,
} from './oracle.ts'

const BOTH = [true, false] as const
const CLASSES = ['identity', 'contact', 'reference', 'sensitive', 'text'] as const
const SHOWINGS: readonly Showing[] = ['look masked', 'look clear', 'reveal', 'export', 'call']
const KINDS = ['see', 'export', 'budget'] as const
const ROLES: readonly Role[] = ['agent', 'lead', 'officer', 'admin']
const AGENT = { roles: ['agent'], kind: 'person' } as const

let policies: Policies
beforeAll(async () => {
  policies = await readPolicies()
})

/** Every combination of one value of each list. */
function* every<T extends Record<string, readonly unknown[]>>(
  lists: T,
): Generator<{ [Key in keyof T]: T[Key][number] }> {
  const [[key, values] = [], ...rest] = Object.entries(lists)
  if (key === undefined) return yield {} as never
  for (const tail of every(Object.fromEntries(rest))) {
    for (const value of values ?? []) yield { [key]: value, ...tail } as never
  }
}

const say = (q: Question) => JSON.stringify(q)

describe('the table of docs/desk.md', () => {
  it('is what an agent is shown: every purpose, grade and class, by every action', () => {
    const wrong: string[] = []
    let count = 0
    for (const purpose of PURPOSES) {
      const isGrant = purpose === 'grant'
      for (const one of every({
        live: BOTH,
        grade: isGrant ? (['colleague', 'self', 'customer'] as const) : GRADES,
        named: isGrant ? BOTH : ([false] as const),
        kind: isGrant ? KINDS : ([null] as const),
        steppedUp: BOTH,
        class: CLASSES,
        action: SHOWINGS,
      })) {
        const { class: fieldClass, action, ...context } = one
        const q: ShowingQuestion = {
          asker: AGENT,
          action,
          class: fieldClass,
          context: { present: true, purpose, ...context },
        }
        count++
        const answer = policies.answer(q)
        if (answer.allowed !== mayShow(q)) wrong.push(say(q))
        // A refusal names the policy that refused.
        if (!answer.allowed && action === 'reveal' && answer.policies.length === 0) {
          wrong.push(`${say(q)} says nothing`)
        }
        if (answer.allowed !== (answer.advice === null)) wrong.push(`${say(q)} advises oddly`)
      }
    }
    expect(wrong).toEqual([])
    expect(count).toBeGreaterThan(3000)
  })

  it('is what anybody is shown: a sample of all roles, sessions and oddities', () => {
    fc.assert(
      fc.property(anyShowing, (q) => {
        expect(policies.answer(q).allowed, say(q)).toBe(mayShow(q))
      }),
      { numRuns: 2500 },
    )
  })

  it('is who decides and reviews', () => {
    const wrong: string[] = []
    for (const one of every({
      roles: [['lead'], ['officer'], ['agent']] as readonly Role[][],
      action: ['decide', 'review'] as const,
      kind: KINDS,
      steppedUp: BOTH,
      approve: BOTH,
      rank: [0, 1, 2, 3],
      samePerson: BOTH,
      sameDevice: BOTH,
    })) {
      const { roles, action, kind, ...context } = one
      const q: DecidingQuestion = {
        asker: { roles, kind: 'person' },
        action,
        kind,
        context: { present: true, ...context },
      }
      const answer = policies.answer(q)
      if (answer.allowed !== mayDecide(q)) wrong.push(say(q))
      if (!answer.allowed && answer.policies.length === 0) wrong.push(`${say(q)} says nothing`)
    }
    expect(wrong).toEqual([])
  })

  it('is who decides and reviews, with any roles and no session', () => {
    fc.assert(
      fc.property(anyDeciding, (q) => {
        expect(policies.answer(q).allowed, say(q)).toBe(mayDecide(q))
      }),
      { numRuns: 1000 },
    )
  })

  it('is who asks', () => {
    for (const one of every({
      roles: [[], ['agent'], ['lead'], ['officer'], ['admin'], ['agent', 'admin']] as Role[][],
      service: BOTH,
      kind: KINDS,
      present: BOTH,
      steppedUp: BOTH,
      emergency: BOTH,
      rank: [0, 1, 2, 3],
    })) {
      const { roles, service, kind, ...context } = one
      const asker = { roles, kind: service ? ('service' as const) : ('person' as const) }
      const q: AskingQuestion = { asker, action: 'ask', kind, context }
      expect(policies.answer(q).allowed, say(q)).toBe(mayAsk(q))
    }
  })

  it.each<['search' | 'manage', Role[], boolean]>([
    ['search', ['agent'], true],
    ['search', ['lead'], true],
    ['search', ['officer'], false],
    ['search', ['admin'], false],
    ['search', ['agent', 'admin'], false],
    ['search', [], false],
    ['manage', ['admin'], true],
    ['manage', ['agent', 'admin'], true],
    ['manage', ['officer'], false],
    ['manage', ['lead'], false],
    ['manage', [], false],
  ])('lets %s by %j: %s', (action, roles, allowed) => {
    const ask = (present: boolean) =>
      policies.answer({
        asker: { roles, kind: 'person' },
        action,
        context: { present, steppedUp: false },
      })
    expect(ask(true).allowed).toBe(allowed)
    expect(ask(true).policies).not.toEqual([])
    expect(ask(false).allowed).toBe(false)
  })
})

describe('a refusal', () => {
  const ticket = {
    present: true,
    purpose: 'ticket',
    live: true,
    grade: 'routed',
    named: false,
    kind: null,
    steppedUp: false,
  } as const
  const grant = {
    ...ticket,
    purpose: 'grant',
    grade: 'colleague',
    named: true,
    kind: 'see',
  } as const
  type Context = ShowingQuestion['context']

  it.each<[string, FieldClass, Context, string[], Advice | null]>([
    ['a good ticket', 'contact', ticket, ['ticket-reveal'], null],
    ['a weak one', 'contact', { ...ticket, grade: 'colleague' }, ['weak-ticket'], 'ask-code'],
    ['a weak one', 'text', { ...ticket, grade: 'self' }, ['weak-ticket'], 'ask-code'],
    [
      'a good ticket',
      'sensitive',
      ticket,
      ['sensitive-by-exception', 'sensitive-step-up'],
      'ask-grant',
    ],
    [
      'a closed one',
      'contact',
      { ...ticket, live: false, grade: 'none' },
      ['ticket-ended', 'weak-ticket'],
      'take-next',
    ],
    ['a grant', 'contact', grant, ['grant-reveal'], null],
    ['a grant without step-up', 'sensitive', grant, ['sensitive-step-up'], 'step-up'],
    [
      'a grant of others',
      'contact',
      { ...grant, named: false },
      ['grant-names-others'],
      'ask-grant',
    ],
    ['a grant that ended', 'contact', { ...grant, live: false }, ['grant-ended'], 'ask-grant'],
    ['a grant for a file', 'contact', { ...grant, kind: 'export' }, ['only-to-see'], 'ask-grant'],
    [
      'nothing',
      'contact',
      { ...ticket, purpose: 'none', live: false },
      ['no-purpose'],
      'take-next',
    ],
    ['a session that ended', 'contact', { ...ticket, present: false }, ['nobody-there'], 'never'],
  ])('by %s of %s says who refused and what would help', (_, fieldClass, context, ids, advice) => {
    const q: Question = { asker: AGENT, action: 'reveal', class: fieldClass, context }
    expect(policies.answer(q)).toMatchObject({ allowed: advice === null, policies: ids, advice })
    expect(policies.answer(q).why === null).toBe(advice === null)
  })
})

const anyAsker = fc.record({
  roles: fc.subarray([...ROLES]),
  kind: fc.constantFrom('person' as const, 'service' as const),
})
const mostlyTrue = fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.boolean())
const anyShowing: fc.Arbitrary<ShowingQuestion> = fc.record({
  asker: anyAsker,
  action: fc.constantFrom(...SHOWINGS),
  class: fc.constantFrom(...CLASSES),
  context: fc.record({
    present: mostlyTrue,
    purpose: fc.constantFrom(...PURPOSES),
    live: mostlyTrue,
    grade: fc.constantFrom(...GRADES),
    named: mostlyTrue,
    kind: fc.constantFrom<GrantFacts['kind'] | null>(...KINDS, null),
    steppedUp: fc.boolean(),
  }),
})
const anyDeciding: fc.Arbitrary<DecidingQuestion> = fc.record({
  asker: anyAsker,
  action: fc.constantFrom('decide' as const, 'review' as const),
  kind: fc.constantFrom(...KINDS),
  context: fc.record({
    present: mostlyTrue,
    steppedUp: mostlyTrue,
    approve: fc.boolean(),
    rank: fc.integer({ min: 0, max: 3 }),
    samePerson: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.boolean()),
    sameDevice: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.boolean()),
  }),
})
