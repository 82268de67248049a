/** An identity provider over HTTP: OpenID Connect discovery, authorization code with PKCE. */
import * as oidc from 'openid-client'
import { TelltaleError } from '../../../base/errors.ts'
import { PROVIDER_REFRESH_MS, PROVIDER_TIMEOUT_MS } from '../../../base/identity-limits.ts'
import { isLoopbackHost } from '../../../base/loopback.ts'
import { urlOf } from '../../../identity/demo.ts'
import type { Claims, Expected, IdentityProvider } from '../../../identity/directory.ts'

/** Which provider, and as whom we ask it. */
export interface ProviderConfig {
  readonly issuer: string
  readonly clientId: string
  /** null: a public client, which PKCE alone protects. */
  readonly clientSecret: string | null
  /** Where the provider sends browsers back to; as registered with it. */
  readonly redirectUri: () => string
  /** Whether mail addresses are asked for, to find who signs in for the first time. */
  readonly wantsMail: boolean
  /** The claim that ties somebody to their `externalId`, such as `oid`. */
  readonly externalIdClaim: string
  /** Authentication contexts asked for when somebody steps up. */
  readonly stepUpAcr: readonly string[]
}

/** Throws IDENTITY_CONFIG_INVALID where the provider could be overheard. */
export function createProvider(config: ProviderConfig, nowMs: () => number): IdentityProvider {
  const { redirectUri, wantsMail, stepUpAcr } = config
  const server = issuerOf(config.issuer)
  const discover = cached(() => discovered(server, config), nowMs)
  return {
    async begin({ state, nonce, verifier }, isFresh) {
      const configuration = await discover()
      const parameters = {
        redirect_uri: redirectUri(),
        scope: wantsMail ? 'openid email' : 'openid',
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(isFresh && { prompt: 'login', max_age: '0' }),
        ...(isFresh && stepUpAcr.length > 0 && { acr_values: stepUpAcr.join(' ') }),
      }
      return oidc.buildAuthorizationUrl(configuration, parameters).href
    },
    async finish(query, expected) {
      const configuration = await discover()
      const url = new URL(redirectUri())
      url.search = query
      return told(() => claimsFrom(configuration, url, expected, config))
    },
  }
}

async function claimsFrom(
  configuration: oidc.Configuration,
  url: URL,
  { state, nonce, verifier }: Expected,
  { wantsMail, externalIdClaim }: ProviderConfig,
): Promise<Claims> {
  const tokens = await oidc.authorizationCodeGrant(configuration, url, {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: verifier,
    idTokenExpected: true,
  })
  const claims = tokens.claims()!
  const { iss, sub, auth_time: authTime, acr } = claims
  // Many providers tell a mail address only when asked again.
  const person =
    wantsMail && claims.email === undefined
      ? await oidc.fetchUserInfo(configuration, tokens.access_token, sub)
      : claims
  const externalId = claims[externalIdClaim]
  return {
    issuer: iss,
    subject: sub,
    mail: person.email_verified === true && typeof person.email === 'string' ? person.email : null,
    externalId: typeof externalId === 'string' ? externalId : null,
    authAtMs: typeof authTime === 'number' ? authTime * 1000 : null,
    acr: typeof acr === 'string' ? acr : null,
  }
}

function discovered(server: URL, config: ProviderConfig): Promise<oidc.Configuration> {
  const { clientId, clientSecret } = config
  const authentication = clientSecret === null ? oidc.None() : oidc.ClientSecretBasic(clientSecret)
  const execute = [
    // A token is believed for its signature, not for where it came from.
    oidc.enableNonRepudiationChecks,
    ...(server.protocol === 'http:' ? [oidc.allowInsecureRequests] : []),
  ]
  return told(() =>
    oidc.discovery(server, clientId, {}, authentication, {
      execute,
      timeout: PROVIDER_TIMEOUT_MS / 1000,
    }),
  )
}

/** Keeps what was made for a while; what failed is tried again. */
function cached<Made>(make: () => Promise<Made>, nowMs: () => number): () => Promise<Made> {
  let made: { readonly promise: Promise<Made>; readonly atMs: number } | null = null
  return () => {
    if (made === null || nowMs() >= made.atMs + PROVIDER_REFRESH_MS) {
      const promise = make()
      const mine = { promise, atMs: nowMs() }
      made = mine
      promise.catch(() => {
        if (made === mine) made = null
      })
    }
    return made.promise
  }
}

function issuerOf(text: string): URL {
  const url = urlOf(text)
  const isHere = url?.protocol === 'http:' && isLoopbackHost(url.hostname)
  if (url !== null && (url.protocol === 'https:' || isHere)) return url
  throw new TelltaleError('IDENTITY_CONFIG_INVALID', {
    problem: 'the identity provider has to be reached over https (over http on this machine only)',
  })
}

/** The provider's words may quote what was sent: only their codes are passed on. */
async function told<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof oidc.AuthorizationResponseError)
      throw refused('the identity provider did not sign you in', error)
    if (error instanceof oidc.ResponseBodyError && error.error === 'invalid_grant')
      throw refused('the identity provider does not know this sign-in any more', error)
    if (error instanceof oidc.ResponseBodyError) throw unavailable(error.error, error)
    const isAnswer = error instanceof oidc.ClientError && !TRANSPORT.test(error.code ?? '')
    if (isAnswer) throw refused('what the identity provider sent does not hold', error)
    throw unavailable('it cannot be reached', error)
  }
}

/** Codes of openid-client that say nothing of a sign-in. */
const TRANSPORT = /TIMEOUT|ABORT|RESPONSE_IS_NOT_JSON|RESPONSE_IS_NOT_CONFORM/

function refused(why: string, cause: unknown): TelltaleError {
  return new TelltaleError('SIGN_IN_REFUSED', { why }, { cause })
}

function unavailable(reason: string, cause: unknown): TelltaleError {
  return new TelltaleError('PROVIDER_UNAVAILABLE', { reason }, { cause })
}
