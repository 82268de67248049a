/** Signing in: by passkey, by the organisation's directory, or as somebody of the demonstration. */
import { startAuthentication, startRegistration } from '@simplewebauthn/browser'
import type { Ceremony, SignedIn } from '../../src/http/desk/shapes/session.ts'
import { API, act, ask } from './client.ts'
import { Refusal } from './refusal.ts'
import { tellTabs } from './tabs.ts'

/** Marks that this tab went to the directory, so that it claims the session on its return. */
const AWAY = 'telltale.away'

/** Signs in by a passkey; `stepUp` only refreshes the session there is. Throws Refusal. */
export async function byPasskey(stepUp: boolean): Promise<void> {
  const query = stepUp ? '?step-up' : ''
  const { challenge, options } = await act<Ceremony>(`/sign-in/passkey/begin${query}`)
  const credential = await asked(() => startAuthentication({ optionsJSON: options as never }))
  await claim(await act<SignedIn>(`/sign-in/passkey/finish${query}`, { challenge, credential }))
}

/** Signs in as somebody of the demonstration. Throws Refusal. */
export async function asDemo(agent: string, stepUp: boolean): Promise<void> {
  await claim(await act<SignedIn>(`/sign-in/demo${stepUp ? '?step-up' : ''}`, { agent }))
}

/** Leaves for the organisation's directory, and comes back to where the reader is. */
export function byDirectory(stepUp: boolean): void {
  if (!stepUp) sessionStorage.setItem(AWAY, '1')
  const to = encodeURIComponent(`${location.pathname}${location.search}`)
  location.assign(`${API}/sign-in/oidc/begin?to=${to}${stepUp ? '&step-up' : ''}`)
}

const FAILURES: Readonly<Record<string, readonly [says: string, next: string]>> = {
  SIGN_IN_REFUSED: [
    'The directory knows you, but the desk does not let you in.',
    'Ask whoever manages the desk whether your account is set up.',
  ],
  SIGN_IN_OVER: ['This sign-in took too long, or began in another browser.', 'Begin it again.'],
  AGENT_SUSPENDED: ['This account is suspended.', 'Ask whoever manages the desk.'],
  PROVIDER_UNAVAILABLE: [
    'The directory does not answer as it should.',
    'Try again in a moment, or sign in by a passkey. If it lasts, tell whoever runs Telltale.',
  ],
}
const FAILED = ['The directory did not sign you in.', 'Try again, or sign in another way.'] as const

/** What the way back from the directory says of a failure; taken out of the address, which is shared. */
export function takeFailure(): Refusal | null {
  const url = new URL(location.href)
  const code = url.searchParams.get('sign-in')
  if (code === null) return null
  url.searchParams.delete('sign-in')
  history.replaceState(history.state, '', url)
  const [says, next] = FAILURES[code] ?? FAILED
  return new Refusal(code, says, next, 0)
}

/** Claims the session that the directory's answer began, where this tab comes from there. */
export async function claimAfterDirectory(): Promise<void> {
  if (sessionStorage.getItem(AWAY) === null) return
  sessionStorage.removeItem(AWAY)
  await bindDevice().catch(() => {})
}

/** Adds a passkey of this device or of a security key to my account. Throws Refusal. */
export async function addPasskey(label: string): Promise<void> {
  const { challenge, options } = await act<Ceremony>('/passkeys/begin')
  const credential = await asked(() => startRegistration({ optionsJSON: options as never }))
  await act('/passkeys/finish', { challenge, credential, label })
}

async function claim(signedIn: SignedIn): Promise<void> {
  if (!signedIn.bound) await bindDevice()
}

/** Binds the new session to the key of this device. */
async function bindDevice(): Promise<void> {
  await ask('/session/device', { method: 'POST', body: {} })
  tellTabs()
}

/** What the person answers the browser's own question for a passkey. */
async function asked<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question()
  } catch {
    throw new Refusal(
      'PASSKEY_NOT_USED',
      'No passkey was used.',
      'Try once more, or sign in another way. Whoever manages accounts can reset your passkeys.',
      0,
    )
  }
}
