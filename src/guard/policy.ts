/**
 * Asking the policies in `policies/`. Whatever is not a clear yes is a no: an error of any policy (the
 * engine skips a `forbid` that errs and would permit), a question that the schema does not know, a
 * missing value.
 */
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import { POLICY_ANSWERS_MAX } from '../base/desk-limits.ts'
import type { Grade, Purpose } from '../tlog/header.ts'
import type { Advice, FieldClass, GrantFacts, Role } from './facts.ts'
import { loadPolicies, type PolicyFile } from './load.ts'

/** Who asks: answers depend on nothing else of a person. */
export interface Asker {
  readonly roles: readonly Role[]
  readonly kind: 'person' | 'service'
}

/** What a field may be wanted for. */
export type Showing = 'look masked' | 'look clear' | 'reveal' | 'export' | 'call'

/** What is asked, in the words of the schema in `policies/telltale.cedarschema`. */
export type Question = { readonly asker: Asker } & (
  | {
      readonly action: Showing
      readonly class: FieldClass
      readonly context: {
        readonly present: boolean
        readonly purpose: Purpose
        readonly live: boolean
        readonly grade: Grade
        readonly named: boolean
        readonly kind: GrantFacts['kind'] | null
        readonly steppedUp: boolean
      }
    }
  | {
      readonly action: 'ask'
      readonly kind: GrantFacts['kind']
      readonly context: {
        readonly present: boolean
        readonly steppedUp: boolean
        readonly emergency: boolean
        readonly rank: number
      }
    }
  | {
      readonly action: 'decide' | 'review'
      readonly kind: GrantFacts['kind']
      readonly context: {
        readonly present: boolean
        readonly steppedUp: boolean
        readonly approve: boolean
        readonly rank: number
        readonly samePerson: boolean
        readonly sameDevice: boolean
      }
    }
  | {
      readonly action: 'search' | 'manage'
      readonly context: { readonly present: boolean; readonly steppedUp: boolean }
    }
)

/** What the policies say. */
export interface Answer {
  readonly allowed: boolean
  /** Ids of the policies that decided, or that erred; none where nothing permits it. */
  readonly policies: readonly string[]
  /** What would help; null where allowed. */
  readonly advice: Advice | null
  /** What the policy says whose advice this is, as a clause; null where allowed, or nothing permits it. */
  readonly why: string | null
}

/** The policies, ready to be asked. Answers depend on the question alone. */
export interface Policies {
  answer(question: Question): Answer
  /** Ids of all policies. */
  readonly ids: readonly string[]
}

/** What nothing helps against comes first, then what takes most: advice that would not do is none. */
const URGENCY: readonly Advice[] = [
  'never',
  'take-next',
  'ask-lead',
  'ask-grant',
  'ask-code',
  'step-up',
]

const REFUSED: Answer = { allowed: false, policies: [], advice: 'never', why: null }

/** Loads policies; throws GUARD_POLICY_INVALID. */
export function createPolicies(schema: PolicyFile, files: readonly PolicyFile[]): Policies {
  const { name, advice, because } = loadPolicies(schema, files)
  const answers = new Map<string, Answer>()

  function decide(request: Request): Answer {
    const answer = cedar.statefulIsAuthorized({
      ...request,
      preparsedPolicySetId: name,
      preparsedSchemaName: name,
      validateRequest: true,
    })
    if (answer.type === 'failure') return REFUSED
    const { decision, diagnostics } = answer.response
    if (diagnostics.errors.length > 0) {
      return { ...REFUSED, policies: diagnostics.errors.map(({ policyId }) => policyId).sort() }
    }
    const policies = [...diagnostics.reason].sort()
    if (decision === 'allow') return { allowed: true, policies, advice: null, why: null }
    const told = URGENCY.find((one) => policies.some((id) => advice.get(id) === one)) ?? 'never'
    const why = because.get(policies.find((id) => advice.get(id) === told) ?? '') ?? null
    return { allowed: false, policies, advice: told, why }
  }

  return {
    ids: [...advice.keys()],
    answer: (question) => {
      try {
        const request = requestOf(question)
        const key = JSON.stringify(request)
        const known = answers.get(key)
        if (known !== undefined) return known
        const answer = decide(request)
        // Questions are few: only somebody who makes up new ones fills this.
        if (answers.size >= POLICY_ANSWERS_MAX) answers.clear()
        answers.set(key, answer)
        return answer
      } catch {
        return REFUSED
      }
    },
  }
}

type Request = Pick<
  cedar.StatefulAuthorizationCall,
  'principal' | 'action' | 'resource' | 'context' | 'entities'
>

const uid = (type: string, id: string) => ({ type, id })
const entity = (type: string, id: string) => ({ __entity: uid(type, id) })

/** In the order of the schema, so that one question has one spelling. */
function requestOf(question: Question): Request {
  const { asker, action } = question
  const principal = uid('Agent', 'asker')
  const parents = [...new Set(asker.roles)].sort().map((role) => uid('Role', role))
  return {
    principal,
    action: uid('Action', action),
    resource: resourceOf(question),
    context: contextOf(question),
    entities: [{ uid: principal, attrs: { service: asker.kind !== 'person' }, parents }],
  }
}

function resourceOf(question: Question): cedar.TypeAndId {
  if ('class' in question) return uid('Class', question.class)
  return 'kind' in question ? uid('Kind', question.kind) : uid('Desk', 'desk')
}

function contextOf(question: Question): cedar.Context {
  if (!('class' in question)) return { ...question.context }
  const { present, purpose, live, grade, named, kind, steppedUp } = question.context
  return {
    present,
    purpose: entity('Purpose', purpose),
    live,
    grade: entity('Grade', grade),
    named,
    ...(kind !== null && { kind: entity('Kind', kind) }),
    steppedUp,
  }
}
