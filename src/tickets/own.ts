/** A ticket that is the caller's. */
import { TelltaleError } from '../base/errors.ts'
import type { FactsPort } from '../disclosure/ports.ts'
import type { Caller, TicketFacts } from '../guard/facts.ts'
import { ticketPurpose } from '../guard/purpose.ts'

/** The caller's open ticket, silent for however long. Throws TICKET_UNKNOWN, TICKET_CLOSED, SESSION_ENDED. */
export async function ownTicket(
  port: FactsPort,
  caller: Caller,
  number: string,
  atMs: number,
): Promise<TicketFacts> {
  const facts = await port.read(caller, { kind: 'ticket', number })
  if (!facts.sessionGood) throw new TelltaleError('SESSION_ENDED', {})
  const { ended } = ticketPurpose(facts.ticket, facts.agent.id, atMs)
  if (facts.ticket === null || ended === 'not-assigned') {
    throw new TelltaleError('TICKET_UNKNOWN', {})
  }
  if (ended === 'closed') throw new TelltaleError('TICKET_CLOSED', {})
  return facts.ticket
}
