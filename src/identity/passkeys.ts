/** Passkeys (WebAuthn, level 3): kept by a device or a security key that knows its owner. */
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type WebAuthnCredential,
} from '@simplewebauthn/server'
import { TelltaleError } from '../base/errors.ts'
import { CEREMONY_MS, PASSKEY_LABEL_MAX, PASSKEYS_PER_AGENT_MAX } from '../base/identity-limits.ts'
import type { Caller } from '../guard/facts.ts'
import type { Ceremonies } from './ceremonies.ts'
import { decisionOf } from './decisions.ts'
import type { Decisions, NewSession, Sessions } from './ports.ts'
import { hashOf, sameText } from './secrets.ts'
import { requireStepUp } from './step-up.ts'
import type { Passkey, PasskeyStore } from './stores.ts'

/** What passkeys need. */
export interface PasskeysDeps {
  readonly store: PasskeyStore
  readonly ceremonies: Ceremonies
  readonly sessions: Sessions
  readonly decisions: Decisions
  /** Whose passkeys: `rpId` is the host of `origin`, or a domain above it. */
  readonly site: { readonly rpId: string; readonly origin: string; readonly name: string }
  nowMs(): number
}

/** A ceremony that a browser continues. */
export interface Begun<Options> {
  readonly challenge: string
  readonly options: Options
}

/** Every refusal is PASSKEY_REFUSED, SIGN_IN_OVER, STEP_UP_NEEDED, or what sessions throw. */
export interface Passkeys {
  /** Within a fresh sign-in only: else an unattended screen becomes a key for ever. */
  beginAdding(caller: Caller): Promise<Begun<PublicKeyCredentialCreationOptionsJSON>>
  finishAdding(caller: Caller, challenge: string, answer: unknown, label: string): Promise<Passkey>
  /** With a caller, to step up: only with that agent's keys. */
  beginSignIn(caller: Caller | null): Promise<Begun<PublicKeyCredentialRequestOptionsJSON>>
  finishSignIn(challenge: string, answer: unknown): Promise<NewSession>
  finishStepUp(caller: Caller, challenge: string, answer: unknown): Promise<Caller>
  list(agent: string): Promise<readonly Passkey[]>
  /** Throws PASSKEY_UNKNOWN. */
  remove(caller: Caller, id: string): Promise<void>
}

interface Asked {
  readonly challenge: string
  /** Id of the session that asked; null to sign in. */
  readonly session: string | null
}

// Both answer with a key that knows its owner by itself: no name is typed, so none can be tried.
const OWNER_KNOWN = { residentKey: 'required', userVerification: 'required' } as const
/** EdDSA, ES256, RS256 (RFC 9053, RFC 8812): what authenticators have. */
const ALGORITHMS = [-8, -7, -257]
const ID = /^[\w-]{1,1400}$/

/** Passkeys of one site. */
export function createPasskeys(deps: PasskeysDeps): Passkeys {
  const { store, ceremonies, sessions, site, nowMs } = deps
  return {
    async beginAdding({ agent, session }) {
      requireStepUp(session, nowMs())
      const options = await generateRegistrationOptions({
        rpName: site.name,
        rpID: site.rpId,
        userName: agent.id,
        userDisplayName: agent.name,
        userID: new Uint8Array(handleOf(agent.id)),
        timeout: CEREMONY_MS,
        attestationType: 'none',
        excludeCredentials: (await store.of(agent.id)).map(described),
        authenticatorSelection: OWNER_KNOWN,
        supportedAlgorithmIDs: ALGORITHMS,
      })
      const asked: Asked = { challenge: options.challenge, session: session.id }
      return { challenge: await ceremonies.begin('passkey-add', asked), options }
    },
    finishAdding: (...given) => add(deps, ...given),
    async beginSignIn(caller) {
      const own = caller && (await store.of(caller.agent.id)).map(described)
      const options = await generateAuthenticationOptions({
        rpID: site.rpId,
        timeout: CEREMONY_MS,
        userVerification: 'required',
        ...(own && { allowCredentials: own }),
      })
      const asked: Asked = { challenge: options.challenge, session: caller?.session.id ?? null }
      return { challenge: await ceremonies.begin('passkey-use', asked), options }
    },
    async finishSignIn(challenge, answer) {
      const { agent } = await use(deps, challenge, answer, null)
      return sessions.begin(agent, 'passkey')
    },
    async finishStepUp(caller, challenge, answer) {
      const { agent } = await use(deps, challenge, answer, caller.session.id)
      if (agent !== caller.agent.id) throw refused('it belongs to another account')
      return sessions.stepUp(caller, 'passkey')
    },
    list: (agent) => store.of(agent),
    async remove({ agent, session }, id) {
      requireStepUp(session, nowMs())
      if (!(await store.remove(agent.id, id))) throw new TelltaleError('PASSKEY_UNKNOWN', {})
      await tell(deps, agent.id, session.id, 'passkey removed')
    },
  }
}

async function add(
  deps: PasskeysDeps,
  { agent, session }: Caller,
  challenge: string,
  answer: unknown,
  label: string,
): Promise<Passkey> {
  const atMs = deps.nowMs()
  requireStepUp(session, atMs)
  const asked = await deps.ceremonies.take<Asked>('passkey-add', challenge)
  if (asked.session !== session.id) throw new TelltaleError('SIGN_IN_OVER', {})
  const { registrationInfo } = await orRefused(() =>
    verifyRegistrationResponse({
      response: answer as RegistrationResponseJSON,
      expectedChallenge: asked.challenge,
      expectedOrigin: deps.site.origin,
      expectedRPID: deps.site.rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    }),
  )
  const credential = registrationInfo?.credential
  if (!credential || !ID.test(credential.id)) throw refused('it does not answer what was asked')
  const passkey: Passkey = {
    id: credential.id,
    agent: agent.id,
    publicKey: credential.publicKey,
    counter: credential.counter,
    transports: credential.transports ?? [],
    label: label.slice(0, PASSKEY_LABEL_MAX),
    createdAtMs: atMs,
    usedAtMs: null,
  }
  await tell(deps, agent.id, session.id, 'passkey added')
  if (!(await deps.store.add(passkey, PASSKEYS_PER_AGENT_MAX)))
    throw refused(`it is known already, or you have ${PASSKEYS_PER_AGENT_MAX}`)
  return passkey
}

/** The passkey that answered, once. */
async function use(
  { store, ceremonies, site, nowMs }: PasskeysDeps,
  challenge: string,
  answer: unknown,
  session: string | null,
): Promise<Passkey> {
  const asked = await ceremonies.take<Asked>('passkey-use', challenge)
  if (asked.session !== session) throw new TelltaleError('SIGN_IN_OVER', {})
  const { id, response } = (answer ?? {}) as AuthenticationResponseJSON
  const passkey = typeof id === 'string' && ID.test(id) ? await store.find(id) : null
  if (passkey === null) throw refused('it is not known here')
  const { verified, authenticationInfo } = await orRefused(() => {
    const handle = handleOf(passkey.agent).toString('base64url')
    if (!sameText(response.userHandle ?? handle, handle)) throw new Error('another owner')
    return verifyAuthenticationResponse({
      response: answer as AuthenticationResponseJSON,
      expectedChallenge: asked.challenge,
      expectedOrigin: site.origin,
      expectedRPID: site.rpId,
      credential: credentialOf(passkey),
      requireUserVerification: true,
    })
  })
  const isGood = verified && (await store.used(id, authenticationInfo.newCounter, nowMs()))
  if (!isGood) throw refused('it does not answer what was asked')
  return passkey
}

/** What the library finds wrong is said to nobody: it quotes what was sent. */
async function orRefused<Result>(verify: () => Promise<Result>): Promise<Result> {
  try {
    return await verify()
  } catch {
    throw refused('it does not answer what was asked')
  }
}

function refused(why: string): TelltaleError {
  return new TelltaleError('PASSKEY_REFUSED', { why })
}

async function tell(deps: PasskeysDeps, agent: string, session: string, detail: string) {
  const said = { agent, atMs: deps.nowMs(), detail, session }
  await deps.decisions.decide(decisionOf({ act: 'agent.changed', ...said }))
}

/** What an authenticator is told of its owner: says nothing of whom it is about. */
function handleOf(agent: string): Buffer {
  return hashOf(`telltale passkey\n${agent}`)
}

function credentialOf({ id, publicKey, counter, transports }: Passkey): WebAuthnCredential {
  const key = new Uint8Array(publicKey)
  return { id, publicKey: key, counter, transports: [...transports] }
}

function described({ id, transports }: Passkey): { id: string; transports: string[] } {
  return { id, transports: [...transports] }
}
