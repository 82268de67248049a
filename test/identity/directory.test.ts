import { afterAll, describe, expect, it } from 'vitest'
import { PROVIDER_REFRESH_MS } from '../../src/base/identity-limits.ts'
import {
  BEGIN,
  closeAll,
  desk,
  isBack,
  isHome,
  secretOf,
  sessions,
  signedIn,
  signIn,
  start,
  type Visitor,
} from './directory-desk.ts'
import { newVisitor } from './visitor.ts'

afterAll(closeAll)

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
