import { beforeAll, describe, expect, it } from 'vitest'
import type { FieldClass } from '../../src/guard/facts.ts'
import type { Policies } from '../../src/guard/policy.ts'
import { readPolicies } from '../../src/policies.ts'
import type { ShowingQuestion } from './oracle.ts'

const AGENT = { roles: ['agent'], kind: 'person' } as const

let policies: Policies
beforeAll(async () => {
  policies = await readPolicies()
})

describe('odd questions', () => {
  const good: ShowingQuestion = {
    asker: AGENT,
    action: 'look clear',
    class: 'reference',
    context: {
      present: true,
      purpose: 'ticket',
      live: true,
      grade: 'customer',
      named: true,
      kind: 'see',
      steppedUp: true,
    },
  }
  const never = { allowed: false, policies: [], advice: 'never', why: null }

  it('are refused: whatever is missing', () => {
    expect(policies.answer(good).allowed).toBe(true)
    for (const key of Object.keys(good.context).filter((key) => key !== 'kind')) {
      const context = { ...good.context, [key]: undefined }
      expect(policies.answer({ ...good, context } as never), key).toEqual(never)
      expect(policies.answer({ ...good, context: { ...context, [key]: null } } as never)).toEqual(
        never,
      )
    }
    for (const key of Object.keys(good)) {
      expect(policies.answer({ ...good, [key]: undefined } as never), key).toEqual(never)
    }
  })

  it('are refused: whatever is none of ours', () => {
    const odd: unknown[] = ['', 'Contact', 'x', '"', 1, true, {}, [], { __entity: 1 }, Number.NaN]
    for (const value of odd) {
      expect(policies.answer({ ...good, class: value } as never)).toEqual(never)
      expect(policies.answer({ ...good, action: value } as never)).toEqual(never)
      expect(policies.answer({ ...good, asker: value } as never).allowed).toBe(false)
      const asker = { ...AGENT, roles: [value] }
      expect(policies.answer({ ...good, asker } as never)).toEqual(never)
      for (const key of ['purpose', 'grade', 'live', 'present'] as const) {
        if (value === good.context[key]) continue
        const context = { ...good.context, [key]: value }
        expect(policies.answer({ ...good, context } as never), `${key} ${value}`).toEqual(never)
      }
    }
  })

  it('do not make a known answer another one', () => {
    for (let i = 0; i < 200; i++) {
      policies.answer({ ...good, class: `made-up-${i}` as FieldClass })
    }
    expect(policies.answer(good).allowed).toBe(true)
    expect(policies.answer({ ...good, class: 'sensitive' }).allowed).toBe(false)
  })
})
