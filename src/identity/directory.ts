/** Signing in by the organisation's own identity provider: OpenID Connect, authorization code flow. */
import { TelltaleError } from '../base/errors.ts'
import { PROVIDER_SKEW_MS } from '../base/identity-limits.ts'
import type { Caller } from '../guard/facts.ts'
import type { Ceremonies } from './ceremonies.ts'
import { decisionOf } from './decisions.ts'
import type { Decisions, NewSession, Sessions } from './ports.ts'
import { hashOf, newSecret, sameText } from './secrets.ts'
import type { IdentityStore } from './stores.ts'

/** What an identity provider says of somebody, after everything about it was verified. */
export interface Claims {
  readonly issuer: string
  readonly subject: string
  /** Only where the provider verified it. */
  readonly mail: string | null
  /** What ties them to `externalId` of a directory. */
  readonly externalId: string | null
  /** When they last proved to be there; null: the provider does not say. */
  readonly authAtMs: number | null
  readonly acr: string | null
}

/** What one sign-in is held to. */
export interface Expected {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** The port to the provider. Throws PROVIDER_UNAVAILABLE; `finish` also SIGN_IN_REFUSED. */
export interface IdentityProvider {
  /** Where the browser goes. `isFresh`: the person has to prove to be there now. */
  begin(expected: Expected, isFresh: boolean): Promise<string>
  /** `query`: what came back, as it stood in the address. */
  finish(query: string, expected: Expected): Promise<Claims>
}

/** By what a person who signs in for the first time is found among the agents. */
export type LinkBy = 'none' | 'mail' | 'external-id'

/** What signing in by a directory needs. */
export interface DirectoryDeps {
  readonly provider: IdentityProvider
  readonly identities: IdentityStore
  readonly ceremonies: Ceremonies
  readonly sessions: Sessions
  readonly decisions: Decisions
  readonly linkBy: LinkBy
  /** Authentication contexts that count as a step-up; none: any. */
  readonly stepUpAcr: readonly string[]
  nowMs(): number
}

/** Where a sign-in ends. */
export type Finished =
  | { readonly to: string; readonly begun: NewSession; readonly stepped: null }
  | { readonly to: string; readonly begun: null; readonly stepped: Caller }

/** Signing in by a directory. */
export interface Directory {
  /** `to` is a path of the console; `browser` goes into a cookie of the browser that begins. */
  begin(caller: Caller | null, to: string): Promise<{ url: string; browser: string }>
  /** Throws SIGN_IN_OVER, SIGN_IN_REFUSED, and what sessions throw. */
  finish(state: string | null, query: string, browser: string | null): Promise<Finished>
}

interface UnderWay extends Omit<Expected, 'state'> {
  /** Hash of the cookie of the browser that began. */
  readonly browser: string
  readonly caller: Caller | null
  readonly to: string
  readonly begunAtMs: number
}

/** Nothing that comes back is looked at before the browser and the state belong together. */
export function createDirectory(deps: DirectoryDeps): Directory {
  const { provider, ceremonies, sessions, nowMs } = deps
  return {
    async begin(caller, to) {
      const [browser, state] = [newSecret(), newSecret()]
      const expected = { state, nonce: newSecret(), verifier: newSecret() }
      const url = await provider.begin(expected, caller !== null)
      const underWay: UnderWay = {
        nonce: expected.nonce,
        verifier: expected.verifier,
        browser: hashOf(browser).toString('base64url'),
        caller,
        to,
        begunAtMs: nowMs(),
      }
      await ceremonies.begin('oidc', underWay, state)
      return { url, browser }
    },
    async finish(state, query, browser) {
      const underWay = await ceremonies.take<UnderWay>('oidc', state)
      const { nonce, verifier, caller, to } = underWay
      const browserHash = hashOf(browser ?? '').toString('base64url')
      if (state === null || !sameText(browserHash, underWay.browser))
        throw new TelltaleError('SIGN_IN_OVER', {})
      const claims = await provider.finish(query, { state, nonce, verifier })
      const agent = await agentOf(deps, claims)
      if (caller === null) {
        const presentAtMs = claims.authAtMs === null ? null : Math.min(claims.authAtMs, nowMs())
        return { to, begun: await sessions.begin(agent, 'oidc', presentAtMs), stepped: null }
      }
      await checkStepUp(deps, underWay.begunAtMs, caller, agent, claims)
      return { to, begun: null, stepped: await sessions.stepUp(caller, 'oidc') }
    },
  }
}

/** The agent whom a provider's subject is, or becomes where that is configured and beyond doubt. */
async function agentOf(deps: DirectoryDeps, claims: Claims): Promise<string> {
  const { identities, decisions, nowMs } = deps
  const { issuer, subject } = claims
  const known = await identities.agentOf(issuer, subject)
  if (known !== null) return known
  const found = await candidateOf(deps, claims)
  // Who has an identity of this provider already is not given a second one by a mail address.
  if (found === null || (await identities.subjectOf(issuer, found)) !== null)
    throw new TelltaleError('SIGN_IN_REFUSED', { why: 'nobody here has this account' })
  const said = { agent: found, atMs: nowMs(), detail: `identity linked by ${deps.linkBy}` }
  await decisions.decide(decisionOf({ act: 'agent.changed', ...said }))
  if (await identities.link(issuer, subject, found)) return found
  throw new TelltaleError('SIGN_IN_REFUSED', { why: 'nobody here has this account' })
}

async function candidateOf(
  { identities, linkBy }: DirectoryDeps,
  { mail, externalId }: Claims,
): Promise<string | null> {
  if (linkBy === 'external-id' && externalId !== null) return identities.byExternalId(externalId)
  if (linkBy !== 'mail' || mail === null) return null
  const found = await identities.byMail(mail)
  return found.length === 1 ? found[0] : null
}

/** A step-up is by the same account, now, and as strongly as is asked. */
async function checkStepUp(
  { decisions, stepUpAcr, nowMs }: DirectoryDeps,
  begunAtMs: number,
  { agent, session }: Caller,
  who: string,
  { authAtMs, acr }: Claims,
): Promise<void> {
  const isFresh = authAtMs !== null && authAtMs >= begunAtMs - PROVIDER_SKEW_MS
  const isStrong = stepUpAcr.length === 0 || (acr !== null && stepUpAcr.includes(acr))
  if (who === agent.id && isFresh && isStrong) return
  const why = who !== agent.id ? 'another account' : isFresh ? 'too weak' : 'not fresh'
  const said = { agent: agent.id, atMs: nowMs(), detail: `step-up: ${why}`, reference: session.id }
  await decisions.decide(decisionOf({ act: 'session.refused', ...said }))
  throw new TelltaleError('SIGN_IN_REFUSED', { why: `the sign-in was ${STEP_UP_WORDS[why]}` })
}

const STEP_UP_WORDS = {
  'another account': 'by another account',
  'too weak': 'not as strong as this needs',
  'not fresh': 'not made anew',
} as const
