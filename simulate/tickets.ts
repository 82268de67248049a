/** One agent working on one ticket: which records are looked at, by whom else, and why. */
import { type Log, maskOf, type Why, why } from './accesses.ts'
import type { Channel } from './contacts.ts'
import type { Hour, Organisation } from './organisation.ts'
import type { Random } from './random.ts'
import { onDuty } from './rosters.ts'

export interface Ticket {
  readonly number: number
  readonly customer: number
  readonly queue: number
  readonly channel: Channel
  readonly byAgent: boolean
  readonly openedS: number
  readonly rng: Random
  /** Set on a later day's work on the ticket: by the agent who had it, or by a colleague. */
  readonly followedUpBy?: 'same' | 'other'
}

const FIRST_VIEW = maskOf('name', 'email', 'phone', 'ticket', 'product')
const LATER_VIEWS = [
  maskOf('name', 'ticket', 'product', 'notes'),
  maskOf('name', 'ticket', 'notes'),
  maskOf('name', 'email', 'phone', 'address'),
  maskOf('name', 'product'),
]
const PAYMENT = maskOf('payment')
const WRONG_VIEW = maskOf('name', 'email', 'phone', 'product')

const SHARES = { handover: 0.12, escalation: 0.06, review: 0.02, wrongClick: 0.02, curious: 0.01 }
/** Chance of one more look at the record, after each look; never more than five in all. */
const LOOK_AGAIN = 0.45
const LOOKS_MAX = 5
const LOOK_GAP_S = { least: 20, most: 400 }

export function handle(
  org: Organisation,
  log: Log,
  ticket: Ticket,
  agent: number,
  hour: Hour,
): void {
  const { rng, queue } = ticket
  const from = Math.max(ticket.openedS, hour.startS)
  const atS = later(from, hour, rng)
  look(org, log, ticket, agent, atS, ownReason(ticket))
  const colleague = why('ticket', 'colleague', ticket.number, queue)
  if (rng.chance(SHARES.handover)) {
    const other = hour.duty.draw(hour.ofDay, queue, rng, agent)
    if (other >= 0) look(org, log, ticket, other, later(atS, hour, rng), colleague)
  }
  if (rng.chance(SHARES.escalation)) {
    const other = hour.duty.draw(hour.ofDay, org.queues.length - 1, rng, agent)
    if (other >= 0) look(org, log, ticket, other, later(atS, hour, rng), colleague)
  }
  if (rng.chance(SHARES.review)) {
    const lead = org.leads.get(org.agents[agent].team) ?? agent
    if (lead !== agent && onDuty(org.agents[lead], hour.index)) {
      look(org, log, ticket, lead, later(atS, hour, rng), colleague)
    }
  }
  withoutPurpose(org, log, ticket, agent, atS, hour)
}

/** Innocent looks that no purpose explains. */
function withoutPurpose(
  org: Organisation,
  log: Log,
  ticket: Ticket,
  agent: number,
  atS: number,
  hour: Hour,
) {
  const { rng, customer, queue } = ticket
  if (rng.chance(SHARES.wrongClick)) {
    const group = org.customers.groups[org.customers.group[customer]]
    const wrong = group.start + rng.below(group.count)
    const beforeS = Math.max(hour.startS, atS - 1 - rng.below(30))
    const fields = org.customers.ticketed[wrong] ? WRONG_VIEW | maskOf('ticket') : WRONG_VIEW
    const onFile = org.customers.joinedDay(wrong) <= Math.floor(hour.index / 24)
    if (onFile) log.show(agent, wrong, beforeS, fields, why('none', 'none'))
  }
  if (rng.chance(SHARES.curious)) {
    const other = hour.duty.draw(hour.ofDay, queue, rng, agent)
    if (other >= 0) {
      log.show(other, customer, later(atS, hour, rng), FIRST_VIEW, why('none', 'none'))
    }
  }
}

function ownReason(ticket: Ticket): Why {
  const { number, queue, channel, byAgent, followedUpBy } = ticket
  if (byAgent) return why('ticket', 'self', number, queue)
  if (followedUpBy === 'other') return why('ticket', 'colleague', number, queue)
  if (followedUpBy === 'same') return why('ticket', 'routed', number, queue)
  if (channel === 'phone') return why('call', 'customer', number, queue)
  return why('ticket', channel === 'chat' ? 'customer' : 'routed', number, queue)
}

function look(
  org: Organisation,
  log: Log,
  ticket: Ticket,
  agent: number,
  atS: number,
  because: Why,
) {
  const { rng, customer } = ticket
  const billing = org.queues[ticket.queue].topic === 'billing' ? PAYMENT : 0
  let fields = FIRST_VIEW | billing
  for (let looks = 0; looks < LOOKS_MAX; looks++) {
    log.show(agent, customer, atS, fields, because)
    if (!rng.chance(LOOK_AGAIN)) return
    atS += Math.floor(rng.between(LOOK_GAP_S.least, LOOK_GAP_S.most))
    fields = rng.pick(LATER_VIEWS)
  }
}

/** A second in the rest of the hour, so that whoever is on duty in the hour is there. */
function later(fromS: number, hour: Hour, rng: Random): number {
  return fromS + Math.floor(rng.unit() * Math.max(0, hour.endS - fromS))
}
