import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signedIn, startApi } from './desk.ts'

const WHY = 'connect ECONNREFUSED 10.0.0.7:5432'
let desk: Awaited<ReturnType<typeof startApi>>
let down = false
let looked = 0
beforeAll(async () => {
  desk = await startApi({
    ready: async () => {
      looked++
      return { store: down ? WHY : null, source: null, log: null }
    },
    release: async () => {
      throw new Error('a value of Aiko Tanaka')
    },
  })
})
afterAll(() => desk.close())

const get = (url: string, headers: Record<string, string> = {}, remoteAddress = '127.0.0.1') =>
  desk.app.inject({ url, headers, remoteAddress })

describe('health', () => {
  it('is live whatever is behind it', async () => {
    expect((await get('/health/live', {}, '10.1.1.1')).json()).toEqual({ live: true })
  })

  it('is ready when every part is, and tells operators alone why not', async () => {
    const good = { ready: true }
    const ready = { ready: true, parts: { store: good, source: good, log: good } }
    expect((await get('/health/ready', {}, '10.1.1.1')).json()).toEqual(ready)
    down = true
    desk.now.ms += 2000
    const stranger = await get('/health/ready', {}, '10.1.1.1')
    expect(stranger.statusCode).toBe(503)
    expect(stranger.json().parts.store).toEqual({ ready: false })
    const here = await get('/health/ready')
    expect(here.json().parts.store).toEqual({ ready: false, why: WHY })
    const passedOn = await get('/health/ready', { 'x-forwarded-for': '10.1.1.1' })
    expect(passedOn.body).not.toContain('ECONNREFUSED')
    down = false
  })

  it('is looked at once a second, however often somebody asks', async () => {
    desk.now.ms += 2000
    looked = 0
    for (let i = 0; i < 20; i++) await get('/health/ready')
    expect(looked).toBe(1)
  })
})

describe('metrics', () => {
  it('are for operators: from this machine, or by token', async () => {
    expect((await get('/metrics')).statusCode).toBe(200)
    const refused = await get('/metrics', {}, '10.1.1.1')
    expect(refused.json()).toMatchObject({ status: 401, code: 'SERVICE_REFUSED' })
    expect((await get('/metrics', { 'x-forwarded-for': '10.1.1.1' })).statusCode).toBe(401)
    const { token } = await desk.services.create('prometheus', ['metrics'], 'root')
    const other = await desk.services.create('helpdesk', ['decisions'], 'root')
    const by = (one: string) => get('/metrics', { authorization: `Bearer ${one}` }, '10.1.1.1')
    expect((await by(token)).statusCode).toBe(200)
    expect((await by(other.token)).statusCode).toBe(401)
    expect((await by('telltale_x')).statusCode).toBe(401)
    await desk.services.revoke('prometheus', 'root')
    expect((await by(token)).statusCode).toBe(401)
  })

  it('count by what has a bound, never by whom or what', async () => {
    const mia = await signedIn(desk, 'mia')
    await mia.ask('POST', '/tickets/T-4711-secret/reveal', { body: { fields: ['mail'] } })
    await mia.ask('POST', '/search', { body: { by: 'nobody', value: 'aiko@example.com' } })
    await get('/no/such/address-4711')
    await desk.app.inject({ method: 'PROPFIND' as never, url: '/api/v1/session' })
    const { body } = await get('/metrics')
    expect(body).toContain('telltale_refusals_total{code="INTERNAL"} 1')
    expect(body).toContain('telltale_refusals_total{code="REQUEST_INVALID"} 1')
    expect(body).toContain(
      'telltale_request_seconds_count{method="POST",route="/api/v1/tickets/:number/reveal",status="5xx"} 1',
    )
    expect(body).not.toMatch(/4711|aiko|mia|A-MIA/i)
    expect(body).not.toContain('PROPFIND')
  })
})

describe('the desk’s own log', () => {
  it('says what was asked and answered, by pattern and pseudonym, and nothing else', () => {
    const lines = desk.log.lines.map((line) => JSON.parse(line))
    const names = new Set(lines.flatMap((line) => Object.keys(line)))
    const allowed = 'agent code event fault faultCode id level method ms route status time where'
    expect([...names].filter((name) => !allowed.split(' ').includes(name))).toEqual([])
    expect(lines).toContainEqual(
      expect.objectContaining({
        event: 'request',
        method: 'POST',
        route: '/api/v1/tickets/:number/reveal',
        status: 500,
        agent: 'A-MIA',
        code: 'INTERNAL',
      }),
    )
    expect(desk.log.lines.join('')).not.toMatch(/4711|aiko|tanaka|Name of|example\.com/i)
  })

  it('says where a fault came up, under the id that its client was told', async () => {
    const leo = await signedIn(desk, 'leo')
    const answer = await leo.ask('POST', '/tickets/T-1/reveal', { body: { fields: ['mail'] } })
    const { instance, detail, code } = answer.json()
    expect(code).toBe('INTERNAL')
    expect(answer.body).not.toMatch(/aiko/i)
    const id = instance.slice('urn:telltale:request:'.length)
    expect(detail).toContain(id)
    const fault = desk.log.lines
      .map((line) => JSON.parse(line))
      .find((line) => line.event === 'fault' && line.id === id)
    expect(fault).toMatchObject({ level: 'error', fault: 'Error' })
  })
})
