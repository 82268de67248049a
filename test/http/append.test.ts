import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TelltaleError } from '../../src/base/errors.ts'
import {
  APPEND_BODY_BYTES_MAX,
  APPEND_LINES_MAX,
  APPEND_REQUESTS_PER_WRITER_MAX,
} from '../../src/base/limits.ts'
import { createAppendClient } from '../../src/http/append-client.ts'
import { startLogServer } from '../../src/http/log-server.ts'
import { createServer as createApp, listen } from '../../src/http/serve.ts'
import { type Desk, startDesk, TOKEN } from './desk.ts'
import { open, sendRaw, statusOf } from './raw.ts'
import { TEST_TLS } from './tls.ts'

const auth = { authorization: `Bearer ${TOKEN}` }

let desk: Desk
beforeEach(async () => {
  desk = await startDesk()
})
afterEach(() => desk.close())

const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = auth) =>
  fetch(`${desk.server.url}/append`, { method: 'POST', body, headers })

async function refusal(answer: Response) {
  const { code, message, next } = (await answer.json()) as Record<string, string>
  expect(message).toBeTruthy()
  expect(next).toBeTruthy()
  return { status: answer.status, code }
}

describe('the append endpoint', () => {
  it('answers with where the disclosures stand, and knows who sent them', async () => {
    const answer = await post('{"a":1}\n{"b":2}\n')
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ first: 0, count: 2 })
    expect(await (await post('{"c":3}')).json()).toEqual({ first: 2, count: 1 })
    expect(desk.log).toEqual([
      { line: '{"a":1}', writer: 'desk-1' },
      { line: '{"b":2}', writer: 'desk-1' },
      { line: '{"c":3}', writer: 'desk-1' },
    ])
  })

  it('answers only once they are durable', async () => {
    let isDurable = false
    desk.act = async () => {
      await sleep(50)
      isDurable = true
    }
    await post('{}')
    expect(isDurable).toBe(true)
  })

  it.each([
    ['none', {}],
    ['a wrong token', { authorization: 'Bearer token-of-desk-3' }],
    ['an empty token', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: `Basic ${TOKEN}` }],
    ['a token with more behind it', { authorization: `Bearer ${TOKEN} x` }],
    ['the name', { authorization: 'Bearer desk-1' }],
    ['a very long token', { authorization: `Bearer ${'x'.repeat(5000)}` }],
    ['a hash', { authorization: `Bearer ${createHash('sha256').update(TOKEN).digest('hex')}` }],
  ])('refuses a request with %s as its authorization', async (_, headers) => {
    const answer = await post('{}', headers as Record<string, string>)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    expect(await refusal(answer)).toEqual({ status: 401, code: 'WRITER_UNKNOWN' })
    expect(desk.log).toEqual([])
  })

  it('refuses a stranger before reading what he sends', async () => {
    const head = 'POST /append HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n'
    // The answer comes, and the connection ends, although the body never does.
    const answer = await sendRaw(desk.server.url, head)
    expect(statusOf(answer)).toBe(401)
    expect(answer.toLowerCase()).toContain('connection: close')
  })

  it.each([
    ['an empty body', '', 'LINES_COUNT'],
    ['too many lines', '{}\n'.repeat(APPEND_LINES_MAX + 1), 'LINES_COUNT'],
    ['a bad line', '{}\n{}\nno\n{}\n', 'LINE_INVALID'],
    ['an empty line', '{}\n\n{}\n', 'LINE_INVALID'],
    ['bytes that are no text', new Uint8Array([0x7b, 0xff, 0x7d]), 'REQUEST_INVALID'],
    ['a byte order mark', '\ufeff{}', 'LINE_INVALID'],
  ])('refuses %s and logs nothing', async (_, body, code) => {
    expect(await refusal(await post(body))).toEqual({ status: 400, code })
    expect(desk.log).toEqual([])
  })

  it('names the bad line', async () => {
    const answer = await post('{}\n{}\nno\n{}\n')
    expect(((await answer.json()) as { message: string }).message).toContain('Line 3 ')
  })

  it('takes the most lines that are taken, and no byte too many', async () => {
    const most = await post('{}\n'.repeat(APPEND_LINES_MAX))
    expect(await most.json()).toEqual({ first: 0, count: APPEND_LINES_MAX })
    const large = await post(`{${' '.repeat(APPEND_BODY_BYTES_MAX - 2)}}`)
    expect(large.status).toBe(200)
    const larger = await post(`{${' '.repeat(APPEND_BODY_BYTES_MAX - 1)}}`)
    expect(await refusal(larger)).toEqual({ status: 413, code: 'REQUEST_TOO_LARGE' })
    expect(desk.log).toHaveLength(APPEND_LINES_MAX + 1)
  })

  it('refuses chunks without end', async () => {
    const socket = open(desk.server.url)
    const ended = new Promise<string>((resolve) => {
      let answer = ''
      socket.on('data', (data) => {
        answer += data.toString()
      })
      socket.on('close', () => resolve(answer))
      socket.on('error', () => {})
    })
    socket.write(`POST /append HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\n`)
    socket.write('Transfer-Encoding: chunked\r\n\r\n')
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
    let sent = 0
    for (; !socket.closed && sent < 8 * APPEND_BODY_BYTES_MAX; sent += 0x10000) {
      if (!socket.write(chunk)) await sleep(1)
    }
    expect(sent).toBeLessThan(8 * APPEND_BODY_BYTES_MAX)
    // Who goes on sending may lose the answer together with the connection.
    expect([413, Number.NaN]).toContain(statusOf(await ended))
    expect(desk.log).toEqual([])
  })

  it.each([
    ['LOG_BUSY', 503, new TelltaleError('LOG_BUSY', { waiting: 1 })],
    ['LOG_UNWRITABLE', 507, new TelltaleError('LOG_UNWRITABLE', { reason: 'full' })],
    ['LOG_STOPPED', 500, new TelltaleError('LOG_STOPPED', { reason: 'x' })],
  ] as const)('says %s by its own status', async (code, status, error) => {
    desk.act = async () => {
      throw error
    }
    const answer = await post('{}')
    expect(answer.headers.get('retry-after')).toBe(code === 'LOG_BUSY' ? '1' : null)
    expect(await refusal(answer)).toEqual({ status, code })
    expect(desk.faults).toEqual([])
  })

  it('tells a stranger nothing of a failure within, and its keeper everything', async () => {
    const failure = new Error('secret of the inside')
    desk.act = async () => {
      throw failure
    }
    const answer = await post('{}')
    const text = await answer.text()
    expect(answer.status).toBe(500)
    expect(JSON.parse(text)).toMatchObject({ code: 'INTERNAL' })
    expect(text).not.toContain('secret')
    expect(desk.faults).toEqual([failure])
  })

  it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD'])('refuses %s', async (method) => {
    const answer = await fetch(`${desk.server.url}/append`, { method, headers: auth })
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('POST')
  })

  it('has one writer wait when it floods, and lets the other through', async () => {
    let release = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    desk.act = () => gate
    const own = Array.from({ length: APPEND_REQUESTS_PER_WRITER_MAX }, () => post('{"mine":1}'))
    await expect.poll(async () => (await post('{}')).status).toBe(429)
    const refused = await post('{}')
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(await refusal(refused)).toEqual({ status: 429, code: 'WRITER_BUSY' })
    const other = post('{}', { authorization: 'Bearer token-of-desk-2' })
    release()
    expect((await other).status).toBe(200)
    for (const answer of await Promise.all(own)) expect(answer.status).toBe(200)
    expect(desk.log.filter(({ writer }) => writer === 'desk-2')).toHaveLength(1)
    expect((await post('{}')).status).toBe(200)
  })

  it('forgets requests that break off, and counts those whose client left until they are logged', async () => {
    const head = `POST /append HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\n`
    for (let i = 0; i < 3 * APPEND_REQUESTS_PER_WRITER_MAX; i++) {
      const socket = open(desk.server.url)
      socket.on('error', () => {})
      socket.write(`${head}Content-Length: 100\r\n\r\n{`)
      await sleep(2)
      socket.destroy()
    }
    await expect.poll(async () => (await post('{}')).status).toBe(200)

    let release = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    let begun = 0
    desk.act = async () => {
      begun++
      await gate
    }
    for (let i = 0; i < APPEND_REQUESTS_PER_WRITER_MAX; i++) {
      const socket = open(desk.server.url)
      socket.on('error', () => {})
      socket.write(`${head}Content-Length: 2\r\n\r\n{}`)
      await expect.poll(() => begun).toBe(i + 1)
      socket.destroy()
    }
    await sleep(20)
    expect((await post('{}')).status).toBe(429)
    release()
    await expect.poll(async () => (await post('{}')).status).toBe(200)
  })

  it('survives a flood', async () => {
    const answers = await Promise.all(Array.from({ length: 400 }, () => post('{}\n{}\n')))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => ![200, 429, 503].includes(status))).toEqual([])
    const taken = statuses.filter((status) => status === 200).length
    expect(taken).toBeGreaterThan(0)
    expect(desk.log).toHaveLength(2 * taken)
  })
})

describe('listening', () => {
  it.each(['0.0.0.0', '::', '192.0.2.1', 'example.com', '127.0.0.1.example.com'])(
    'refuses %s without TLS',
    async (host) => {
      await expect(desk.start({ host, port: 0 })).rejects.toMatchObject({
        code: 'LISTEN_NEEDS_TLS',
      })
    },
  )

  it('takes tokens over TLS, by the authorities it is given', async () => {
    const address = { host: '127.0.0.1', port: 0, tls: TEST_TLS }
    const secure = await desk.start(address)
    const trusting = createAppendClient({ url: secure.url, token: TOKEN, ca: TEST_TLS.cert })
    expect(await trusting.append(['{}'])).toEqual({ first: 0, count: 1 })
    expect(await trusting.append(['{}'])).toEqual({ first: 1, count: 1 })
    const wary = createAppendClient({ url: secure.url, token: TOKEN, waitMs: 1 })
    await expect(wary.append(['{}'])).rejects.toMatchObject({ code: 'LOG_UNREACHABLE' })
    expect(desk.log).toHaveLength(2)
    trusting.close()
    wary.close()
    await secure.close()
  })

  it('may serve the files alone to everybody', async () => {
    const address = { host: '0.0.0.0', port: 0 }
    const open = await startLogServer({ dir: desk.dir, address, onFault: () => {} })
    expect((await fetch(`${open.url.replace('0.0.0.0', '127.0.0.1')}/append`)).status).toBe(404)
    await open.close()
  })

  it('cuts off who sends slowly', async () => {
    const app = createApp(undefined, 1000, () => {})
    Object.assign(app.server, { headersTimeout: 50, requestTimeout: 100 })
    const slow = await listen(app, { host: '127.0.0.1', port: 0 })
    expect(statusOf(await sendRaw(slow.url, 'GET / HTTP/1.1\r\nX:'))).toBe(408)
    const half = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx'
    expect([404, 408]).toContain(statusOf(await sendRaw(slow.url, half)))
    await slow.close()
  })

  it('says that a port is taken', async () => {
    const port = Number(new URL(desk.server.url).port)
    const address = { host: '127.0.0.1', port }
    await expect(
      startLogServer({ dir: desk.dir, address, onFault: () => {} }),
    ).rejects.toMatchObject({
      code: 'LISTEN_FAILED',
    })
  })
})
