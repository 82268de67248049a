/** Codes to customers: by mail, and by text message where a provider is connected. */
import { type CodeText, codeMessage } from '../tickets/code-texts.ts'
import type { CodeChannel, CodeSender } from '../tickets/ports.ts'
import { createGateway, type GatewayOptions } from './gateway.ts'
import { failure, type MailOptions, openMailServer } from './server.ts'

/** What codes are sent with. */
export interface CodeSenderOptions {
  readonly mail: MailOptions | null
  readonly textMessages: GatewayOptions | null
  readonly organisation: string
  readonly reportUrl: string | null
}

type Send = (value: string, locale: string | null, text: CodeText) => Promise<unknown>

/** null where there is no way to send one. Throws USAGE as `createGateway` does. */
export function createCodeSender(
  options: CodeSenderOptions,
): (CodeSender & { close(): void }) | null {
  const { organisation, reportUrl } = options
  const mail = options.mail && byMail(options.mail, organisation)
  const phone = options.textMessages && byTextMessage(options.textMessages)
  const ways = new Map<CodeChannel, Send>()
  if (mail) ways.set('mail', mail.send)
  if (phone) ways.set('phone', phone)
  if (ways.size === 0) return null
  return {
    channels: [...ways.keys()],
    send: async ({ channel, value, locale }, message) => {
      const send = ways.get(channel)
      if (send === undefined) throw failure('NO_WAY', 'there is no such way here')
      await send(value, locale, { ...message, organisation, reportUrl })
    },
    close: () => mail?.close(),
  }
}

function byMail(options: MailOptions, organisation: string): { send: Send; close(): void } {
  const { send, close } = openMailServer(options, organisation)
  return {
    send: (value, locale, text) => {
      const { subject, mail, language } = codeMessage(locale, text)
      return send({
        to: value,
        subject,
        text: mail,
        headers: {
          'content-language': language,
          // RFC 3834: no absence notice answers it.
          'auto-submitted': 'auto-generated',
        },
      })
    },
    close,
  }
}

function byTextMessage(options: GatewayOptions): Send {
  const post = createGateway(options)
  return (value, locale, text) => {
    const { short, language } = codeMessage(locale, text)
    return post('message.send', { to: value, text: short, language })
  }
}
