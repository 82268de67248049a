import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TelltaleError } from '../../src/base/errors.ts'
import { APPEND_BODY_BYTES_MAX, APPEND_LINES_MAX } from '../../src/base/limits.ts'
import { type AppendClient, createAppendClient } from '../../src/http/append-client.ts'
import { type Desk, startDesk, TOKEN } from './desk.ts'

let desk: Desk
let client: AppendClient
beforeEach(async () => {
  desk = await startDesk()
  client = createAppendClient({ url: desk.server.url, token: TOKEN, waitMs: 1 })
})
afterEach(async () => {
  client.close()
  await desk.close()
})

describe('the client of the append endpoint', () => {
  it('appends', async () => {
    expect(await client.append(['{"a":1}', '{"b":2}'])).toEqual({ first: 0, count: 2 })
    expect(desk.log.map(({ line }) => line)).toEqual(['{"a":1}', '{"b":2}'])
  })

  it('tries again while the log is busy', async () => {
    let left = 1
    desk.act = async () => {
      if (left-- > 0) throw new TelltaleError('LOG_BUSY', { waiting: 1 })
    }
    expect(await client.append(['{}'])).toEqual({ first: 0, count: 1 })
    expect(desk.log).toHaveLength(1)
  })

  it.each([
    ['LOG_UNWRITABLE', 'LOG_REFUSED', new TelltaleError('LOG_UNWRITABLE', { reason: 'full' })],
    ['LOG_STOPPED', 'APPEND_UNCERTAIN', new TelltaleError('LOG_STOPPED', { reason: 'x' })],
    ['anything else', 'APPEND_UNCERTAIN', new Error('x')],
  ])('takes %s for what it says about the log', async (_, code, error) => {
    let calls = 0
    desk.act = async () => {
      calls++
      throw error
    }
    await expect(client.append(['{}'])).rejects.toMatchObject({ code })
    expect(calls).toBe(1)
  })

  it('passes on what the log says of a line, once', async () => {
    let calls = 0
    desk.act = async () => {
      calls++
    }
    await expect(client.append(['{}', 'no'])).rejects.toMatchObject({
      code: 'LOG_REFUSED',
      details: { status: 400, reason: expect.stringContaining('Line 2 ') },
    })
    expect(calls).toBe(1)
  })

  it('refuses a line that would be two', async () => {
    await expect(client.append(['{}\n{}'])).rejects.toMatchObject({ code: 'USAGE' })
    expect(desk.log).toEqual([])
  })

  it('sends nothing that no log would take', async () => {
    const many = Array.from({ length: APPEND_LINES_MAX + 1 }, () => '{}')
    await expect(client.append(many)).rejects.toMatchObject({ code: 'LINES_COUNT' })
    await expect(client.append([])).rejects.toMatchObject({ code: 'LINES_COUNT' })
    const large = ['x'.repeat(APPEND_BODY_BYTES_MAX)]
    await expect(client.append(large)).rejects.toMatchObject({ code: 'REQUEST_TOO_LARGE' })
  })

  it('is refused with a token that is none', async () => {
    const stranger = createAppendClient({ url: desk.server.url, token: 'wrong', waitMs: 1 })
    await expect(stranger.append(['{}'])).rejects.toMatchObject({
      code: 'LOG_REFUSED',
      details: { status: 401 },
    })
    stranger.close()
  })

  it('says that nothing was logged where nobody answers', async () => {
    const url = desk.server.url
    await desk.server.close()
    const lonely = createAppendClient({ url, token: TOKEN, waitMs: 1 })
    await expect(lonely.append(['{}'])).rejects.toMatchObject({ code: 'LOG_UNREACHABLE' })
    lonely.close()
  })

  it.each(['http://log.example', 'ftp://127.0.0.1', 'nonsense', 'http://127.0.0.1.evil.example'])(
    'refuses the address %s',
    (url) => {
      expect(() => createAppendClient({ url, token: TOKEN })).toThrow(
        expect.objectContaining({ code: 'USAGE' }),
      )
    },
  )

  it('reaches a log below a path', () => {
    createAppendClient({ url: 'https://desks.example/log/', token: TOKEN }).close()
    expect(() => createAppendClient({ url: 'http://[::1]:1/', token: TOKEN }).close()).not.toThrow()
  })

  describe('before a server that misbehaves', () => {
    let other: Server
    let calls: number
    afterEach(() => other.close())

    async function against(answer: (socket: Socket) => void) {
      calls = 0
      other = createServer((request) => {
        calls++
        answer(request.socket)
      })
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
      const { port } = other.address() as AddressInfo
      return createAppendClient({ url: `http://127.0.0.1:${port}`, token: TOKEN, waitMs: 1 })
    }

    const ok = 'HTTP/1.1 200 OK\r\n'
    it.each([
      ['hangs up', ''],
      ['answers half', `${ok}Content-Length: 100\r\n\r\n{"first":`],
      ['answers nothing that is true', `${ok}Content-Length: 2\r\n\r\n{}`],
      ['counts below zero', `${ok}Content-Length: 22\r\n\r\n{"first":-1,"count":1}`],
      ['talks without end', `${ok}\r\n${'x'.repeat(200_000)}`],
      ['stands behind a broken proxy', 'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n'],
      ['is no server', 'nonsense\r\n\r\n'],
    ])('is uncertain, and asks once, where it %s', async (_, text) => {
      const one = await against((socket) => socket.end(text))
      await expect(one.append(['{}'])).rejects.toMatchObject({ code: 'APPEND_UNCERTAIN' })
      expect(calls).toBe(1)
      one.close()
    })

    it('does not follow it elsewhere', async () => {
      const moved = `HTTP/1.1 307 Moved\r\nLocation: ${desk.server.url}/append\r\nContent-Length: 0\r\n\r\n`
      const one = await against((socket) => socket.end(moved))
      await expect(one.append(['{}'])).rejects.toMatchObject({ code: 'LOG_REFUSED' })
      expect(desk.log).toEqual([])
      one.close()
    })
  })
})
