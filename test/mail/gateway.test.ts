import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createCodeSender } from '../../src/mail/codes.ts'
import { createDialer } from '../../src/mail/dialer.ts'
import { createGateway } from '../../src/mail/gateway.ts'

const SECRET = Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

interface Request {
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A provider that answers with this status; none: not at all. */
async function provider(status: number | null = 200, headers: Record<string, string> = {}) {
  const requests: Request[] = []
  const server = createServer(async (request, response) => {
    requests.push({ headers: request.headers, body: await text(request) })
    if (status !== null) response.writeHead(status, headers).end('{"queued": true}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { requests, url: `http://127.0.0.1:${port}/take`, secret: `whsec_${SECRET}` }
}

const verify = ({ headers, body }: Request, secret = SECRET) =>
  new Webhook(secret).verify(body, headers as Record<string, string>)

describe('a text message', () => {
  it('is posted with the number, short, and signed', async () => {
    const { requests, ...textMessages } = await provider()
    const sender = createCodeSender({
      mail: null,
      textMessages,
      organisation: 'Nordlicht',
      reportUrl: null,
    })
    expect(sender?.channels).toEqual(['phone'])
    await sender?.send(
      { channel: 'phone', value: '+81312345678', locale: 'de' },
      { code: '048213', ticket: 'T-1', minutes: 10 },
    )
    expect(verify(requests[0])).toMatchObject({
      type: 'message.send',
      data: { to: '+81312345678', language: 'de', text: expect.stringMatching(/048213.*auflegen/) },
    })
    expect(() => verify(requests[0], Buffer.alloc(32).toString('base64'))).toThrow(/signature/i)
  })
})

describe('a call', () => {
  it('is posted with agent, ticket and number', async () => {
    const { requests, ...options } = await provider(202)
    await createDialer(options)({ agent: 'ann', ticket: 'T-1', number: '+81312345678' })
    expect(verify(requests[0])).toMatchObject({
      type: 'call.place',
      data: { agent: 'ann', ticket: 'T-1', number: '+81312345678' },
    })
  })
})

describe('a provider', () => {
  it.each([400, 401, 429, 500])('that answers %s took nothing', async (status) => {
    const { requests, ...options } = await provider(status)
    const post = createGateway(options)
    await expect(post('x', { to: 'secret' })).rejects.toMatchObject({ code: `STATUS_${status}` })
    expect(requests).toHaveLength(1)
  })

  it('that sends us elsewhere is not followed', async () => {
    const elsewhere = await provider()
    const { url, secret } = await provider(307, { location: elsewhere.url })
    const post = createGateway({ url, secret })
    await expect(post('x', { to: 'secret' })).rejects.toMatchObject({ code: 'UNREACHABLE' })
    expect(elsewhere.requests).toEqual([])
  })

  it('that does not answer is not waited for', async () => {
    const { url, secret } = await provider(null)
    const soon = AbortSignal.timeout(50)
    vi.spyOn(AbortSignal, 'timeout').mockReturnValue(soon)
    closing.push(() => vi.restoreAllMocks())
    const post = createGateway({ url, secret })
    await expect(post('x', {})).rejects.toMatchObject({ code: 'NO_ANSWER' })
  })

  it.each(['http://sms.example/take', 'ftp://127.0.0.1/', 'sms.example', ''])(
    'at %j would be told in the clear, or is none',
    (url) => {
      expect(() => createGateway({ url, secret: SECRET })).toThrow(
        expect.objectContaining({ code: 'USAGE' }),
      )
    },
  )

  it('needs a secret that is one', () => {
    const url = 'https://sms.example/take'
    expect(() => createGateway({ url, secret: SECRET })).not.toThrow()
    for (const secret of ['', 'whsec_', 'short']) {
      expect(() => createGateway({ url, secret })).toThrow(
        expect.objectContaining({ code: 'USAGE' }),
      )
    }
  })
})
