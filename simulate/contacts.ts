/** When customers turn to the help desk, and by which channel. */
import { CONTACT_RATE, type Customers, drawByActivity } from './customers.ts'
import type { Random } from './random.ts'
import type { Scale } from './scales.ts'

export type Channel = 'phone' | 'mail' | 'chat' | 'web'

/** A customer turning to the help desk. `rng` is the stream that decides what comes of it. */
export interface Contact {
  readonly customer: number
  readonly channel: Channel
  /** Opened by an agent, with no word from the customer. */
  readonly byAgent: boolean
  readonly atS: number
  readonly rng: Random
  /** Told when the contact becomes a ticket. */
  readonly onTicket?: (ticket: number) => void
}

/** Relative volume by local hour, from midnight, and by weekday, from Monday. */
const BY_HOUR = [1, 1, 0, 0, 0, 1, 2, 4, 8, 11, 12, 11, 9, 10, 11, 11, 10, 9, 8, 7, 6, 5, 3, 2]
const BY_WEEKDAY = [1.3, 1.15, 1.05, 1.05, 1.05, 0.8, 0.6]
const HOUR_SUM = BY_HOUR.reduce((a, b) => a + b, 0)
const BY_AGENT_SHARE = 0.04
/** Share of the tickets that come again and are therefore not drawn afresh. */
export const REPEAT_SHARE = 0.12

export function drawChannel(rng: Random): Channel {
  const u = rng.unit()
  return u < 0.38 ? 'phone' : u < 0.63 ? 'mail' : u < 0.83 ? 'chat' : 'web'
}

/** New contacts of one hour (from the start of the log, UTC), group by group. */
export function contactsIn(
  hour: number,
  hourStartS: number,
  customers: Customers,
  scale: Scale,
  rng: Random,
): Contact[] {
  const contacts: Contact[] = []
  const fresh = scale.ticketsPerDay * (1 - REPEAT_SHARE)
  const weights = customers.groups.map((g) => g.count * CONTACT_RATE[g.segment])
  const sum = weights.reduce((a, b) => a + b, 0)
  const day = Math.floor(hour / 24)
  for (const [g, group] of customers.groups.entries()) {
    const local = hour + customers.regions[group.region].utcOffsetH + 7 * 24
    const profile = BY_HOUR[local % 24] / HOUR_SUM
    const weekday = BY_WEEKDAY[Math.floor(local / 24) % 7]
    const count = rng.poisson((fresh * profile * weekday * weights[g]) / sum)
    for (let i = 0; i < count; i++) {
      const customer = drawByActivity(group, rng)
      const channel = drawChannel(rng)
      const atS = hourStartS + rng.below(3600)
      const byAgent = rng.chance(BY_AGENT_SHARE)
      if (customers.joinedDay(customer) > day) continue
      contacts.push({ customer, channel, byAgent, atS, rng })
    }
  }
  return contacts
}
