import { afterAll, describe, expect, it } from 'vitest'
import {
  BEGIN,
  closeAll,
  desk,
  isBack,
  isHome,
  sessions,
  signedIn,
  signIn,
  start,
} from './directory-desk.ts'
import { newVisitor } from './visitor.ts'

afterAll(closeAll)

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
