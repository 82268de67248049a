/** The ways to sign in at a desk. */
import type { DeskSettings } from './desk-settings.ts'
import type { DeskStore } from './desk-store.ts'
import type { MoreRoutes } from './http/desk/app.ts'
import { CALLBACK_PATH } from './http/desk/identity/directory.ts'
import { createProvider } from './http/desk/identity/provider.ts'
import { scimRoutes } from './http/desk/identity/scim.ts'
import { signInRoutes } from './http/desk/identity/sign-in.ts'
import { syncRoutes } from './http/desk/identity/sync.ts'
import type { DeskServices } from './http/desk/ports.ts'
import type { SignInWays } from './http/desk/routes/session.ts'
import { createCeremonies } from './identity/ceremonies.ts'
import { createDirectory, type Directory } from './identity/directory.ts'
import { createPasskeys, type Passkeys } from './identity/passkeys.ts'
import { createSync } from './identity/people-sync.ts'
import type { Decisions } from './identity/ports.ts'
import { createRosters } from './identity/rosters.ts'
import { createRosterStore } from './store/identity/rosters.ts'
import {
  createChallengeStore,
  createIdentityStore,
  createPasskeyStore,
} from './store/identity/sign-ins.ts'

/** What signing in stands on. */
export interface SignInParts {
  readonly settings: DeskSettings
  readonly store: DeskStore
  readonly services: Pick<DeskServices, 'sessions' | 'people'>
  readonly decisions: Decisions
  /** The desk's own address; asked for when it is known. */
  readonly origin: () => string
  readonly nowMs: () => number
}

/** What pages are told of it, and the routes of it. */
export function deskSignIn(parts: SignInParts): {
  ways: SignInWays
  routes: MoreRoutes[]
  /** Those of a directory that keeps people here. */
  beside: MoreRoutes[]
} {
  const { settings, services, origin, nowMs } = parts
  const passkeys = passkeysOf(parts)
  const directory = directoryOf(parts)
  const { demo } = settings
  const methods = [
    ...(passkeys === null ? [] : (['passkey'] as const)),
    ...(directory === null ? [] : (['oidc'] as const)),
    ...(demo ? (['demo'] as const) : []),
  ]
  const secure = origin().startsWith('https:')
  const ways = { passkeys, directory, demo, people: services.people, secure, nowMs }
  const rosters = createRosters({
    store: createRosterStore(parts.store.db),
    decisions: parts.decisions,
    nowMs,
  })
  const scim = { people: services.people, identities: createIdentityStore(parts.store.db) }
  return {
    ways: { demo, methods },
    routes: [signInRoutes(ways), syncRoutes(createSync(services.people, rosters))],
    beside: [scimRoutes(scim)],
  }
}

/** null: browsers reach the desk by an address that is no domain, for which no passkey is made. */
function passkeysOf(parts: SignInParts): Passkeys | null {
  const { settings, store, services, decisions, origin, nowMs } = parts
  const site = origin()
  const { hostname } = new URL(site)
  const isDomain = /[a-z]/i.test(hostname) && !hostname.startsWith('[')
  if (!isDomain) return null
  return createPasskeys({
    store: createPasskeyStore(store.db),
    ceremonies: createCeremonies(createChallengeStore(store.db), nowMs),
    sessions: services.sessions,
    decisions,
    site: { rpId: settings.rpId ?? hostname, origin: site, name: settings.codes.organisation },
    nowMs,
  })
}

function directoryOf(parts: SignInParts): { label: string; service: Directory } | null {
  const { settings, store, services, decisions, origin, nowMs } = parts
  const { directory } = settings
  if (directory === null) return null
  const { label, issuer, clientId, clientSecret, linkBy, externalIdClaim, stepUpAcr } = directory
  const provider = createProvider(
    {
      issuer,
      clientId,
      clientSecret,
      redirectUri: () => `${origin()}${CALLBACK_PATH}`,
      wantsMail: linkBy === 'mail',
      externalIdClaim,
      stepUpAcr,
    },
    nowMs,
  )
  const service = createDirectory({
    provider,
    identities: createIdentityStore(store.db),
    ceremonies: createCeremonies(createChallengeStore(store.db), nowMs),
    sessions: services.sessions,
    decisions,
    linkBy,
    stepUpAcr,
    nowMs,
  })
  return { label, service }
}
