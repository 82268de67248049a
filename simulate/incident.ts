/** The leak: who takes which records, when, under what pretext. */
import { maskOf, type Rows, why } from './accesses.ts'
import { drawByActivity } from './customers.ts'
import type { Desk } from './desk.ts'
import type { Hour, Organisation } from './organisation.ts'
import { type Random, random } from './random.ts'
import { hoursOnDuty } from './rosters.ts'
import type { Options } from './scales.ts'
import { drawTarget, type Leaker, type Target } from './targets.ts'

/** How a record was taken: under a ticket opened for it, without a purpose, or in genuine work. */
export type How = 'self' | 'none' | 'ticket'

export interface Taking {
  readonly customer: number
  readonly agent: number
  readonly atS: number
  readonly fields: number
  readonly how: How
  soldS: number | null
  /** When the buyer called; null if not, or not yet at the end of the log. */
  calledS: number | null
}

export interface Incident {
  readonly takings: readonly Taking[]
  startDay(day: number): void
  hour(hour: Hour): void
  /** Records taken today are complete after this. */
  endDay(day: number): void
}

const SHARES = { ownTickets: 0.08, self: 0.4, byActivity: 0.5, address: 0.2 }
const TAKEN_VIEW = maskOf('name', 'email', 'phone', 'product')
const [ADDRESS, TICKET] = [maskOf('address'), maskOf('ticket')]

export function planIncident(
  options: Options,
  org: Organisation,
  desk: Desk,
  leakers: readonly Leaker[],
  target: Target,
): Incident {
  const rng = random(options.seed, 'incident')
  const takings: Taking[] = []
  const taken = new Set<number>()
  const counts = leakers.map(() => 0)
  /** Today's records to take: leaker by hour of the day. */
  let planned: number[][] = []
  let today = 0

  function add(leaker: number, taking: Omit<Taking, 'agent' | 'soldS' | 'calledS'>) {
    taken.add(taking.customer)
    counts[leaker]++
    takings.push({ ...taking, agent: leakers[leaker].agent, soldS: null, calledS: null })
  }

  function take(leaker: number, hour: Hour) {
    const { agent } = leakers[leaker]
    const customer = drawVictim(target, org, today, taken, rng)
    const how = rng.chance(SHARES.self) ? 'self' : 'none'
    const atS = hour.startS + rng.below(3600)
    const known = org.customers.ticketed[customer] || how === 'self'
    const fields = TAKEN_VIEW | (known ? TICKET : 0) | (rng.chance(SHARES.address) ? ADDRESS : 0)
    const queue = org.agents[agent].queues[0]
    const because =
      how === 'self' ? why('ticket', 'self', desk.newTicketNumber(), queue) : why('none', 'none')
    if (how === 'self') org.customers.ticketed[customer] = 1
    desk.log.show(agent, customer, atS, fields, because)
    add(leaker, { customer, atS, fields, how })
  }

  /** Copies some records of the leaker's genuine work of today. */
  function takeFromTickets(leaker: number, count: number) {
    const rows = desk.log.today
    const own = genuineWork(rows, leakers[leaker].agent)
    for (let copied = 0; copied < count && own.length > 0; ) {
      const [i] = own.splice(rng.below(own.length), 1)
      const customer = rows.customer[i]
      if (taken.has(customer) || !target.wants(customer)) continue
      add(leaker, { customer, atS: rows.at[i], fields: rows.fields[i], how: 'ticket' })
      copied++
    }
  }

  return {
    takings,
    startDay(day) {
      today = day
      planned = leakers.map((leaker, l) => {
        const hours = hoursOnDuty(org.agents[leaker.agent], day)
        return planDay(leaker, day, leaker.quota - counts[l], hours, rng)
      })
    },
    hour(hour) {
      for (const [leaker, hours] of planned.entries()) {
        for (const h of hours) if (h === hour.ofDay) take(leaker, hour)
      }
    },
    endDay() {
      for (const [leaker, hours] of planned.entries()) {
        takeFromTickets(leaker, hours.filter((h) => h === FROM_TICKETS).length)
      }
    },
  }
}

/** Stands for an hour where a record is to be copied from genuine work. */
const FROM_TICKETS = -1

/** For each record to take on a day, the hour in which to take it. What is left is due on the last day. */
function planDay(
  leaker: Leaker,
  day: number,
  left: number,
  hours: number[],
  rng: Random,
): number[] {
  const order = leaker.days.indexOf(day)
  if (order < 0) return []
  const last = order === leaker.days.length - 1
  const count = last ? left : Math.min(left, rng.poisson(leaker.quota / leaker.days.length))
  const own = last ? 0 : rng.poisson(count * SHARES.ownTickets)
  return Array.from({ length: count }, (_, i) => (i < own ? FROM_TICKETS : rng.pick(hours)))
}

/** Rows in which this agent was shown a record to take under some ticket. */
function genuineWork(rows: Rows, agent: number): number[] {
  const own: number[] = []
  for (let i = 0; i < rows.count; i++) {
    if (rows.agent[i] === agent && rows.ticket[i] > 0 && rows.fields[i] & TAKEN_VIEW) own.push(i)
  }
  return own
}

/** A customer on file whose record has not been taken: half the time anyone, else by activity. */
function drawVictim(
  target: Target,
  org: Organisation,
  day: number,
  taken: ReadonlySet<number>,
  rng: Random,
): number {
  for (;;) {
    const group = drawTarget(target, rng)
    const active = rng.chance(SHARES.byActivity)
    const customer = active ? drawByActivity(group, rng) : group.start + rng.below(group.count)
    if (!taken.has(customer) && org.customers.joinedDay(customer) <= day) return customer
  }
}
