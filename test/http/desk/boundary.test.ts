import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newDevice } from '../../identity/device.ts'
import { asker, ORIGIN, signedIn, startApi } from './desk.ts'

let desk: Awaited<ReturnType<typeof startApi>>
let mia: Awaited<ReturnType<typeof signedIn>>
const searched: unknown[] = []
beforeAll(async () => {
  desk = await startApi({
    search: async (_, by, value) => {
      searched.push({ by, value })
      return []
    },
  })
  mia = await signedIn(desk, 'mia')
})
afterAll(() => desk.close())

const SEARCH = { by: 'mail', value: 'a@example.com' }

describe('every answer', () => {
  it.each([
    ['GET', '/api/v1/session'],
    ['GET', '/api/v1/no-such'],
    ['GET', '/health/live'],
    ['DELETE', '/health/live'],
  ])('of %s %s is kept by nobody and opens nothing', async (method, url) => {
    const { headers } = await desk.app.inject({ method: method as 'GET', url })
    expect(headers['cache-control']).toBe('no-store')
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(headers['content-security-policy']).not.toContain('unsafe')
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'strict-transport-security': 'max-age=31536000',
    })
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  it('has an id of its own, whatever id the client gives', async () => {
    const given = { 'request-id': 'mine', 'x-request-id': 'mine' }
    const one = await desk.app.inject({ url: '/api/v1/session', headers: given })
    const { instance } = one.json()
    expect(instance).toMatch(/^urn:telltale:request:[0-9a-f-]{36}$/)
    expect(one.headers['request-id']).toBe(instance.slice('urn:telltale:request:'.length))
  })
})

describe('a caller', () => {
  it('needs a cookie, a proof, and the key that the session is bound to', async () => {
    const other = await newDevice(`${ORIGIN}/api/v1/session`, desk.nowMs)
    const refused = async (headers: Record<string, string | undefined>) =>
      (await mia.ask('GET', '/session', { headers })).json().code
    expect(await refused({ cookie: undefined })).toBe('SESSION_ENDED')
    expect(await refused({ cookie: '__Host-telltale=x' })).toBe('SESSION_ENDED')
    expect(await refused({ cookie: `telltale=${mia.secret}` })).toBe('SESSION_ENDED')
    expect(await refused({ dpop: undefined })).toBe('DEVICE_REFUSED')
    const theirs = await asker(desk.app, mia.secret, other)('GET', '/session')
    expect(theirs.json()).toMatchObject({ status: 401, code: 'DEVICE_REFUSED' })
    expect(theirs.headers['www-authenticate']).toBe('DPoP')
    expect((await mia.ask('GET', '/session')).statusCode).toBe(200)
  })

  it('proves each request anew, for its method and address', async () => {
    const dpop = await mia.device.prove({ url: `${ORIGIN}/api/v1/access` })
    const send = () => mia.ask('GET', '/session', { headers: { dpop } })
    expect((await send()).json().code).toBe('DEVICE_REFUSED')
    const good = await mia.device.prove({ url: `${ORIGIN}/api/v1/session` })
    const twice = () => mia.ask('GET', '/session', { headers: { dpop: good } })
    expect((await twice()).statusCode).toBe(200)
    expect((await twice()).json().code).toBe('DEVICE_REFUSED')
  })

  it('is looked at before what they send', async () => {
    const answer = await desk.app.inject({
      method: 'POST',
      url: '/api/v1/search',
      headers: { origin: ORIGIN, 'content-type': 'application/json' },
      payload: '{"by":',
    })
    expect(answer.json().code).toBe('SESSION_ENDED')
  })

  it('signs out, and the cookie goes', async () => {
    const leo = await signedIn(desk, 'leo')
    const answer = await leo.ask('DELETE', '/session')
    expect(answer.statusCode).toBe(204)
    expect(answer.headers['set-cookie']).toMatch(
      /^__Host-telltale=; Max-Age=0; Path=\/;.* HttpOnly; Secure; SameSite=Strict$/,
    )
    expect((await leo.ask('GET', '/session')).json().code).toBe('SESSION_ENDED')
  })
})

describe('a request from another page', () => {
  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['an origin that begins like ours', { origin: `${ORIGIN}.evil.example` }],
    ['a sandboxed frame', { origin: 'null' }],
    ['neither word', { origin: undefined }],
    ['our origin, from a sibling site', { 'sec-fetch-site': 'same-site' }],
    ['our origin, across sites', { 'sec-fetch-site': 'cross-site' }],
    ['an address bar', { origin: undefined, 'sec-fetch-site': 'none' }],
  ])('writes nothing: %s', async (_, headers) => {
    searched.length = 0
    const answer = await mia.ask('POST', '/search', { body: SEARCH, headers })
    expect(answer.json()).toMatchObject({ status: 403, code: 'ORIGIN_REFUSED' })
    expect(searched).toEqual([])
  })

  it.each([
    ['our origin', {}],
    ['our origin and site', { 'sec-fetch-site': 'same-origin' }],
    ['our site', { origin: undefined, 'sec-fetch-site': 'same-origin' }],
  ])('writes from our own: %s', async (_, headers) => {
    const answer = await mia.ask('POST', '/search', { body: SEARCH, headers })
    expect(answer.json()).toEqual({ found: [] })
  })

  it('reads nothing either', async () => {
    const read = async (headers: Record<string, string | undefined>) =>
      (await mia.ask('GET', '/session', { headers })).json().code
    expect(await read({ 'sec-fetch-site': 'cross-site' })).toBe('ORIGIN_REFUSED')
    expect(await read({ origin: 'https://evil.example' })).toBe('ORIGIN_REFUSED')
    expect(await read({ origin: undefined })).toBeUndefined()
  })
})

describe('a body', () => {
  const send = (payload: string, type = 'application/json') =>
    mia.ask('POST', '/search', { body: payload, headers: { 'content-type': type } })

  it.each([
    ['no JSON', '{"by":', 'the body is not JSON'],
    ['a key twice', '{"by":"mail","value":"a@b.c","by":"phone"}', 'stands twice'],
    [
      'a key twice, spelled otherwise',
      '{"by":"mail","value":"a","\\u0062y":"phone"}',
      'stands twice',
    ],
    [
      'a key that objects are born with',
      '{"by":"mail","value":"a","__proto__":{"a":1}}',
      'not taken',
    ],
    ['one deep inside', '{"by":"mail","value":[{"constructor":{"prototype":1}}]}', 'not taken'],
    ['too much depth', `{"by":${'['.repeat(40)}${']'.repeat(40)}}`, 'nested too deeply'],
    ['a list', '[]', '/body must be object'],
    ['a key of nobody', '{"by":"mail","value":"a","more":1}', '/body must NOT have additional'],
    ['a number for a text', '{"by":"mail","value":1}', '/body/value must be string'],
    ['nothing', '', '/body must be object'],
  ])('is refused: %s', async (_, payload, reason) => {
    searched.length = 0
    const answer = await send(payload)
    expect(answer.json()).toMatchObject({ status: 400, code: 'REQUEST_INVALID' })
    expect(answer.json().detail).toContain(reason)
    expect(searched).toEqual([])
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'of type %s is refused, as forms of other pages have it',
    async (type) => {
      expect((await send('{}', type)).json()).toMatchObject({
        status: 415,
        code: 'MEDIA_UNSUPPORTED',
      })
    },
  )

  it('is refused where it is too large', async () => {
    const answer = await send(JSON.stringify({ by: 'mail', value: 'x'.repeat(300_000) }))
    expect(answer.json()).toMatchObject({ status: 413, code: 'REQUEST_TOO_LARGE' })
  })

  it('is told which place is wrong, and never what stands there', async () => {
    const { by, value } = { by: 'Aiko-Tanaka', value: 'aiko.tanaka@example.com' }
    const answers = [
      await send(JSON.stringify({ by, value })),
      await send(JSON.stringify({ by: 'mail', [value]: by })),
      await send(JSON.stringify({ by: 'mail', value: `${value}\u0000` })),
      await mia.ask('GET', `/queue?cursor=${encodeURIComponent(value)}`),
      await mia.ask('GET', `/queue?${value}=1`),
    ]
    for (const answer of answers) {
      expect(answer.statusCode).toBe(400)
      expect(answer.json().at).toMatch(/^\/(body|querystring)/)
      expect(answer.body).not.toMatch(/aiko|tanaka/i)
    }
  })
})

describe('an address', () => {
  it.each(['HEAD', 'OPTIONS', 'PATCH', 'PUT', 'POST', 'TRACE', 'PROPFIND'])(
    'takes no %s where only others are',
    async (method) => {
      const answer = await desk.app.inject({ method: method as 'GET', url: '/api/v1/session' })
      expect(answer.statusCode).toBe(405)
      expect(answer.headers.allow).toBe('DELETE, GET')
    },
  )

  it.each(['/api/v1/session/', '/API/v1/session', '//api/v1/session', '/api/v1/tickets/a/b/c'])(
    'is not found where it is not spelled so: %s',
    async (url) => {
      const answer = await desk.app.inject(url)
      expect(answer.json()).toMatchObject({ status: 404, code: 'ROUTE_UNKNOWN' })
      expect(answer.headers['content-type']).toContain('application/problem+json')
    },
  )

  it('that cannot be decoded is malformed', async () => {
    expect((await desk.app.inject('/api/v1/tickets/%ff')).json().code).toBe('REQUEST_INVALID')
  })
})
