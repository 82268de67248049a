/** Calls that the desk places, so that a number need not be shown. */
import { TelltaleError } from '../base/errors.ts'
import type { Facts, FactsPort, SourcePort } from '../disclosure/ports.ts'
import type { Caller, FieldSpec } from '../guard/facts.ts'
import type { Answer, Policies } from '../guard/policy.ts'
import { ticketPurpose } from '../guard/purpose.ts'
import { checkNumber, checkRole } from './checks.ts'
import { contactOf, withoutValues } from './contacts.ts'
import { decisionOf } from './decisions.ts'
import type { Dialer, Tickets } from './ports.ts'
import type { Decide, TicketStore } from './stores.ts'

/** What a call needs. */
export interface CallPorts {
  readonly facts: FactsPort
  readonly source: Pick<SourcePort, 'fields' | 'values'>
  readonly policies: Pick<Policies, 'answer'>
  readonly store: Pick<TicketStore, 'write'> | null
  /** null: no telephone system is connected. */
  readonly dialer: Dialer | null
  readonly decide: Decide
  readonly now: () => number
}

/** Places calls. */
export function createCalls(ports: CallPorts): Pick<Tickets, 'call'> {
  const { dialer, now } = ports

  /** The customer of a ticket that this field may be called for. */
  async function calledFor(caller: Caller, number: string, field: FieldSpec): Promise<string> {
    const facts = await ports.facts.read(caller, { kind: 'ticket', number })
    if (!facts.sessionGood) throw new TelltaleError('SESSION_ENDED', {})
    const answer = ask(ports.policies, facts, field, now())
    const { ended } = ticketPurpose(facts.ticket, facts.agent.id, now())
    if (facts.ticket === null || ended === 'not-assigned') {
      throw new TelltaleError('TICKET_UNKNOWN', {})
    }
    if (ended === 'closed') throw new TelltaleError('TICKET_CLOSED', {})
    if (ended !== null) throw new TelltaleError('PURPOSE_ENDED', { why: WORDS[ended] ?? ended })
    if (!answer.allowed) throw refused(field)
    return facts.ticket.customer
  }

  return {
    call: async (caller, number, name) => {
      checkRole(caller)
      checkNumber(number)
      if (dialer === null) throw new TelltaleError('CALLS_UNAVAILABLE', {})
      const field = ports.source.fields.find((one) => one.name === name)
      if (field?.mask !== 'phone') throw new TelltaleError('CALL_NO_NUMBER', {})
      const customer = await calledFor(caller, number, field)
      const contact = await contactOf(ports.source, customer, name)
      if (contact === null) throw new TelltaleError('CALL_NO_NUMBER', {})
      const said = { customers: [customer], reference: number, detail: name }
      await ports.decide(decisionOf(caller, now(), { act: 'call.placed', ...said }))
      // The ticket may have been taken away while the log was written.
      await calledFor(caller, number, field)
      const agent = caller.agent.id
      await dialer({ agent, ticket: number, number: contact.value }).catch((error) => {
        throw new TelltaleError('CALL_FAILED', {}, { cause: withoutValues(error) })
      })
      const message = {
        atMs: now(),
        direction: 'out',
        author: caller.agent.name,
        mailId: null,
      } as const
      await ports.store?.write(agent, number, { ...message, body: `Call (${name})` }).catch(() => {
        // The call was placed and is in the log; a ticket that was closed meanwhile tells nothing of it.
      })
    },
  }
}

function ask(
  policies: Pick<Policies, 'answer'>,
  facts: Facts,
  field: FieldSpec,
  atMs: number,
): Answer {
  const { roles, kind, id, status } = facts.agent
  const purpose = ticketPurpose(facts.ticket, id, atMs)
  return policies.answer({
    asker: { roles, kind },
    action: 'call',
    class: field.class,
    context: {
      present: facts.sessionGood && status === 'active',
      purpose: purpose.kind,
      live: purpose.ended === null,
      grade: purpose.grade,
      named: false,
      kind: null,
      steppedUp: false,
    },
  })
}

const WORDS: Readonly<Record<string, string>> = {
  stale: 'nothing was heard of the customer for 14 days',
}

function refused(field: FieldSpec): TelltaleError {
  const advice = 'Ask your lead.'
  return new TelltaleError('REVEAL_REFUSED', {
    field: field.name,
    why: 'it may not be called',
    advice,
  })
}
