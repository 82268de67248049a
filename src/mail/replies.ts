/** Replies of agents to customers, by mail. */
import { randomUUID } from 'node:crypto'
import { domainToASCII } from 'node:url'
import type { ReplySender } from '../tickets/ports.ts'
import { type MailOptions, openMailServer } from './server.ts'

/** null where there is no mail server. A person wrote it, so nothing says that it was made by a program,
 * and an absence notice comes back. */
export function createReplySender(
  options: MailOptions | null,
  organisation: string,
): (ReplySender & { close(): void }) | null {
  if (options === null) return null
  const server = openMailServer(options, organisation)
  const domain = domainOf(options.from)
  return {
    newMailId: () => `<${randomUUID()}@${domain}>`,
    send: async ({ to, subject, text, mailId, inReplyTo, references }) => {
      const mail = { to, subject, text, messageId: mailId, references: [...references] }
      await server.send({ ...mail, ...(inReplyTo !== null && { inReplyTo }) }).catch((error) => {
        throw Object.assign(error, { isFinal: isFinal(error) })
      })
    },
    close: () => server.close(),
  }
}

/** Of a Message-ID, in ASCII. */
function domainOf(address: string): string {
  return domainToASCII(address.slice(address.lastIndexOf('@') + 1)) || 'telltale.invalid'
}

/** A server that refuses the recipient or the mail itself with 5xx refuses it again (RFC 5321, section
 * 4.2.1); one that refuses us, such as for a wrong password, may be told better by its administrator. */
function isFinal({ code, responseCode }: { code?: string; responseCode?: number }): boolean {
  if (code === 'NOT_ONE') return true
  const isOfMail = code === 'EENVELOPE' || code === 'EMESSAGE'
  const isRefusal = responseCode !== undefined && responseCode >= 500 && responseCode < 600
  return isOfMail && isRefusal && responseCode !== 530
}
