import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { isLoopbackHost } from '../../src/base/loopback.ts'
import { checkDemo, checkOrigin } from '../../src/identity/demo.ts'
import { headersOf, serveDesk } from './served.ts'

let desk: Awaited<ReturnType<typeof serveDesk>>
let plain: Awaited<ReturnType<typeof serveDesk>>
beforeAll(async () => {
  desk = await serveDesk({ demo: true })
  plain = await serveDesk()
})
afterAll(async () => {
  await desk.close()
  await plain.close()
})
beforeEach(async () => {
  for (const one of [desk, plain])
    for (const table of ['sessions', 'agents'] as const)
      await one.db.deleteFrom(`telltale.${table}`).execute()
  await desk.addAgent('mara')
  await plain.addAgent('mara')
})

const DEMO = '/api/v1/sign-in/demo'
const demo = (headers: Record<string, string> = {}, of = desk, body: object = { agent: 'mara' }) =>
  fetch(of.origin + DEMO, {
    method: 'POST',
    headers: { origin: of.origin, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
const sessions = (of = desk) => of.db.selectFrom('telltale.sessions').selectAll().execute()

describe('signing in to a demonstration', () => {
  it('gives a session that waits for its device, in a cookie that scripts cannot read', async () => {
    const answer = await demo()
    expect(await answer.json()).toEqual({ agent: 'mara', bound: false })
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^telltale=[\w-]{43}; Max-Age=28800; Path=\/; HttpOnly; SameSite=Strict$/,
      ),
    ])
  })

  it('is no route at all outside a demonstration', async () => {
    const answer = await demo({}, plain)
    expect(answer.status).toBe(404)
    expect(await sessions(plain)).toEqual([])
    const options = await (await fetch(`${plain.origin}/api/v1/sign-in/options`)).json()
    expect(options).toEqual({ demo: false, passkey: true, oidc: null, people: [] })
  })

  it('tells whom one can be, in a demonstration alone', async () => {
    await desk.addAgent('lea', { roles: ['lead'] })
    await desk.people.suspend('lea', 'root', 'x')
    const options = await (await fetch(`${desk.origin}/api/v1/sign-in/options`)).json()
    expect(options).toMatchObject({ demo: true, people: [{ agent: 'mara', roles: ['agent'] }] })
  })

  it.each([
    { 'x-forwarded-for': '127.0.0.1' },
    { forwarded: 'for=127.0.0.1' },
    { 'x-real-ip': '127.0.0.1' },
    { via: '1.1 proxy' },
  ])('takes nothing that was passed on (%j)', async (headers) => {
    expect((await demo(headers as never)).status).toBe(404)
    expect(await sessions()).toEqual([])
  })

  it.each(['evil.example', '127.0.0.1.evil.example', '10.0.0.1', 'localhost.evil.example', ''])(
    'takes no request for another name (%j)',
    async (host) => {
      expect(await raw(host)).toMatch(/^HTTP\/1.1 40[034]/)
      expect(await sessions()).toEqual([])
    },
  )

  it('takes a raw request for this machine, so that the ones above fail by their name', async () => {
    expect(await raw(new URL(desk.origin).host)).toMatch(/^HTTP\/1.1 200/)
  })

  it.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/x-www-form-urlencoded' },
  ])('takes nothing from a page of somebody else (%j)', async (headers) => {
    expect((await demo(headers as never)).status).toBeGreaterThanOrEqual(400)
    expect(await sessions()).toEqual([])
  })

  it.each([
    {},
    { agent: '' },
    { agent: 1 },
    { agent: 'nobody' },
    { agent: 'mara', roles: ['admin'] },
  ])('takes nobody else (%j)', async (body) => {
    const { status } = await demo({}, desk, body)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
    expect(await sessions()).toEqual([])
  })

  /** `fetch` sets Host itself. */
  async function raw(host: string): Promise<string> {
    const { hostname, port } = new URL(desk.origin)
    const body = '{"agent":"mara"}'
    const socket = connect(Number(port), hostname)
    socket.write(
      `POST ${DEMO} HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${desk.origin}\r\nConnection: close\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    return text(socket)
  }
})

describe('a session over HTTP', () => {
  async function signedIn() {
    const device = await desk.newDevice()
    const cookie = (await demo()).headers.getSetCookie()[0].split(';')[0]
    const call = async (method: string, path: string, more: Record<string, string> = {}) =>
      fetch(`${desk.origin}/api/v1${path}`, {
        method,
        headers: {
          ...(await headersOf(device, desk.origin, method, path)),
          cookie,
          ...more,
        },
        ...(method !== 'GET' && { body: '{}' }),
      })
    expect((await call('POST', '/session/device')).status).toBe(200)
    return { device, cookie, call }
  }

  it('is used, stepped up and ended', async () => {
    const { call } = await signedIn()
    expect(await (await call('GET', '/session')).json()).toMatchObject({ agent: { id: 'mara' } })
    const stepped = await call('POST', '/sign-in/demo?step-up', {})
    // The body says nobody here.
    expect(stepped.status).toBe(400)
    const ended = await call('DELETE', '/session')
    expect(ended.status).toBe(204)
    expect((await call('GET', '/session')).status).toBe(401)
  })

  it('is not stepped up without its proof', async () => {
    const { cookie } = await signedIn()
    const answer = await fetch(`${desk.origin}${DEMO}?step-up`, {
      method: 'POST',
      headers: { origin: desk.origin, 'content-type': 'application/json', cookie },
      body: '{"agent":"mara"}',
    })
    expect(answer.status).toBe(401)
  })

  it('is one cookie: of two of its name neither the other account’s nor a made up one counts', async () => {
    const { call, cookie } = await signedIn()
    const forged = `telltale=${'A'.repeat(43)}; ${cookie}`
    expect((await call('GET', '/session', { cookie: forged })).status).toBe(401)
  })

  it.each([
    ['a cookie of ten thousand bytes', { cookie: `telltale=${'A'.repeat(10_000)}` }],
    [
      'a thousand cookies',
      { cookie: Array.from({ length: 1000 }, (_, i) => `c${i}=1`).join('; ') },
    ],
    ['a cookie of nothing', { cookie: 'telltale=' }],
    ['a proof of ten thousand bytes', { dpop: 'A'.repeat(10_000) }],
    ['two proofs', { dpop: 'a.b.c, a.b.c' }],
    ['no proof', { dpop: '' }],
  ])('is refused with %s', async (_, headers) => {
    const { call } = await signedIn()
    const answer = await call('GET', '/session', headers as never)
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({
      code: expect.stringMatching(/^(SESSION_ENDED|DEVICE_REFUSED)$/),
    })
  })

  it('answers as much to a wrong session as to a wrong proof: nothing that helps', async () => {
    const { call } = await signedIn()
    const thief = await desk.newDevice()
    const answers = [
      await call('GET', '/session', {
        dpop: await thief.prove({ url: `${desk.origin}/api/v1/session` }),
      }),
      await call('GET', '/session', { dpop: 'x' }),
    ]
    const [one, other] = (await Promise.all(answers.map((answer) => answer.json()))) as object[]
    expect({ ...one, instance: '' }).toEqual({ ...other, instance: '' })
  })
})

describe('where a demonstration may be', () => {
  const good = { host: '127.0.0.1', origin: 'http://localhost:8420', proxies: [] }

  it('is this machine', () => {
    expect(() => checkDemo(good)).not.toThrow()
    expect(() => checkDemo({ ...good, host: '::1', origin: 'http://[::1]:1' })).not.toThrow()
  })

  it.each([
    { host: '0.0.0.0' },
    { host: '::' },
    { host: '' },
    { host: 'desk.example' },
    { host: '10.0.0.1' },
    { host: '127.0.0.1.evil.example' },
    { origin: 'https://desk.example' },
    { origin: 'http://127.0.0.1.evil.example' },
    { origin: 'nonsense' },
    { proxies: ['127.0.0.1'] },
  ])('is not elsewhere (%j)', (more) => {
    expect(() => checkDemo({ ...good, ...more })).toThrow(
      expect.objectContaining({ code: 'IDENTITY_CONFIG_INVALID' }),
    )
  })

  it.each(['127.1', '127.0.0.256', '127.0.0.01', '0x7f.0.0.1', '2130706433', 'LOCALHOST.', ''])(
    'is not what only looks like this machine (%j)',
    (host) => {
      expect(isLoopbackHost(host)).toBe(false)
    },
  )

  it.each([
    'http://desk.example',
    'https://desk.example/',
    'https://desk.example/x',
    'ftp://a',
    '',
  ])('a desk is not at %j', (origin) => {
    expect(() => checkOrigin(origin)).toThrow(
      expect.objectContaining({ code: 'IDENTITY_CONFIG_INVALID' }),
    )
  })

  it.each(['https://desk.example', 'https://desk.example:8443', 'http://127.0.0.1:80801'])(
    'a desk may be at %j',
    (origin) => {
      if (origin.endsWith('80801')) expect(() => checkOrigin(origin)).toThrow()
      else expect(() => checkOrigin(origin)).not.toThrow()
    },
  )
})
