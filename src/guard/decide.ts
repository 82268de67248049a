/** What is shown of a customer, field by field: docs/desk.md, "What is shown". */
import type { FieldDecision, FieldSpec, GrantFacts, Purpose, Role, View } from './facts.ts'
import type { Answer, Policies, Question, Showing } from './policy.ts'

/** What the answer about every field depends on. */
export interface Situation {
  readonly asker: { readonly roles: readonly Role[]; readonly kind: 'person' | 'service' }
  /** The session stands and the agent is active. */
  readonly present: boolean
  readonly purpose: Purpose
  /** The grant that the purpose is; null: it is a ticket. */
  readonly grant: Pick<GrantFacts, 'kind' | 'fields'> | null
  /** Signed in within the last minutes. */
  readonly steppedUp: boolean
}

/** How each field is shown by itself, and what revealing it would give. */
export function decideFields(
  policies: Policies,
  situation: Situation,
  fields: readonly FieldSpec[],
): FieldDecision[] {
  return fields.map((field) => decideField(policies, situation, field))
}

function decideField(policies: Policies, situation: Situation, field: FieldSpec): FieldDecision {
  const clear = askShowing(policies, situation, field, 'look clear')
  if (clear.allowed) {
    return { field, view: 'clear', onReveal: null, advice: null, policies: clear.policies }
  }
  const masked = askShowing(policies, situation, field, 'look masked')
  const reveal = askShowing(policies, situation, field, 'reveal')
  const view: View = masked.allowed ? 'masked' : 'hidden'
  return {
    field,
    view,
    onReveal: reveal.allowed ? 'clear' : null,
    advice: reveal.allowed ? 'reveal' : reveal.advice,
    policies: masked.allowed ? union(masked.policies, reveal.policies) : reveal.policies,
  }
}

/** Each field shown clear because somebody asks for it, or why not. */
export function decideReveal(
  policies: Policies,
  situation: Situation,
  fields: readonly FieldSpec[],
): FieldDecision[] {
  return fields.map((field) => decideBy(policies, situation, field, 'reveal'))
}

/** Each field written clear into a file, or why not. */
export function decideExport(
  policies: Policies,
  situation: Situation,
  fields: readonly FieldSpec[],
): FieldDecision[] {
  return fields.map((field) => decideBy(policies, situation, field, 'export'))
}

function decideBy(
  policies: Policies,
  situation: Situation,
  field: FieldSpec,
  action: Showing,
): FieldDecision {
  const { allowed, advice, policies: ids } = askShowing(policies, situation, field, action)
  const view: View = allowed ? 'clear' : 'hidden'
  return { field, view, onReveal: null, advice, policies: ids }
}

/** Whether one field may be shown so. */
function askShowing(
  policies: Policies,
  { asker, present, purpose, grant, steppedUp }: Situation,
  field: FieldSpec,
  action: Showing,
): Answer {
  const question: Question = {
    asker,
    action,
    class: field.class,
    context: {
      present,
      purpose: purpose.kind,
      live: purpose.ended === null,
      grade: purpose.grade,
      named: grant?.fields.includes(field.name) ?? false,
      kind: grant?.kind ?? null,
      steppedUp,
    },
  }
  return policies.answer(question)
}

function union(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a, ...b])].sort()
}
