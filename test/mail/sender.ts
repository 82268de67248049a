/** Replies to a mail server on this machine. */
import { createReplySender } from '../../src/mail/replies.ts'

/** Sends to the server on this port. */
export function senderAt(port: number) {
  const sender = createReplySender(
    { host: '127.0.0.1', port, tls: 'none', from: 'support@nordlicht.example' },
    'Nordlicht',
  )
  if (sender === null) throw new Error('there is a mail server')
  return sender
}
