/** The mailboxes of a demonstration's customers: a mail server that shows what comes. */
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'

/** A mail server on this machine. */
export interface Mailbox {
  readonly port: number
  close(): Promise<void>
}

/** A mail is longer only if it is none of ours. */
const MAIL_BYTES_MAX = 64 << 10

/** Takes every mail, and hands on to whom it is and the six digits in it. */
export async function openMailbox(onCode: (to: string, code: string) => void): Promise<Mailbox> {
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: MAIL_BYTES_MAX,
    onData(stream, session, done) {
      text(stream).then((mail) => {
        const to = session.envelope.rcptTo[0]?.address ?? ''
        const body = mail.slice(mail.indexOf('\r\n\r\n'))
        const code = /\b(\d{6}|\d{3} \d{3})\b/.exec(body)?.[1]
        if (code !== undefined) onCode(to, code.replace(' ', ''))
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
