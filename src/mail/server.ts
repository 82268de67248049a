/** The mail server that takes our mail: what is sent is plain text, to one person. */
import { createTransport } from 'nodemailer'
import { MAIL_CONNECTIONS_MAX, MAIL_TIMEOUT_MS } from '../base/ticket-limits.ts'
import { isMailbox } from '../tickets/contacts.ts'

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

/** One mail. */
export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly headers?: Readonly<Record<string, string>>
  readonly messageId?: string
  readonly inReplyTo?: string
  readonly references?: string[]
}

/** Connections to a mail server. */
export interface MailServer {
  /** Resolves once the server has taken it; throws an error with a `code`, and `responseCode` where the
   * server gave one. */
  send(mail: Mail): Promise<void>
  close(): void
}

/** Connects when the first mail is sent. Mails are from `organisation`, by the address in `options`. */
export function openMailServer(options: MailOptions, organisation: string): MailServer {
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
  return {
    send: async ({ to, headers, ...mail }) => {
      if (!isMailbox(to)) throw failure('NOT_ONE', 'the value is no single address')
      const sent = await within(
        MAIL_TIMEOUT_MS * 2,
        transport.sendMail({
          ...mail,
          from: { name: organisation, address: from },
          to: { name: '', address: to },
          envelope: { from, to },
          headers: { ...headers },
        }),
      )
      if (sent.accepted.length !== 1) throw failure('NOT_TAKEN', 'the server did not take it')
    },
    close: () => transport.close(),
  }
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

/** An error that says its code and no value. */
export function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}
