/** Signing in: by passkey, by the organisation's directory, as somebody of a demonstration. With
 * `?step-up` each refreshes the session there is. */
import { PAGE_ROWS_MAX } from '../../../base/desk-limits.ts'
import type { Directory } from '../../../identity/directory.ts'
import type { Passkeys } from '../../../identity/passkeys.ts'
import type { People } from '../../../identity/ports.ts'
import type { MoreRoutes } from '../app.ts'
import type { AuthOptions } from '../auth.ts'
import { type DeskApp, describe, nothing } from '../describe.ts'
import {
  ceremony,
  passkeyFinish,
  type SignInOptions,
  signedIn,
  signInOptions,
  stepUpQuery,
} from '../shapes/session.ts'
import { addDemo } from './demo.ts'
import { addDirectory } from './directory.ts'
import { addMyPasskeys } from './passkeys.ts'
import { begunAnswer, steppedAnswer, steppingUp } from './step-up.ts'

const tag = 'session'

/** The ways to sign in here. */
export interface SignIn {
  /** null: browsers reach this desk by an address that passkeys do not work with. */
  readonly passkeys: Passkeys | null
  readonly directory: { readonly label: string; readonly service: Directory } | null
  readonly demo: boolean
  readonly people: People
  /** Whether browsers reach the desk over TLS. */
  readonly secure: boolean
}

/** The routes of signing in. */
export function signInRoutes(ways: SignIn): MoreRoutes {
  return (app, auth) => {
    addOptions(app, ways)
    if (ways.passkeys !== null) {
      addPasskey(app, auth, ways.passkeys)
      addMyPasskeys(app, ways.passkeys)
    }
    if (ways.directory !== null) addDirectory(app, auth, ways.directory.service, ways.secure)
    if (ways.demo) addDemo(app, auth)
  }
}

function addOptions(app: DeskApp, { passkeys, directory, demo, people }: SignIn): void {
  app.get(
    '/sign-in/options',
    describe({
      id: 'listSignInOptions',
      tag,
      summary: 'Ways to sign in',
      access: 'stranger',
      answer: [200, 'What a page can offer before anybody is known', signInOptions],
    }),
    async (): Promise<SignInOptions> => {
      const all = demo ? await people.list(null, PAGE_ROWS_MAX) : []
      return {
        demo,
        passkey: passkeys !== null,
        oidc: directory?.label ?? null,
        people: all
          .filter(({ status, kind }) => status === 'active' && kind === 'person')
          .map(({ id, name, roles }) => ({ agent: id, name, roles: [...roles] })),
      }
    },
  )
}

function addPasskey(app: DeskApp, auth: AuthOptions, passkeys: Passkeys): void {
  app.post(
    '/sign-in/passkey/begin',
    describe({
      id: 'beginPasskey',
      tag,
      summary: 'Asks for a passkey',
      access: 'stranger',
      query: stepUpQuery,
      body: nothing,
      answer: [200, 'What the browser is to ask the passkey', ceremony],
      errors: ['SIGN_IN_BUSY', 'SESSION_ENDED', 'DEVICE_REFUSED'],
    }),
    async (request) => {
      const begun = await passkeys.beginSignIn(await steppingUp(request, auth))
      return { challenge: begun.challenge, options: { ...begun.options } }
    },
  )

  app.post(
    '/sign-in/passkey/finish',
    describe({
      id: 'finishPasskey',
      tag,
      summary: 'Signs in by what a passkey answered',
      access: 'stranger',
      query: stepUpQuery,
      body: passkeyFinish,
      answer: [200, 'Signed in', signedIn],
      errors: ['PASSKEY_REFUSED', 'SIGN_IN_OVER', 'AGENT_SUSPENDED', 'DEVICE_REFUSED'],
    }),
    async (request, reply) => {
      const caller = await steppingUp(request, auth)
      const { challenge, credential } = request.body
      if (caller === null) {
        const begun = await passkeys.finishSignIn(challenge, credential)
        auth.cookie.set(reply, begun.secret)
        return begunAnswer(begun)
      }
      return steppedAnswer(await passkeys.finishStepUp(caller, challenge, credential))
    },
  )
}
