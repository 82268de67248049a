import { afterAll, describe, expect, it } from 'vitest'
import { PROVIDER_REFRESH_MS } from '../../src/base/identity-limits.ts'
import { headersOf, serveDesk, type Wanted } from './served.ts'
import { newVisitor } from './visitor.ts'

type Desk = Awaited<ReturnType<typeof serveDesk>>
let desk: Desk
/** One desk and provider for all tests that want the same. */
const started = new Map<string, Desk>()
afterAll(async () => {
  for (const one of started.values()) await one.close()
})

const ACCOUNTS = {
  mara: { email: 'Mara@desk.example', email_verified: true, oid: 'o-mara' },
  lea: { email: 'lea@desk.example', email_verified: true },
  eve: { email: 'mara@desk.example', email_verified: false },
  mallory: { email: 'mara@desk.example', email_verified: true },
}
const TABLES = ['sessions', 'challenges', 'identities', 'agents'] as const

async function start(wanted: Wanted & { readonly isAlone?: boolean } = {}) {
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

type Visitor = ReturnType<typeof newVisitor>
const BEGIN = '/api/v1/sign-in/oidc/begin'
const isHome = (url: string) => url.startsWith(desk.origin) && !url.includes('/api/v1/')
const isBack = (url: string) => url.startsWith(desk.origin) && url.includes('/callback')
const secretOf = (visitor: Visitor) => visitor.cookie(desk.origin, 'telltale')
/** Signs in; answers the path that it ends on. */
async function signIn(visitor: Visitor, login: string, query = '') {
  const ended = await visitor.logIn(`${desk.origin}${BEGIN}${query}`, login, isHome)
  return ended.slice(desk.origin.length)
}
const sessions = () => desk.db.selectFrom('telltale.sessions').selectAll().execute()

async function signedIn(login = 'mara') {
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

describe('signing in by the directory', () => {
  it('goes there, comes back, and is bound to the device', async () => {
    await start()
    const { call } = await signedIn()
    const answer = await call('GET', '/session')
    expect(await answer.json()).toMatchObject({ agent: { id: 'mara' } })
    expect(desk.acts()).toEqual(['session.begun oidc'])
  })

  it('comes back to where the reader was', async () => {
    await start()
    expect(await signIn(newVisitor(), 'mara', '?to=%2Ftickets%2F7%3Fx%3D1')).toBe('/tickets/7?x=1')
  })

  it.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '/%0d%0aset-cookie:x=y',
  ])('never goes on to another site (%j)', async (to) => {
    await start()
    const response = await newVisitor().request(
      `${desk.origin}${BEGIN}?to=${encodeURIComponent(to)}`,
    )
    const location = response.headers.get('location')
    if (location === null) expect(response.status).toBe(400)
    else {
      const visitor = newVisitor()
      const ended = await visitor.logIn(
        `${desk.origin}${BEGIN}?to=${encodeURIComponent(to)}`,
        'mara',
        isHome,
      )
      expect(new URL(ended).origin).toBe(desk.origin)
    }
  })

  it('counts as fresh only from when the person proved to be there', async () => {
    await start()
    const visitor = newVisitor()
    await signIn(visitor, 'mara')
    await new Promise((resolve) => setTimeout(resolve, 1100))
    desk.now.ms = Date.now()
    // The provider remembers them: no form is shown.
    const [ended] = await visitor.follow(`${desk.origin}${BEGIN}`, isHome)
    expect(ended).toBe(`${desk.origin}/`)
    const again = (await sessions()).find(({ created_at_ms: at }) => at === desk.now.ms)
    expect(again?.step_up_at_ms).toBeLessThan(desk.now.ms)
  })

  it('keeps no code, state or secret in what the desk logs', async () => {
    await start()
    const { visitor } = await signedIn()
    expect(desk.lines.length).toBeGreaterThan(2)
    expect(desk.lines.join('')).not.toMatch(/code=|state=|mara/)
    expect(desk.lines.join('')).not.toContain(secretOf(visitor))
  })

  it('is refused to whom nobody here knows', async () => {
    await start()
    const visitor = newVisitor()
    expect(await signIn(visitor, 'stranger')).toBe('/?sign-in=SIGN_IN_REFUSED')
    expect(secretOf(visitor)).toBeUndefined()
    expect(await sessions()).toEqual([])
  })

  it('is refused to a suspended agent', async () => {
    await start()
    await desk.people.suspend('mara', 'root', 'x')
    expect(await signIn(newVisitor(), 'mara')).toBe('/?sign-in=AGENT_SUSPENDED')
  })

  it('is told when the provider is gone, before or on the way', async () => {
    await start({ isAlone: true })
    const visitor = newVisitor()
    const url = await visitor.logIn(`${desk.origin}${BEGIN}`, 'mara', isBack)
    await desk.stopProvider()
    const gone = '/?sign-in=PROVIDER_UNAVAILABLE'
    expect((await visitor.request(url)).headers.get('location')).toBe(gone)
    desk.now.ms += PROVIDER_REFRESH_MS
    expect(await signIn(newVisitor(), 'mara')).toBe(gone)
    expect(desk.lines.join('')).toContain('"code":"PROVIDER_UNAVAILABLE"')
  })
})

describe('the way back', () => {
  /** As far as the address that the provider sends the browser back to. */
  const almost = (visitor: Visitor, login: string) =>
    visitor.logIn(`${desk.origin}${BEGIN}`, login, isBack)
  const back = async (visitor: Visitor, url: string) =>
    (await visitor.request(url)).headers.get('location')
  const over = '/?sign-in=SIGN_IN_OVER'

  it('is for the browser that went: nobody is signed in as somebody else by a link', async () => {
    await start()
    const attacker = newVisitor()
    const url = await almost(attacker, 'lea')
    const victim = newVisitor()
    expect(await back(victim, url)).toBe(over)
    expect(secretOf(victim)).toBeUndefined()
    // The link is used up, for the attacker too.
    expect(await back(attacker, url)).toBe(over)
  })

  it('is for that browser even where the victim has begun a sign-in of their own', async () => {
    await start()
    const [attacker, victim] = [newVisitor(), newVisitor()]
    const url = await almost(attacker, 'lea')
    await almost(victim, 'mara')
    expect(await back(victim, url)).toBe(over)
  })

  it('is gone once, in parallel too', async () => {
    await start()
    const visitor = newVisitor()
    const url = await almost(visitor, 'mara')
    const secret = visitor.cookie(desk.origin, 'telltale-sign-in')!
    const visitors = Array.from({ length: 5 }, () => {
      const one = newVisitor()
      one.setCookie(desk.origin, 'telltale-sign-in', secret)
      return one
    })
    const ends = await Promise.all(visitors.map((one) => back(one, url)))
    expect(ends.filter((end) => end === '/')).toHaveLength(1)
    expect(await sessions()).toHaveLength(1)
  })

  it('does not take another code: nobody’s account is swapped for another’s', async () => {
    await start()
    const [mara, lea] = [newVisitor(), newVisitor()]
    const urls = [new URL(await almost(mara, 'mara')), new URL(await almost(lea, 'lea'))]
    urls[0].searchParams.set('code', urls[1].searchParams.get('code')!)
    expect(await back(mara, urls[0].href)).toBe('/?sign-in=SIGN_IN_REFUSED')
    expect(await sessions()).toEqual([])
  })

  it.each<[string, (url: URL) => void]>([
    ['an invented state', (url) => url.searchParams.set('state', 'A'.repeat(43))],
    ['no state', (url) => url.searchParams.delete('state')],
    ['a state of nonsense', (url) => url.searchParams.set('state', "' or 1=1")],
  ])('is not found with %s', async (_, change) => {
    await start()
    const visitor = newVisitor()
    const url = new URL(await almost(visitor, 'mara'))
    change(url)
    expect(await back(visitor, url.href)).toBe(over)
  })

  it.each<[string, (url: URL) => void]>([
    ['an invented code', (url) => url.searchParams.set('code', 'x')],
    ['no code', (url) => url.searchParams.delete('code')],
    ['another issuer', (url) => url.searchParams.set('iss', 'https://evil.example')],
    ['two codes', (url) => url.searchParams.append('code', 'x')],
    ['a refusal', (url) => url.searchParams.set('error', 'access_denied')],
  ])('ends with %s', async (_, change) => {
    await start()
    const visitor = newVisitor()
    const url = new URL(await almost(visitor, 'mara'))
    change(url)
    expect(await back(visitor, url.href)).toBe('/?sign-in=SIGN_IN_REFUSED')
    expect(await sessions()).toEqual([])
    // And is used up.
    expect(await back(visitor, url.href)).toBe(over)
  })

  it('does not follow the Host header', async () => {
    await start()
    const { app } = desk
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example' }
    const { headers: answered } = await app.inject({ url: BEGIN, headers })
    const url = new URL(String(answered.location))
    expect(url.origin).toBe(desk.issuer)
    expect(url.searchParams.get('redirect_uri')).toBe(`${desk.origin}/api/v1/sign-in/oidc/callback`)
  })

  it('begins on our own page alone', async () => {
    await start()
    const headers = { 'sec-fetch-site': 'cross-site' }
    expect((await desk.app.inject({ url: BEGIN, headers })).statusCode).toBe(403)
  })
})

describe('the first sign-in', () => {
  const linked = () => desk.db.selectFrom('telltale.identities').selectAll().execute()

  it('is linked to nobody where that is not configured', async () => {
    await start({ linkBy: 'none' })
    expect(await signIn(newVisitor(), 'mara')).toBe('/?sign-in=SIGN_IN_REFUSED')
    expect(await linked()).toEqual([])
  })

  it('is linked by a mail address that the provider verified', async () => {
    await start({ linkBy: 'mail' })
    expect(await signIn(newVisitor(), 'mara')).toBe('/')
    expect(await linked()).toEqual([{ issuer: desk.issuer, subject: 'mara', agent: 'mara' }])
    expect(desk.acts()).toEqual(['agent.changed identity linked by mail', 'session.begun oidc'])
  })

  it('is not linked by a mail address that anybody may claim', async () => {
    await start({ linkBy: 'mail' })
    expect(await signIn(newVisitor(), 'eve')).toBe('/?sign-in=SIGN_IN_REFUSED')
    expect(await linked()).toEqual([])
  })

  it('is not linked to who has an account there already', async () => {
    await start({ linkBy: 'mail' })
    await signIn(newVisitor(), 'mara')
    expect(await signIn(newVisitor(), 'mallory')).toBe('/?sign-in=SIGN_IN_REFUSED')
    expect(await linked()).toHaveLength(1)
  })

  it('is not linked where two agents have the address, or the one is suspended', async () => {
    await start({ linkBy: 'mail' })
    await desk.addAgent('mara-2', { mail: 'MARA@desk.example' })
    expect(await signIn(newVisitor(), 'mara')).toBe('/?sign-in=SIGN_IN_REFUSED')
    await desk.people.suspend('mara-2', 'root', 'x')
    await desk.people.suspend('mara', 'root', 'x')
    expect(await signIn(newVisitor(), 'mara')).toBe('/?sign-in=SIGN_IN_REFUSED')
  })

  it('is linked by the id of the directory', async () => {
    await start({ linkBy: 'external-id' })
    await desk.db
      .updateTable('telltale.agents')
      .set({ external_id: 'o-mara' })
      .where('id', '=', 'mara')
      .execute()
    expect(await signIn(newVisitor(), 'mara')).toBe('/')
    expect(await signIn(newVisitor(), 'lea')).toBe('/?sign-in=SIGN_IN_REFUSED')
  })
})

describe('stepping up by the directory', () => {
  const QUERY = '?step-up&to=%2Fgrants'
  const stepUpAtMs = async () => (await sessions())[0].step_up_at_ms
  const forget = () =>
    desk.db.updateTable('telltale.sessions').set({ step_up_at_ms: null }).execute()

  it('asks for the person although the provider remembers them', async () => {
    await start()
    const { visitor, call } = await signedIn()
    await forget()
    const [at, page] = await visitor.follow(`${desk.origin}${BEGIN}${QUERY}`, isHome)
    expect(at).toContain('/interaction/')
    expect(await page.text()).toContain('type="password"')
    expect(await signIn(visitor, 'mara', QUERY)).toBe('/grants')
    expect(await stepUpAtMs()).toBe(desk.now.ms)
    expect(await sessions()).toHaveLength(1)
    expect((await call('GET', '/session')).status).toBe(200)
    expect(desk.acts().at(-1)).toBe('session.begun step-up oidc')
  })

  it('is not for whom the provider only remembers, even where the browser drops our asking', async () => {
    await start()
    const { visitor } = await signedIn()
    await forget()
    // The sign-in at the provider is two minutes old.
    desk.now.ms += 120_000
    const begun = await visitor.request(`${desk.origin}${BEGIN}${QUERY}`)
    const url = new URL(begun.headers.get('location')!)
    for (const name of ['prompt', 'max_age']) url.searchParams.delete(name)
    const [ended] = await visitor.follow(url.href, isHome)
    expect(ended).toBe(`${desk.origin}/?sign-in=SIGN_IN_REFUSED`)
    expect(await stepUpAtMs()).toBeNull()
    expect(desk.acts().at(-1)).toBe('session.refused step-up: not fresh')
  })

  it('is not for somebody else at the same screen', async () => {
    await start()
    const { visitor } = await signedIn()
    await forget()
    expect(await signIn(visitor, 'lea', QUERY)).toBe('/?sign-in=SIGN_IN_REFUSED')
    expect(await stepUpAtMs()).toBeNull()
    expect(desk.decided.at(-1)).toMatchObject({
      act: 'session.refused',
      agent: 'mara',
      detail: 'step-up: another account',
    })
  })

  it('takes the strength that is configured', async () => {
    await start({ stepUpAcr: ['strong'] })
    const { visitor } = await signedIn()
    await forget()
    expect(await signIn(visitor, 'mara', QUERY)).toBe('/?sign-in=SIGN_IN_REFUSED')
    expect(await stepUpAtMs()).toBeNull()
    expect(await signIn(visitor, 'mara+strong', QUERY)).toBe('/grants')
    expect(await stepUpAtMs()).toBe(desk.now.ms)
  })

  it('needs a session to refresh', async () => {
    await start()
    const response = await newVisitor().request(`${desk.origin}${BEGIN}${QUERY}`)
    expect(response.headers.get('location')).toBe('/?sign-in=SESSION_ENDED')
  })

  it('does not bring back a session that ended on the way', async () => {
    await start()
    const { visitor } = await signedIn()
    await forget()
    const url = await visitor.logIn(`${desk.origin}${BEGIN}${QUERY}`, 'mara', isBack)
    await desk.people.suspend('mara', 'root', 'x')
    const { headers } = await visitor.request(url)
    expect(headers.get('location')).toBe('/?sign-in=SESSION_ENDED')
  })
})
