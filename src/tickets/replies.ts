/** Whether a customer can be written to, and what the subject of such a mail says. */
import { SUBJECT_CHARS_MAX } from '../base/ticket-limits.ts'
import type { SourcePort } from '../disclosure/ports.ts'
import { mailboxOf } from './contacts.ts'
import { languageOf } from './languages.ts'
import type { ReplySender } from './ports.ts'
import type { DueReply } from './stores.ts'

/** What writing to customers needs. */
export interface ReplyPorts {
  readonly source: Pick<SourcePort, 'fields' | 'values'>
  /** null: no mail server is connected. */
  readonly replies: Pick<ReplySender, 'newMailId'> | null
}

/** Why this customer cannot be written to; null: they can. Throws what the source throws. */
export async function whyNoReply(ports: ReplyPorts, customer: string): Promise<string | null> {
  if (ports.replies === null) return 'no mail server is connected'
  const mailbox = await mailboxOf(ports.source, customer)
  return mailbox === null ? 'there is no mail address on record' : null
}

/** Of a ticket without a topic. */
const REQUEST: Readonly<Record<string, string>> = {
  en: 'Your request',
  de: 'Ihr Anliegen',
  ja: 'お問い合わせ',
}

/** One line with the ticket's number, which an answer carries back. */
export function subjectOf(
  { ticket, topic, earlier }: Pick<DueReply, 'ticket' | 'topic' | 'earlier'>,
  locale: string | null,
): string {
  const about = oneLine(topic ?? '') || REQUEST[languageOf(locale, REQUEST)]
  const isAnswer = earlier.some(({ isTheirs }) => isTheirs) && !/^re:/i.test(about)
  const number = ` [${oneLine(ticket)}]`
  const room = Math.max(0, SUBJECT_CHARS_MAX - number.length)
  const text = [...`${isAnswer ? 'Re: ' : ''}${about}`].slice(0, room).join('').trim()
  return `${text}${number}`
}

/** Line ends and control characters would begin another header, or none that anybody can read. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
}
