/** The help desk at work: contacts become tickets, tickets wait, go to an agent on duty, and come back. */
import { type Log, maskOf, why } from './accesses.ts'
import { SERVICES } from './agents.ts'
import { type Contact, drawChannel, REPEAT_SHARE } from './contacts.ts'
import type { Hour, Organisation } from './organisation.ts'
import { queueOf } from './queues.ts'
import { onDuty } from './rosters.ts'
import { DAYS } from './scales.ts'
import { handle, type Ticket } from './tickets.ts'

export interface Desk {
  readonly log: Log
  newTicketNumber(): number
  hour(hour: Hour, contacts: readonly Contact[]): void
}

interface FollowUp {
  readonly ticket: Ticket
  readonly agent: number
}

const CLASSIFIED_SHARE = 0.3
const CLASSIFIED_FIELDS = maskOf('name', 'email', 'ticket', 'product')
const FOLLOW_UP_SHARE = 0.18

export function openDesk(org: Organisation, log: Log): Desk {
  const hours = DAYS * 24
  const waiting: Ticket[][] = org.queues.map(() => [])
  const followUps: FollowUp[][] = Array.from({ length: hours }, () => [])
  const repeats: Contact[][] = Array.from({ length: hours }, () => [])
  const classifier = org.agents.findIndex((a) => a.name === SERVICES[1])
  let tickets = 0

  function open(contact: Contact) {
    const { customer, channel, byAgent, atS, rng } = contact
    const queue = queueOf(customer, org.customers, org.scale, rng)
    const ticket = { number: ++tickets, customer, queue, channel, byAgent, openedS: atS, rng }
    contact.onTicket?.(ticket.number)
    org.customers.ticketed[customer] = 1
    waiting[queue].push(ticket)
    const written = !byAgent && (channel === 'mail' || channel === 'web')
    if (!written || !rng.chance(CLASSIFIED_SHARE)) return
    const because = why('ticket', 'routed', ticket.number, queue)
    log.show(classifier, customer, atS, CLASSIFIED_FIELDS, because, 1)
  }

  function assign(ticket: Ticket, agent: number, hour: Hour) {
    handle(org, log, ticket, agent, hour)
    const { rng } = ticket
    if (rng.chance(FOLLOW_UP_SHARE)) {
      const due = hour.index + 24 * (1 + rng.below(3)) + rng.below(3) - 1
      followUps[due]?.push({ ticket, agent })
    }
    if (rng.chance(REPEAT_SHARE)) {
      const due = hour.index + 24 * (1 + rng.below(10))
      const atS = hour.startS + (due - hour.index) * 3600 + rng.below(3600)
      const contact = { customer: ticket.customer, channel: drawChannel(rng), byAgent: false }
      repeats[due]?.push({ ...contact, atS, rng })
    }
  }

  function followUp({ ticket, agent }: FollowUp, hour: Hour) {
    const there = onDuty(org.agents[agent], hour.index)
    const by = there ? agent : hour.duty.draw(hour.ofDay, ticket.queue, ticket.rng)
    if (by < 0) followUps[hour.index + 1]?.push({ ticket, agent })
    else handle(org, log, { ...ticket, followedUpBy: by === agent ? 'same' : 'other' }, by, hour)
  }

  return {
    log,
    newTicketNumber: () => ++tickets,
    hour(hour, contacts) {
      for (const contact of repeats[hour.index]) open(contact)
      for (const contact of contacts) open(contact)
      for (const due of followUps[hour.index]) followUp(due, hour)
      for (const [queue, line] of waiting.entries()) {
        let served = 0
        for (const ticket of line) {
          const agent = hour.duty.assign(hour.ofDay, queue, ticket.rng)
          if (agent < 0) break
          assign(ticket, agent, hour)
          served++
        }
        waiting[queue] = line.slice(served)
      }
    },
  }
}
