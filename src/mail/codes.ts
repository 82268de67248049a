/** Codes to customers: by mail, and by text message where a provider is connected. */
import { createTransport } from 'nodemailer'
import { MAIL_CONNECTIONS_MAX, MAIL_TIMEOUT_MS } from '../base/ticket-limits.ts'
import { type CodeText, codeMessage } from '../tickets/code-texts.ts'
import { isMailbox } from '../tickets/contacts.ts'
import type { CodeChannel, CodeSender } from '../tickets/ports.ts'
import { createGateway, type GatewayOptions } from './gateway.ts'

/** The mail server that takes our mail. */
export interface MailOptions {
  readonly host: string
  readonly port: number
  /** `implicit`: from the first byte; `starttls`: before anything is said, or nothing is sent; `none`: only
   * for a server on this machine. */
  readonly tls: 'implicit' | 'starttls' | 'none'
  /** Authorities to trust instead of the system's, PEM. */
  readonly ca?: string
  readonly user?: string
  readonly password?: string
  /** The address that customers see, such as `support@example.com`. */
  readonly from: string
}

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
  const { host, port, tls, ca, user, password, from } = options
  const transport = createTransport({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    ...(ca !== undefined && { tls: { ca } }),
    ...(user !== undefined && { auth: { user, pass: password ?? '' } }),
    pool: true,
    maxConnections: MAIL_CONNECTIONS_MAX,
    connectionTimeout: MAIL_TIMEOUT_MS,
    greetingTimeout: MAIL_TIMEOUT_MS,
    socketTimeout: MAIL_TIMEOUT_MS,
    // A message is what is said here, never a file or an address that a value names.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const send: Send = async (value, locale, text) => {
    if (!isMailbox(value)) throw failure('NOT_ONE', 'the value is no single address')
    const { subject, mail, language } = codeMessage(locale, text)
    const to = { name: '', address: value }
    const sent = await within(
      MAIL_TIMEOUT_MS * 2,
      transport.sendMail({
        from: { name: organisation, address: from },
        to,
        envelope: { from, to: value },
        subject,
        text: mail,
        headers: {
          'content-language': language,
          // RFC 3834: no absence notice answers it.
          'auto-submitted': 'auto-generated',
        },
      }),
    )
    if (sent.accepted.length !== 1) {
      throw failure('NOT_TAKEN', 'the server did not take it')
    }
  }
  return { send, close: () => transport.close() }
}

/** A server that answers a little at a time is not waited for either. */
async function within<T>(timeoutMs: number, sent: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(failure('NO_ANSWER', 'no answer in time')), timeoutMs)
  })
  try {
    return await Promise.race([sent, late])
  } finally {
    clearTimeout(timer)
    sent.catch(() => {})
  }
}

function byTextMessage(options: GatewayOptions): Send {
  const post = createGateway(options)
  return (value, locale, text) => {
    const { short, language } = codeMessage(locale, text)
    return post('message.send', { to: value, text: short, language })
  }
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}
