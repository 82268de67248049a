/** Programs with tokens: help desks that tell of tickets, tools that ask for decisions, directories. */
import { TelltaleError } from '../base/errors.ts'
import { SERVICES_MAX } from '../base/identity-limits.ts'
import { decisionOf } from './decisions.ts'
import { type Decisions, SCOPES, type Scope, type Services } from './ports.ts'
import { hashOf, isSecret, newId, newSecret } from './secrets.ts'
import type { ServiceStore } from './stores.ts'

/** What a token begins with, so that scanners for leaked secrets know one. */
const PREFIX = 'telltale_'
const NAME = /^[a-z0-9][a-z0-9._-]{0,59}$/

/** What services need. */
export interface ServicesDeps {
  readonly store: ServiceStore
  readonly decisions: Decisions
  nowMs(): number
}

/** Services of one desk. */
export function createServices({ store, decisions, nowMs }: ServicesDeps): Services {
  const tell = (by: string, detail: string) =>
    decisions.decide(decisionOf({ act: 'settings.changed', agent: by, atMs: nowMs(), detail }))
  return {
    async create(name, scopes, by) {
      if (!NAME.test(name)) throw invalid('its name takes small letters, digits, dot, dash')
      const known = scopes.filter(isScope)
      if (known.length === 0 || known.length < scopes.length)
        throw invalid(`it may do one or more of ${SCOPES.join(', ')}`)
      if ((await store.list()).some((one) => one.name === name)) throw invalid('its name is taken')
      const row = { id: newId(), name, scopes: known, createdAtMs: nowMs(), revokedAtMs: null }
      const secret = newSecret()
      await tell(by, `service ${name} may ${known.join(', ')}`)
      if (!(await store.add(row, hashOf(secret), SERVICES_MAX)))
        throw invalid(`its name is taken, or there are ${SERVICES_MAX}`)
      return { ...row, token: PREFIX + secret }
    },
    async revoke(name, by) {
      if (!(await store.revoke(name, nowMs()))) throw invalid('there is none of this name')
      await tell(by, `service ${name} revoked`)
    },
    list: () => store.list(),
    async callerOf(token, scope) {
      const secret = token?.startsWith(PREFIX) ? token.slice(PREFIX.length) : ''
      const found = isSecret(secret) ? await store.find(hashOf(secret)) : null
      if (found === null || found.revokedAtMs !== null || !found.scopes.includes(scope))
        throw new TelltaleError('SERVICE_REFUSED', { scope })
      return { id: found.id, name: found.name, scopes: found.scopes }
    },
  }
}

function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text)
}

function invalid(problem: string): TelltaleError {
  return new TelltaleError('SERVICE_INVALID', { problem })
}
