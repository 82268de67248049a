import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../browser.ts'
import { serveDesk } from './served.ts'

let desk: Awaited<ReturnType<typeof serveDesk>>
let browser: Browser | null
beforeAll(async () => {
  browser = await openBrowser()
  desk = await serveDesk({ demo: true })
  await desk.addAgent('mara')
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await desk?.close()
})

/** A page of the desk's own origin with the few lines of a console that signing in takes. */
async function openPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.route(`${desk.origin}/test-page`, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Test</title>' }),
  )
  await page.goto(`${desk.origin}/test-page`)
  await page.evaluate(CONSOLE)
  return page
}

/** Runs in the page. */
const CONSOLE = `(async () => {
  const text = new TextEncoder()
  const base64url = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
  const encoded = (value) => base64url(text.encode(JSON.stringify(value)))
  const pair = await crypto.subtle.generateKey(
    { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey)
  window.ask = async (method, path, body) => {
    const url = new URL('/api/v1' + path, location.origin)
    const claims = { jti: crypto.randomUUID(), htm: method, htu: url.origin + url.pathname,
      iat: Math.floor(Date.now() / 1000) }
    const signed = encoded({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } }) + '.' + encoded(claims)
    const signature = await crypto.subtle.sign(
      { name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, text.encode(signed))
    const response = await fetch(url, { method,
      headers: { dpop: signed + '.' + base64url(signature), 'content-type': 'application/json' },
      ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }) })
    return { status: response.status, body: response.status === 204 ? null : await response.json() }
  }
  window.addKey = async () => {
    const begun = await ask('POST', '/passkeys/begin')
    if (begun.status !== 200) return begun
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(begun.body.options)
    const credential = (await navigator.credentials.create({ publicKey })).toJSON()
    const { challenge } = begun.body
    return ask('POST', '/passkeys/finish', { challenge, credential, label: 'Chromium' })
  }
  window.useKey = async (query) => {
    const begun = await ask('POST', '/sign-in/passkey/begin' + query)
    if (begun.status !== 200) return begun
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(begun.body.options)
    const credential = (await navigator.credentials.get({ publicKey })).toJSON()
    const { challenge } = begun.body
    return ask('POST', '/sign-in/passkey/finish' + query, { challenge, credential })
  }
})()`

async function withAuthenticator(page: Page, isUserVerified = true): Promise<void> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified,
      automaticPresenceSimulation: true,
    },
  })
}

type Told = { status: number; body: Record<string, unknown> }
const run = (page: Page, call: string) => page.evaluate(call) as Promise<Told>

describe('in a real browser', () => {
  it('a passkey is added, signs in without a name, and steps up', async (context) => {
    if (browser === null) return context.skip('needs a browser')
    const tab = await browser.newContext()
    const page = await openPage(tab)
    await withAuthenticator(page)
    expect(await run(page, `ask('POST', '/sign-in/demo', { agent: 'mara' })`)).toMatchObject({
      status: 200,
    })
    expect((await run(page, `ask('POST', '/session/device')`)).status).toBe(200)
    expect(await run(page, 'addKey()')).toMatchObject({ status: 201, body: { label: 'Chromium' } })
    expect((await run(page, `ask('DELETE', '/session')`)).status).toBe(204)
    expect((await run(page, `ask('GET', '/session')`)).status).toBe(401)
    expect(await run(page, `useKey('')`)).toEqual({
      status: 200,
      body: { agent: 'mara', bound: false },
    })
    expect((await run(page, `ask('POST', '/session/device')`)).status).toBe(200)
    expect(await run(page, `ask('GET', '/session')`)).toMatchObject({
      status: 200,
      body: { agent: { id: 'mara' } },
    })
    expect(await run(page, `useKey('?step-up')`)).toEqual({
      status: 200,
      body: { agent: 'mara', bound: true },
    })
    expect(desk.acts()).toEqual([
      'session.begun demo',
      'agent.changed passkey added',
      'session.ended signed out',
      'session.begun passkey',
      'session.begun step-up passkey',
    ])
    await tab.close()
  })

  it('scripts of the page see no cookie, and a copied cookie opens nothing', async (context) => {
    if (browser === null) return context.skip('needs a browser')
    const tab = await browser.newContext()
    const page = await openPage(tab)
    await run(page, `ask('POST', '/sign-in/demo', { agent: 'mara' })`)
    expect((await run(page, `ask('POST', '/session/device')`)).status).toBe(200)
    expect(await page.evaluate('document.cookie')).toBe('')
    const cookies = await tab.cookies()
    expect(cookies).toMatchObject([{ name: 'telltale', httpOnly: true, sameSite: 'Strict' }])
    const thief = await browser.newContext()
    await thief.addCookies(cookies)
    const stolen = await openPage(thief)
    expect(await run(stolen, `ask('GET', '/session')`)).toMatchObject({
      status: 401,
      body: { code: 'DEVICE_REFUSED' },
    })
    expect(desk.acts().at(-1)).toBe('session.refused other-device')
    expect((await run(page, `ask('GET', '/session')`)).status).toBe(200)
    await thief.close()
    await tab.close()
  })

  it('a passkey whose owner is not verified opens nothing', async (context) => {
    if (browser === null) return context.skip('needs a browser')
    const tab = await browser.newContext()
    const page = await openPage(tab)
    await withAuthenticator(page, false)
    await run(page, `ask('POST', '/sign-in/demo', { agent: 'mara' })`)
    await run(page, `ask('POST', '/session/device')`)
    await expect(run(page, 'addKey()')).rejects.toThrow(/NotAllowedError/)
    await tab.close()
  })
})
