/** The mailboxes of a demonstration's customers: a mail server that shows what comes. */
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'
import { readMail } from './read-mail.ts'

/** A mail server on this machine. */
export interface Mailbox {
  readonly port: number
  close(): Promise<void>
}

/** A mail is longer only if it is none of ours: a reply of the greatest length, encoded. */
const MAIL_BYTES_MAX = 512 << 10

/** What comes, by whom it is to. */
export interface MailboxEvents {
  /** The six digits of a code. */
  onCode(to: string, code: string): void
  onReply?(to: string, subject: string): void
}

/** Takes every mail. What a program made is a code, what a person wrote is a reply. */
export async function openMailbox({ onCode, onReply }: MailboxEvents): Promise<Mailbox> {
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: MAIL_BYTES_MAX,
    onData(stream, session, done) {
      text(stream).then((mail) => {
        const to = session.envelope.rcptTo[0]?.address ?? ''
        const { header, body } = readMail(mail)
        const code = /\b(\d{6}|\d{3} \d{3})\b/.exec(body)?.[1]
        const isMade = header.has('auto-submitted')
        if (isMade && code !== undefined) onCode(to, code.replace(' ', ''))
        if (!isMade) onReply?.(to, header.get('subject') ?? '')
        done()
      }, done)
    },
  })
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.server.address() as { port: number }
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) }
}
