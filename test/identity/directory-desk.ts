/** Desks and an identity provider, for tests of signing in by it. */
import { expect } from 'vitest'
import { headersOf, serveDesk, type Wanted } from './served.ts'
import { newVisitor } from './visitor.ts'

type Desk = Awaited<ReturnType<typeof serveDesk>>
/** The desk of the test that runs. */
export let desk: Desk
/** One desk and provider for all tests that want the same. */
const started = new Map<string, Desk>()
/** Closes them. */
export async function closeAll(): Promise<void> {
  for (const one of started.values()) await one.close()
}

const ACCOUNTS = {
  mara: { email: 'Mara@desk.example', email_verified: true, oid: 'o-mara' },
  lea: { email: 'lea@desk.example', email_verified: true },
  eve: { email: 'mara@desk.example', email_verified: false },
  mallory: { email: 'mara@desk.example', email_verified: true },
}
const TABLES = ['sessions', 'challenges', 'identities', 'agents'] as const

export async function start(wanted: Wanted & { readonly isAlone?: boolean } = {}) {
  const key = JSON.stringify(wanted)
  desk = started.get(key) ?? (await serveDesk({ accounts: ACCOUNTS, ...wanted }))
  started.set(key, desk)
  for (const table of TABLES) await desk.db.deleteFrom(`telltale.${table}`).execute()
  desk.decided.length = 0
  desk.lines.length = 0
  desk.now.ms = Date.now()
  await desk.addAgent('mara', { mail: 'mara@desk.example' })
  await desk.addAgent('lea', { mail: 'lea@desk.example' })
  if (wanted.linkBy === undefined) {
    await desk.identities.link(desk.issuer, 'mara', 'mara')
    await desk.identities.link(desk.issuer, 'lea', 'lea')
  }
}

export type Visitor = ReturnType<typeof newVisitor>
export const BEGIN = '/api/v1/sign-in/oidc/begin'
export const isHome = (url: string) => url.startsWith(desk.origin) && !url.includes('/api/v1/')
export const isBack = (url: string) => url.startsWith(desk.origin) && url.includes('/callback')
export const secretOf = (visitor: Visitor) => visitor.cookie(desk.origin, 'telltale')
/** Signs in; answers the path that it ends on. */
export async function signIn(visitor: Visitor, login: string, query = '') {
  const ended = await visitor.logIn(`${desk.origin}${BEGIN}${query}`, login, isHome)
  return ended.slice(desk.origin.length)
}
export const sessions = () => desk.db.selectFrom('telltale.sessions').selectAll().execute()

export async function signedIn(login = 'mara') {
  const [visitor, device] = [newVisitor(), await desk.newDevice()]
  expect(await signIn(visitor, login)).toBe('/')
  const call = async (method: string, path: string) =>
    visitor.request(`${desk.origin}/api/v1${path}`, {
      method,
      headers: await headersOf(device, desk.origin, method, path),
      ...(method !== 'GET' && { body: '{}' }),
    })
  expect((await call('POST', '/session/device')).status).toBe(200)
  return { visitor, device, call }
}
