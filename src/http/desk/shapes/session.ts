/** Signing in, and who is signed in. */
import Type, { type Static } from 'typebox'
import { FIELDS_MAX } from '../../../base/desk-http-limits.ts'
import { component, count, id, name, nullable, oneOf, shape, time } from './base.ts'
import { fieldClass } from './shown.ts'

/** What one may do. */
const role = oneOf(['agent', 'lead', 'officer', 'admin'], 'What one may do')
/** Roles of one agent. */
export const roles = Type.Array(role, { maxItems: 4, uniqueItems: true })
const method = oneOf(['passkey', 'oidc', 'demo'], 'How one signed in')

/** Who is signed in. */
const agent = component(
  'Me',
  shape(
    {
      id: id('Id of the agent'),
      name: name('Their name'),
      pseudonym: name('How the log and cases call them'),
      team: nullable(id('Their team')),
      roles,
    },
    'Who is signed in',
  ),
)

/** A field that customers have here. */
const fieldWord = component(
  'FieldWord',
  shape(
    {
      name: name('Name of the field'),
      class: fieldClass,
      label: name('What people call it'),
    },
    'A field that customers have here',
  ),
)

const reasonWord = shape({ reason: name('For programs'), label: name('For people') })

const limits = component(
  'Limits',
  shape(
    {
      grantMinutesMax: count('Minutes of a grant, at most'),
      grantCustomersMax: count('Customers of a grant, at most'),
      reasonCharsMax: count('Characters of any reason, at most'),
      messageCharsMax: count('Characters of a message, at most'),
      sessionIdleMs: count('A session ends after so long without a request'),
      stepUpMs: count('How long a sign-in counts as fresh'),
      codeLifeMs: count('How long a customer-present code can be read back'),
      codeAttemptsMax: count('Attempts at a code'),
      searchesPerHourMax: count('Searches in an hour'),
      searchMissesPerHourMax: count('Searches that find nobody, in an hour'),
      purposeLiveMs: count('How long a ticket that hears nothing stays a purpose'),
    },
    'Limits that one may want to know before reaching them',
  ),
)

/** `GET /session`. */
export const session = component(
  'Session',
  shape(
    {
      agent,
      session: shape({
        id: id('Id of the session'),
        expiresAtMs: time('When it ends, if not sooner by rest'),
        stepUpUntilMs: nullable(time('Until when the sign-in counts as fresh')),
      }),
      demo: Type.Boolean({ description: 'Whether this is a demonstration, with invented people' }),
      signIn: Type.Array(method, { maxItems: 3, description: 'Ways to sign in' }),
      words: shape({
        fields: Type.Array(fieldWord, { maxItems: FIELDS_MAX }),
        reasons: Type.Array(reasonWord, { maxItems: 50, description: 'Reasons of a grant' }),
        limits,
      }),
    },
    'Who is signed in, and what there is to know before acting',
  ),
)
/** `GET /session`. */
export type Session = Static<typeof session>

/** `GET /sign-in/options`: what a page can offer before anybody is known. */
export const signInOptions = component(
  'SignInOptions',
  shape(
    {
      demo: Type.Boolean({ description: 'Whether this is a demonstration' }),
      passkey: Type.Boolean({ description: 'Whether passkeys are taken' }),
      oidc: nullable(name('What the button of the directory says')),
      people: Type.Array(shape({ agent: id('Id'), name: name('Name'), roles }), {
        maxItems: 50,
        description: 'Who one can be in a demonstration; else empty',
      }),
    },
    'Ways to sign in',
  ),
)
/** `GET /sign-in/options`. */
export type SignInOptions = Static<typeof signInOptions>

/** `POST /sign-in/demo`. */
export const demoSignIn = shape({ agent: id('Who to be') })

/** `?step-up`: refreshes the session of the cookie instead of beginning one. */
export const stepUpQuery = shape({
  'step-up': Type.Optional(
    Type.String({ maxLength: 1, description: 'Present: refreshes the session there is' }),
  ),
})

/** `?step-up` and where the browser goes afterwards. */
export const oidcBeginQuery = shape({
  ...stepUpQuery.properties,
  to: Type.Optional(
    Type.String({
      maxLength: 500,
      pattern: '^/(?![/\\\\])[^\\u0000-\\u0020]*$',
      description: 'Where the browser goes afterwards: a path of the console',
    }),
  ),
})

/** What a directory hands the browser: RFC 6749, section 4.1.2; RFC 9207. Each adds words of its own. */
export const oidcCallbackQuery = Type.Object(
  { state: Type.Optional(Type.String({ description: 'Ours, returned' })) },
  { additionalProperties: true },
)

/** Options of WebAuthn, level 3, section 5, as JSON. */
const webauthn = Type.Unsafe<Record<string, unknown>>({
  type: 'object',
  additionalProperties: true,
  description: 'As JSON of WebAuthn, level 3',
})

/** What begins a ceremony of a passkey. */
export const ceremony = component(
  'Ceremony',
  shape(
    { challenge: id('Id of the ceremony, to finish it'), options: webauthn },
    'A ceremony of a passkey',
  ),
)
/** What begins a ceremony of a passkey. */
export type Ceremony = Static<typeof ceremony>

/** `POST /sign-in/passkey/finish`. */
export const passkeyFinish = shape({ challenge: id('Id of the ceremony'), credential: webauthn })

/** `POST /passkeys/finish`. */
export const passkeyAdd = shape({
  challenge: id('Id of the ceremony'),
  credential: webauthn,
  label: name('How its owner tells it from others'),
})

/** One of my passkeys. */
export const passkey = component(
  'Passkey',
  shape(
    {
      id: id('Id of the key'),
      label: name('How its owner tells it from others'),
      createdAtMs: time('When it was added'),
      usedAtMs: nullable(time('When it last signed in')),
    },
    'A passkey',
  ),
)
/** One of my passkeys. */
export type Passkey = Static<typeof passkey>

/** The address of a passkey. */
export const passkeyParams = shape({ id: id('Id of the key') })

/** `GET /passkeys`. */
export const passkeys = shape({ passkeys: Type.Array(passkey, { maxItems: 20 }) })

/** What a sign-in answers: the cookie is set, and a new session waits for its device. */
export const signedIn = component(
  'SignedIn',
  shape(
    {
      agent: id('Who'),
      bound: Type.Boolean({
        description: 'Whether the session is usable; if not, `POST /session/device` binds it',
      }),
    },
    'What a sign-in answers beside the cookie',
  ),
)
/** What a sign-in answers. */
export type SignedIn = Static<typeof signedIn>

const sessionRow = component(
  'SessionRow',
  shape(
    {
      id: id('Id of the session'),
      method,
      createdAtMs: time('When it began'),
      seenAtMs: time('When it was last used'),
      expiresAtMs: time('When it ends'),
      endedAtMs: nullable(time('When it ended')),
      current: Type.Boolean({ description: 'Whether it is the one that asks' }),
    },
    'A session of mine',
  ),
)

/** `GET /sessions`. */
export const sessions = shape({ sessions: Type.Array(sessionRow, { maxItems: 200 }) })
/** `GET /sessions`. */
export type Sessions = Static<typeof sessions>

/** `POST /sessions/end-others`. */
export const endedSessions = shape({ ended: count('How many sessions were ended') })

/** The address of a session. */
export const sessionParams = shape({ id: id('Id of the session') })
