/** What an agent can be. */
import { TelltaleError } from '../base/errors.ts'
import { PERSON_TEXT_MAX } from '../base/identity-limits.ts'
import type { Role } from '../guard/facts.ts'
import type { PersonRow, PersonSpec, Team } from './ports.ts'

/** Every role, as it is spelt. */
export const ROLES: readonly Role[] = ['agent', 'lead', 'officer', 'admin']

/** What a program that changes people is called begins so; no agent's id does. */
export const SERVICE_PREFIX = 'service:'

const MAIL = /^[^\s@]+@[^\s@]+$/
/** Control characters would cut lines of logs and confuse terminals; lone surrogates have no UTF-8. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u

/** Throws AGENT_INVALID. */
export function checkPerson(spec: PersonSpec, before: PersonRow | null): void {
  const texts = { id: spec.id, person: spec.person, name: spec.name }
  for (const [what, text] of Object.entries(texts)) checkText(what, text)
  for (const what of ['mail', 'team', 'externalId'] as const)
    if (spec[what] !== null) checkText(what, spec[what])
  if (spec.id.startsWith(SERVICE_PREFIX)) throw invalid('such an id is for programs')
  if (spec.mail !== null && !MAIL.test(spec.mail)) throw invalid('the mail address is none')
  const unknown = spec.roles.find((role) => !ROLES.includes(role))
  if (unknown !== undefined) throw invalid(`there is no role ${unknown}`)
  if (spec.roles.includes('admin') && spec.roles.length > 1)
    throw invalid('whoever manages people is shown no customer: admin goes with no other role')
  if (before !== null && before.person !== spec.person)
    throw invalid('whose account it is stays as it was')
}

/** Throws AGENT_INVALID. */
export function checkTeam({ id, name }: Team): void {
  checkText('id of the team', id)
  checkText('name of the team', name)
}

function checkText(what: string, text: string): void {
  const problem = textProblem(text)
  if (problem !== null) throw invalid(`the ${what} ${problem}`)
}

/** What is wrong with a name or id; null: nothing. */
export function textProblem(text: string): string | null {
  if (text.trim() === '') return 'is empty'
  if (text.length > PERSON_TEXT_MAX) return `has more than ${PERSON_TEXT_MAX} characters`
  return UNPRINTABLE.test(text) ? 'has characters that nobody can read' : null
}

/** AGENT_INVALID with a problem. */
export function invalid(problem: string): TelltaleError {
  return new TelltaleError('AGENT_INVALID', { problem })
}

/** What changes, in words without anybody's data; null: nothing. */
export function changeOf(spec: PersonSpec, before: PersonRow | null): string | null {
  const roles = `roles ${[...spec.roles].sort().join(', ') || 'none'}`
  const team = spec.team === null ? 'no team' : `team ${spec.team}`
  if (before === null) return `made; ${roles}; ${team}`
  const changes = [
    ...(sameRoles(spec.roles, before.roles) ? [] : [roles]),
    ...(spec.team === before.team ? [] : [team]),
    ...(['name', 'mail', 'externalId'] as const)
      .filter((what) => spec[what] !== before[what])
      .map((what) => (what === 'externalId' ? 'external id' : what)),
  ]
  return changes.length === 0 ? null : changes.join('; ')
}

function sameRoles(a: readonly Role[], b: readonly Role[]): boolean {
  return ROLES.every((role) => a.includes(role) === b.includes(role))
}
