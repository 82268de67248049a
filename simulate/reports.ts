/** Customers who tell of a scam call: victims of the leak, and noise. */
import { maskOf } from './accesses.ts'
import { CALLED_SHARE, callTime, inDaytime, noticed } from './calls.ts'
import { type Contact, drawChannel } from './contacts.ts'
import { type Customers, drawByActivity, type Group } from './customers.ts'
import type { Taking } from './incident.ts'
import { type Random, random } from './random.ts'
import { COPY_DAY, DAY_S, DAYS, END_S, type Options, SCALES, START_S } from './scales.ts'
import { buyerWants } from './targets.ts'

export interface Report {
  readonly customer: number
  readonly calledS: number
  /** When the customer says the call was: not always right. */
  readonly contactedS: number
  readonly reportedS: number
  readonly knew: number
  readonly cause: 'leak' | 'noise'
  /** The agent whose taking led to the call; null for noise and an outside copy. */
  readonly by: number | null
  readonly falseMemory: boolean
  ticket: number
}

export interface Desks {
  readonly reports: readonly Report[]
  /** The reports that arrive in this hour, as contacts at the help desk. */
  contactsIn(hour: number): Contact[]
  /** The buyer has these records and starts to call. */
  sold(batch: readonly Taking[], soldS: number): void
  /** A copy of all records has left by another way: the callers know what it holds now. */
  copied(): void
}

const REPORT_DELAY_S = { least: 600, mean: 2 * DAY_S, most: 7 * DAY_S }
const FALSE_MEMORY_SHARE = 0.08
const TICKET = maskOf('ticket')
const COPY_FIELDS = maskOf('name', 'email', 'phone', 'address', 'product')
/** What callers who have no record of ours know, by guess or from elsewhere. */
const NOISE_KNEW = [
  0,
  0,
  maskOf('name'),
  maskOf('name'),
  maskOf('name', 'phone'),
  maskOf('phone', 'product'),
]

export function planReports(options: Options, customers: Customers, wantedShare: number): Desks {
  const expected = options.reports ?? SCALES[options.scale].reports
  const genuine = options.leak === 'none' ? 0 : expected * (1 - options.noise)
  const rng = random(options.seed, 'reports')
  const reports: Report[] = []
  const due: Report[][] = Array.from({ length: DAYS * 24 }, () => [])
  const reported = new Set<number>()
  const taken = options.taken ?? SCALES[options.scale].taken

  function tell(
    customer: number,
    calledS: number,
    knew: number,
    from: Pick<Report, 'cause' | 'by'>,
  ) {
    const delay = REPORT_DELAY_S.least + rng.exponential(REPORT_DELAY_S.mean)
    const reportedS = Math.floor(calledS + Math.min(REPORT_DELAY_S.most, delay))
    const told = remember(calledS, reportedS, knew, rng)
    if (reportedS >= END_S || reported.has(customer)) return
    reported.add(customer)
    const report: Report = { customer, calledS, reportedS, ...told, ...from, ticket: 0 }
    reports.push(report)
    due[Math.floor((reportedS - START_S) / 3600)].push(report)
  }

  for (const { customer, day, knew } of noise(
    expected - genuine,
    customers,
    random(options.seed, 'noise'),
  )) {
    tell(customer, inDaytime(customer, day, customers, rng), knew, { cause: 'noise', by: null })
  }
  const wants = buyerWants(customers, options)
  return {
    reports,
    contactsIn: (hour) => due[hour].map((report) => contactOf(report, rng)),
    sold(batch, soldS) {
      const share = Math.min(1, genuine / (taken * wantedShare * CALLED_SHARE))
      for (const taking of batch) {
        const { customer, fields, agent } = taking
        if (!wants(customers.groups[customers.group[customer]])) continue
        if (!rng.chance(CALLED_SHARE)) continue
        const calledS = callTime(customer, soldS, customers, rng)
        if (calledS >= END_S) continue
        taking.calledS = calledS
        if (!rng.chance(share)) continue
        tell(customer, calledS, noticed(fields, rng), { cause: 'leak', by: agent })
      }
    },
    copied() {
      const groups = customers.groups.filter(wants)
      const count = rng.poisson(genuine)
      for (let i = 0; i < count; i++) {
        const customer = evenly(groups, rng)
        if (customers.joinedDay(customer) > COPY_DAY) continue
        const fields = COPY_FIELDS | (customers.ticketed[customer] ? TICKET : 0)
        const day = Math.floor(rng.between(COPY_DAY + 4, DAYS - 5))
        const calledS = inDaytime(customer, day, customers, rng)
        tell(customer, calledS, noticed(fields, rng), { cause: 'leak', by: null })
      }
    },
  }
}

/** Unrelated scam calls whose victims tell us. */
function noise(mean: number, customers: Customers, rng: Random) {
  return Array.from({ length: rng.poisson(mean) }, () => {
    const uniform = evenly(customers.groups, rng)
    const group = customers.groups[customers.group[uniform]]
    const customer = rng.chance(0.6) ? drawByActivity(group, rng) : uniform
    const first = Math.max(2, customers.joinedDay(customer))
    return { customer, day: Math.floor(rng.between(first, DAYS - 2)), knew: rng.pick(NOISE_KNEW) }
  })
}

function evenly(groups: readonly Group[], rng: Random): number {
  let n = rng.below(groups.reduce((all, g) => all + g.count, 0))
  for (const group of groups) {
    if (n < group.count) return group.start + n
    n -= group.count
  }
  return 0
}

/** People err: on the time, or on what the caller knew. */
function remember(calledS: number, reportedS: number, knew: number, rng: Random) {
  const toMinute = (s: number) => Math.floor(s / 60) * 60
  if (!rng.chance(FALSE_MEMORY_SHARE)) {
    return { contactedS: toMinute(calledS), knew, falseMemory: false }
  }
  if (rng.chance(0.5))
    return { contactedS: toMinute(calledS), knew: knew | TICKET, falseMemory: true }
  const wrong = calledS + (rng.below(4 * 24) - 2 * 24) * 3600
  return { contactedS: toMinute(Math.min(wrong, reportedS)), knew, falseMemory: true }
}

function contactOf(report: Report, rng: Random): Contact {
  return {
    customer: report.customer,
    channel: drawChannel(rng),
    byAgent: false,
    atS: report.reportedS,
    rng,
    onTicket: (ticket) => {
      report.ticket = ticket
    },
  }
}
