/** What help desks, routers and mailboxes tell of tickets: each message once, in the order of their times. */

import { MESSAGE_CHARS_MAX, NAME_CHARS_MAX } from '../base/desk-http-limits.ts'
import { TelltaleError } from '../base/errors.ts'
import { AT_MIN_MS, KEY_BYTES_MAX } from '../base/limits.ts'
import { HOOK_AHEAD_MAX_MS, MAIL_ID_CHARS_MAX } from '../base/ticket-limits.ts'
import { plainText } from './checks.ts'

/** A webhook whose signature holds. */
export interface Hooked {
  readonly source: string
  /** Of the message: the same when it is sent again. */
  readonly id: string
  readonly kind: 'ticket.created' | 'ticket.assigned' | 'ticket.closed' | 'contact.inbound'
  readonly atMs: number
  readonly ticket: string
  readonly customer: string | null
  readonly queue: string | null
  /** Id of the agent, here or in the directory. */
  readonly assignee: string | null
  readonly by: {
    readonly kind: 'customer' | 'system' | 'router' | 'agent'
    readonly agent: string | null
  } | null
  readonly contactAtMs: number | null
  /** Of a contact: what it is about, ... */
  readonly topic: string | null
  /** ... what the customer wrote, ... */
  readonly text: string | null
  /** ... and the Message-ID of the mail that it came by. */
  readonly mailId: string | null
}

/** Takes what is told. Throws HOOK_INVALID. */
export interface Inbound {
  /** False where a hook of this source with this id was taken before: then nothing changes. */
  take(hooked: Hooked): Promise<boolean>
}

/** Where it takes effect: our own tickets, or what is known of a guarded help desk's. */
export interface InboundStore {
  /** The effect and the memory of the id, both or none. Throws HOOK_INVALID where the ticket would lack
   * something. */
  take(hooked: Hooked, receivedAtMs: number): Promise<boolean>
}

/** Checks times and names before anything takes effect. */
export function createInbound(store: InboundStore, now: () => number): Inbound {
  return {
    take: async (hooked) => {
      const nowMs = now()
      checkTime(hooked.atMs, nowMs)
      if (hooked.contactAtMs !== null) checkTime(hooked.contactAtMs, nowMs)
      const names = [hooked.id, hooked.ticket, hooked.customer, hooked.queue, hooked.assignee]
      for (const name of [...names, hooked.by?.agent ?? null]) checkName(name)
      return store.take({ ...hooked, ...saidIn(hooked) }, nowMs)
    },
  }
}

/** What the customer said, as it can be kept. */
function saidIn({ kind, topic, text, mailId }: Hooked): Pick<Hooked, 'topic' | 'text' | 'mailId'> {
  const said = [topic, text, mailId].some((one) => one !== null)
  if (said && kind !== 'contact.inbound') throw invalid('only a contact says something')
  if (mailId !== null && text === null) throw invalid('a mail says something')
  if (mailId !== null && !isMailId(mailId)) throw invalid('its Message-ID is none')
  return {
    topic: topic === null ? null : textIn('topic', topic.replace(/\s+/g, ' '), NAME_CHARS_MAX),
    text: text === null ? null : textIn('text', text, MESSAGE_CHARS_MAX),
    mailId,
  }
}

function textIn(what: string, text: string, charsMax: number): string {
  const plain = plainText(text, charsMax)
  if (plain === null) throw invalid(`its ${what} is empty, too long or no text`)
  return plain
}

/** RFC 5322, section 3.6.4, of characters that cannot end it: it goes into headers of ours. */
function isMailId(text: string): boolean {
  return text.length <= MAIL_ID_CHARS_MAX && /^<[!-;=?A-~]+@[!-;=?A-~]+>$/.test(text)
}

/** A contact in the future would keep a purpose alive for as long. */
function checkTime(atMs: number, nowMs: number): void {
  if (!Number.isSafeInteger(atMs) || atMs < AT_MIN_MS) throw invalid('its time is none')
  if (atMs > nowMs + HOOK_AHEAD_MAX_MS) throw invalid('its time lies in the future')
}

function checkName(name: string | null): void {
  if (name === null) return
  const isName = name !== '' && Buffer.byteLength(name) <= KEY_BYTES_MAX
  if (!isName || /[\p{Cc}\p{Cs}]/u.test(name)) throw invalid('one of its names or numbers is none')
}

function invalid(problem: string): TelltaleError {
  return new TelltaleError('HOOK_INVALID', { problem })
}
