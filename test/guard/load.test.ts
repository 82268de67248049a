import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createPolicies, type Question } from '../../src/guard/policy.ts'
import { readPolicies } from '../../src/policies.ts'

const dir = join(import.meta.dirname, '../../policies')
const file = (name: string) => ({ file: name, text: readFileSync(join(dir, name), 'utf8') })
const schema = file('telltale.cedarschema')
const shipped = ['showing.cedar', 'deciding.cedar'].map(file)
const withMore = (text: string) =>
  createPolicies(schema, [...shipped, { file: 'more.cedar', text }])

const decide: Question = {
  asker: { roles: ['lead'], kind: 'person' },
  action: 'decide',
  kind: 'see',
  context: {
    present: true,
    steppedUp: true,
    approve: true,
    rank: 1,
    samePerson: false,
    sameDevice: false,
  },
}

describe('a policy that errs', () => {
  // The engine skips it and permits: the sum is larger than its numbers go.
  const errs = 'context.rank + 9223372036854775807 > 0'

  it('refuses, though the engine would permit', () => {
    const policies = withMore(
      `@id("broken") @because("x") @advice("never")
       forbid (principal, action == Action::"decide", resource) when { ${errs} };`,
    )
    expect(createPolicies(schema, shipped).answer(decide).allowed).toBe(true)
    expect(policies.answer(decide)).toEqual({
      allowed: false,
      policies: ['broken'],
      advice: 'never',
      why: null,
    })
  })

  it('refuses also where it was to permit, beside others that do', () => {
    const policies = withMore(
      `@id("broken") @because("x") permit (principal, action == Action::"decide", resource) when { ${errs} };`,
    )
    expect(policies.answer(decide).allowed).toBe(false)
  })

  it('refuses only what it is about', () => {
    const policies = withMore(
      `@id("broken") @because("x") permit (principal, action == Action::"decide", resource) when { ${errs} };`,
    )
    const { asker } = decide
    const context = { present: true, steppedUp: true }
    expect(policies.answer({ asker, action: 'search', context }).allowed).toBe(true)
  })
})

describe('policies are not taken', () => {
  const permits = 'permit (principal, action, resource);'
  it.each<[string, string, RegExp]>([
    ['that do not parse', '@id("a") permit (principal;', /unexpected/],
    ['without an id', `@because("x") ${permits}`, /no @id/],
    ['without a reason', `@id("a") ${permits}`, /a has no @because/],
    ['with an empty reason', `@id("a") @because("") ${permits}`, /a has no @because/],
    [
      'that refuse without advice',
      '@id("a") @because("x") forbid (principal, action, resource);',
      /@advice of a is none of/,
    ],
    [
      'with advice that nobody knows',
      '@id("a") @because("x") @advice("pray") forbid (principal, action, resource);',
      /@advice of a is none of/,
    ],
    [
      'that permit and advise',
      `@id("a") @because("x") @advice("never") ${permits}`,
      /needs no @advice/,
    ],
    ['with an id that is there', `@id("search") @because("x") ${permits}`, /search is there twice/],
    [
      'with an id twice',
      `@id("a") @because("x") ${permits} @id("a") @because("x") ${permits}`,
      /a is there twice/,
    ],
    [
      'with a word that the schema does not know',
      '@id("a") @because("x") permit (principal, action == Action::"reveal", resource) when { context.grade == Grade::"rooted" };',
      /rooted/,
    ],
    [
      'of an action that there is not',
      '@id("a") @because("x") permit (principal, action == Action::"peek", resource);',
      /peek/,
    ],
    [
      'that can never be true',
      '@id("a") @because("x") permit (principal, action == Action::"reveal", resource) when { context.grade == Purpose::"ticket" };',
      /impossible/,
    ],
    [
      'that may miss a value',
      '@id("a") @because("x") permit (principal, action == Action::"reveal", resource) when { context.kind == Kind::"see" };',
      /kind/,
    ],
    [
      'that are templates',
      '@id("a") @because("x") permit (principal == ?principal, action, resource);',
      /templates/,
    ],
  ])('%s', (_, text, problem) => {
    expect(() => withMore(text)).toThrow(
      expect.objectContaining({
        code: 'GUARD_POLICY_INVALID',
        details: { file: 'more.cedar', problem: expect.stringMatching(problem) },
      }),
    )
  })

  it('whose schema is none', () => {
    expect(() => createPolicies({ file: 's', text: 'entity' }, shipped)).toThrow(
      expect.objectContaining({ code: 'GUARD_POLICY_INVALID' }),
    )
  })

  it('of a folder that is not there', async () => {
    await expect(readPolicies(join(dir, 'none'))).rejects.toMatchObject({
      code: 'GUARD_POLICY_INVALID',
      details: { problem: 'ENOENT' },
    })
  })
})

describe('no policies', () => {
  it('permit nothing', () => {
    expect(createPolicies(schema, []).answer(decide)).toEqual({
      allowed: false,
      policies: [],
      advice: 'never',
      why: null,
    })
  })

  it('are mixed up with those of another set', () => {
    expect(createPolicies(schema, []).answer(decide).allowed).toBe(false)
    expect(createPolicies(schema, shipped).answer(decide).allowed).toBe(true)
    expect(createPolicies(schema, []).answer(decide).allowed).toBe(false)
  })
})

describe('the policies that are shipped', () => {
  it('have ids', async () => {
    const { ids } = await readPolicies()
    expect(ids.length).toBeGreaterThan(30)
    expect(new Set(ids).size).toBe(ids.length)
  })
})
