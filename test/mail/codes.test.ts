import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createCodeSender } from '../../src/mail/codes.ts'
import { openSink, readMail } from './sink.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const MESSAGE = { code: '048213', ticket: 'T-4711', minutes: 10 }
const PLACE = { organisation: 'Nordlicht', reportUrl: 'https://nordlicht.example/call' }

async function sinkAndSender(options: Parameters<typeof openSink>[0] = {}, port?: number) {
  const sink = await openSink(options)
  const sender = createCodeSender({
    ...PLACE,
    mail: {
      host: '127.0.0.1',
      port: port ?? sink.port,
      tls: 'none',
      from: 'support@nordlicht.example',
    },
    textMessages: null,
  })
  if (sender === null) throw new Error('there is a mail server')
  closing.push(() => sender.close(), sink.close)
  const send = (value: string, locale: string | null) =>
    sender.send({ channel: 'mail', value, locale }, MESSAGE)
  return { sink, sender, send }
}

describe('a code by mail', () => {
  it.each([
    [
      'en-GB',
      'Nordlicht: the code to read out',
      /If you did not expect this: tell nobody the code/,
    ],
    ['de_CH.UTF-8', 'Nordlicht: der Code zum Vorlesen', /Nennen Sie den Code niemandem/],
    ['ja', 'Nordlicht：お電話で読み上げていただくコード', /お心当たりのない場合は/],
    ['eo', 'Nordlicht: the code to read out', /tell nobody/],
    [null, 'Nordlicht: the code to read out', /tell nobody/],
    ['constructor', 'Nordlicht: the code to read out', /tell nobody/],
  ])('is written in the language of the customer: %s', async (locale, subject, warning) => {
    const { sink, send } = await sinkAndSender()
    await send('aiko@customer.example', locale)
    expect(sink.mails).toHaveLength(1)
    const [{ from, to, source }] = sink.mails
    expect([from, to]).toEqual(['support@nordlicht.example', ['aiko@customer.example']])
    const { header, body } = readMail(source)
    expect(header.get('subject')).toBe(subject)
    expect(header.get('from')).toContain('Nordlicht')
    expect(header.get('auto-submitted')).toBe('auto-generated')
    expect(header.get('content-type')).toMatch(/^text\/plain; charset=utf-8/)
    expect(body).toContain('048 213')
    expect(body).toContain('T-4711')
    expect(body).toContain('https://nordlicht.example/call')
    expect(body).toMatch(warning)
    // A locked screen shows the subject.
    expect(subject).not.toMatch(/048|213/)
  })

  it('reaches one mailbox, whatever the value looks like', async () => {
    const { sink, send } = await sinkAndSender()
    for (const value of [
      'aiko@customer.example, eve@home.example',
      'aiko@customer.example>\r\nRCPT TO:<eve@home.example',
      'Aiko <eve@home.example>',
      'friends: eve@home.example;',
      'aiko@customer.example(eve@home.example)',
    ]) {
      await expect(send(value, 'en')).rejects.toMatchObject({ code: 'NOT_ONE' })
    }
    expect(sink.mails).toEqual([])
  })

  it('fails where the server does not take it', async () => {
    const refuse = Object.assign(new Error('5.1.1 no such mailbox'), { responseCode: 550 })
    const { sink, send } = await sinkAndSender({ onRcptTo: (_to, _session, done) => done(refuse) })
    await expect(send('aiko@customer.example', 'en')).rejects.toMatchObject({ responseCode: 550 })
    expect(sink.mails).toEqual([])
  })

  it('fails where nobody listens', async () => {
    const { send } = await sinkAndSender({}, 9)
    await expect(send('aiko@customer.example', 'en')).rejects.toMatchObject({ code: 'ESOCKET' })
  })

  it('waits for no server that says nothing', async () => {
    const mute = createServer(() => {})
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
    closing.push(() => mute.close())
    const { send } = await sinkAndSender({}, (mute.address() as AddressInfo).port)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const asked = expect(send('aiko@customer.example', 'en')).rejects.toMatchObject({
        code: expect.stringMatching(/ETIMEDOUT|NO_ANSWER/),
      })
      await vi.advanceTimersByTimeAsync(30_000)
      await asked
    } finally {
      vi.useRealTimers()
    }
  })

  it('says nothing in the clear to a server that has no TLS where that is asked for', async () => {
    const sink = await openSink()
    const sender = createCodeSender({
      ...PLACE,
      mail: { host: '127.0.0.1', port: sink.port, tls: 'starttls', from: 'a@nordlicht.example' },
      textMessages: null,
    })
    closing.push(() => sender?.close(), sink.close)
    const to = { channel: 'mail', value: 'aiko@customer.example', locale: 'en' } as const
    await expect(sender?.send(to, MESSAGE)).rejects.toMatchObject({ code: 'ETLS' })
    expect(sink.mails).toEqual([])
  })
})

describe('the ways to send a code', () => {
  it('are those that are connected', async () => {
    const { sender } = await sinkAndSender()
    expect(sender.channels).toEqual(['mail'])
    const to = { channel: 'phone', value: '+81312345678', locale: 'ja' } as const
    await expect(sender.send(to, MESSAGE)).rejects.toMatchObject({ code: 'NO_WAY' })
    expect(createCodeSender({ ...PLACE, mail: null, textMessages: null })).toBeNull()
  })
})
