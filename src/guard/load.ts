/** Policies as they are read and checked before anybody is shown anything. */
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import { TelltaleError } from '../base/errors.ts'
import type { Advice } from './facts.ts'

/** One file, as it was read. */
export interface PolicyFile {
  readonly file: string
  readonly text: string
}

/** Policies in memory of the engine, under a name. */
export interface LoadedPolicies {
  readonly name: string
  /** By id: what would help whom this policy refuses; null of one that permits. */
  readonly advice: ReadonlyMap<string, Advice | null>
  /** By id: why there is this policy, as a clause without a full stop. */
  readonly because: ReadonlyMap<string, string>
}

interface Part {
  readonly file: string
  readonly id: string
  readonly text: string
  readonly advice: Advice | null
  readonly because: string
}

// What a refusal can advise. `reveal` is no refusal.
const ADVICE: readonly Advice[] = [
  'ask-code',
  'ask-grant',
  'step-up',
  'ask-lead',
  'take-next',
  'never',
]

/** The engine never frees a set of policies: the same text keeps its name. */
const names = new Map<string, string>()

/**
 * Reads policies and holds them to the schema. Throws GUARD_POLICY_INVALID: for what does not parse,
 * speaks of what the schema does not know or can never be true, for an id that is missing or there
 * twice, and for a policy that does not say why.
 */
export function loadPolicies(schema: PolicyFile, files: readonly PolicyFile[]): LoadedPolicies {
  const parts = files.flatMap(partsOf)
  const seen = new Set<string>()
  for (const { id, file } of parts) {
    if (seen.has(id)) throw invalid(file, `the id ${id} is there twice`)
    seen.add(id)
  }
  check(schema, parts)
  return {
    name: nameOf(schema, parts),
    advice: new Map(parts.map(({ id, advice }) => [id, advice])),
    because: new Map(parts.map(({ id, because }) => [id, because])),
  }
}

function partsOf({ file, text }: PolicyFile): Part[] {
  const answer = cedar.policySetTextToParts(text)
  if (answer.type === 'failure') throw invalid(file, messageOf(answer.errors))
  if (answer.policy_templates.length > 0) throw invalid(file, 'templates have no use here')
  return answer.policies.map((policy) => partOf(file, policy))
}

function partOf(file: string, text: string): Part {
  const answer = cedar.policyToJson(text)
  if (answer.type === 'failure') throw invalid(file, messageOf(answer.errors))
  const { effect, annotations = {} } = answer.json
  const { id, because, advice } = annotations
  if (!id) throw invalid(file, 'a policy has no @id')
  if (!because) throw invalid(file, `${id} has no @because`)
  if (effect === 'permit' && advice !== undefined) {
    throw invalid(file, `${id} permits and needs no @advice`)
  }
  const known = ADVICE.find((one) => one === advice)
  if (effect === 'forbid' && known === undefined) {
    throw invalid(file, `the @advice of ${id} is none of ${ADVICE.join(', ')}`)
  }
  return { file, id, text, advice: known ?? null, because: clauseOf(because) }
}

function clauseOf(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, '')
}

/** What may be a mistake is one: a policy that can never be true guards nothing. */
function check(schema: PolicyFile, parts: readonly Part[]): void {
  const policies = { staticPolicies: byId(parts) }
  const answer = cedar.validate({ schema: schema.text, policies })
  if (answer.type === 'failure') throw invalid(schema.file, messageOf(answer.errors))
  const found = [...answer.validationErrors, ...answer.validationWarnings][0]
  if (found !== undefined) {
    const part = parts.find(({ id }) => id === found.policyId)
    throw invalid(part?.file ?? schema.file, found.error.message)
  }
  if (answer.otherWarnings.length > 0) throw invalid(schema.file, messageOf(answer.otherWarnings))
}

function nameOf(schema: PolicyFile, parts: readonly Part[]): string {
  const content = JSON.stringify([schema.text, parts.map(({ id, text }) => [id, text])])
  const known = names.get(content)
  if (known !== undefined) return known
  const name = `guard-${names.size}`
  const set = cedar.preparsePolicySet(name, { staticPolicies: byId(parts) })
  if (set.type === 'failure') throw invalid(schema.file, messageOf(set.errors))
  const prepared = cedar.preparseSchema(name, schema.text)
  if (prepared.type === 'failure') throw invalid(schema.file, messageOf(prepared.errors))
  names.set(content, name)
  return name
}

function byId(parts: readonly Part[]): Record<string, string> {
  return Object.fromEntries(parts.map(({ id, text }) => [id, text]))
}

function messageOf(errors: readonly { readonly message: string }[]): string {
  return errors[0]?.message ?? 'it is not in order'
}

function invalid(file: string, problem: string): TelltaleError {
  return new TelltaleError('GUARD_POLICY_INVALID', { file, problem })
}
