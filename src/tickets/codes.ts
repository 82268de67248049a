/** Customer-present codes: docs/desk.md. They go to contacts on record, and to nobody who works here. */
import { createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import { CODE_LIFE_MS } from '../base/desk-limits.ts'
import { TelltaleError } from '../base/errors.ts'
import type { FactsPort, SourcePort } from '../disclosure/ports.ts'
import type { Caller, TicketFacts } from '../guard/facts.ts'
import { mask } from '../guard/mask.ts'
import { ticketPurpose } from '../guard/purpose.ts'
import { checkNumber, checkRole } from './checks.ts'
import { type Contact, contactOf, isMailbox, withoutValues } from './contacts.ts'
import { decisionOf } from './decisions.ts'
import { ownTicket } from './own.ts'
import type { CodeSender, Codes } from './ports.ts'
import type { CodeFor, CodeStore, Decide, KeptCode } from './stores.ts'

/** What codes need. */
export interface CodePorts {
  readonly facts: FactsPort
  readonly source: Pick<SourcePort, 'fields' | 'values'>
  readonly codes: CodeStore
  /** null: none are sent here. */
  readonly sender: CodeSender | null
  readonly decide: Decide
  /** 32 bytes, the same for all desks of one store: without it a code cannot be told from its hash. */
  readonly key: Uint8Array
  readonly now: () => number
}

/** Sends and checks codes. */
export function createCodes(ports: CodePorts): Codes {
  const { codes, key, now } = ports

  /** One that was silent for long is among them: a code ends the silence. */
  async function ticketOf(caller: Caller, number: string): Promise<TicketFacts> {
    checkRole(caller)
    checkNumber(number)
    return ownTicket(ports.facts, caller, number, now())
  }

  return {
    send: async (caller, number, field) => {
      const ticket = await ticketOf(caller, number)
      const contact = await contactOf(ports.source, ticket.customer, field)
      if (contact === null) throw new TelltaleError('CODE_NO_CONTACT', {})
      const sender = await senderFor(ports, contact)
      const code = String(randomInt(1_000_000)).padStart(6, '0')
      const sentAtMs = now()
      const kept = keptOf(ticket, caller, field, sentAtMs, (id) => hashOf(key, id, code))
      const customers = [ticket.customer]
      await codes.keep(kept, () => {
        const said = { customers, reference: number, detail: `to ${field}` }
        return ports.decide(decisionOf(caller, sentAtMs, { act: 'code.sent', ...said }))
      })
      const message = { code, ticket: number, minutes: CODE_LIFE_MS / 60_000 }
      await sender.send(contact, message).catch(async (error) => {
        await codes.spoil(kept.id)
        throw new TelltaleError('CODE_NOT_SENT', {}, { cause: withoutValues(error) })
      })
      return { expiresAtMs: kept.expiresAtMs, to: mask(contact.field.mask, contact.value) }
    },

    check: async (caller, number, text) => {
      const ticket = await ticketOf(caller, number)
      const attempt = await codes.attempt(codeFor(ticket, caller), now())
      if (attempt === null) throw new TelltaleError('CODE_EXPIRED', {})
      const { id, left } = attempt
      const said = { customers: [ticket.customer], reference: number }
      const isRight = timingSafeEqual(hashOf(key, id, digitsOf(text)), attempt.codeHash)
      if (!isRight) {
        const detail = `${left} attempts left`
        await ports.decide(decisionOf(caller, now(), { act: 'code.failed', detail, ...said }))
        throw new TelltaleError('CODE_WRONG', { left })
      }
      const atMs = now()
      const isPassed = await codes.pass(id, atMs, () =>
        ports.decide(decisionOf(caller, atMs, { act: 'code.passed', ...said })),
      )
      if (!isPassed) throw new TelltaleError('CODE_EXPIRED', {})
      const facts = await ports.facts.read(caller, { kind: 'ticket', number })
      return ticketPurpose(facts.ticket, facts.agent.id, now())
    },
  }
}

/** Throws CODE_NO_CONTACT where nothing may be sent there: what a colleague could read is no proof that a
 * customer is on the line. */
async function senderFor({ sender, codes }: CodePorts, contact: Contact): Promise<CodeSender> {
  const isMail = contact.channel === 'mail'
  const isWrong = isMail && (!isMailbox(contact.value) || (await codes.isColleague(contact.value)))
  if (isWrong || !sender?.channels.includes(contact.channel)) {
    throw new TelltaleError('CODE_NO_CONTACT', {})
  }
  return sender
}

function codeFor({ number, assignedAtMs }: TicketFacts, { agent }: Caller): CodeFor {
  return { ticket: number, agent: agent.id, assignedAtMs }
}

function keptOf(
  ticket: TicketFacts,
  caller: Caller,
  field: string,
  sentAtMs: number,
  hash: (id: string) => Uint8Array,
): KeptCode {
  const id = randomBytes(16).toString('base64url')
  const { customer } = ticket
  const expiresAtMs = sentAtMs + CODE_LIFE_MS
  return {
    ...codeFor(ticket, caller),
    id,
    customer,
    field,
    codeHash: hash(id),
    sentAtMs,
    expiresAtMs,
  }
}

/** Bound to the row, which is bound to ticket, agent and assignment: a hash copied to another row, or
 * found again there, is worth nothing. */
function hashOf(key: Uint8Array, id: string, code: string): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify(['code', id, code]))
    .digest()
}

/** As people write it down: `123 456`, in digits of any width. */
function digitsOf(text: string): string {
  return text.normalize('NFKC').replace(/[\s-]/g, '')
}
