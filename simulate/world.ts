/** The whole simulation: a generator of days, and the truth behind them. */
import { openLog, type Rows } from './accesses.ts'
import { SHIFT_H } from './agents.ts'
import { isBatchDay, sell } from './calls.ts'
import { contactsIn } from './contacts.ts'
import { openDesk } from './desk.ts'
import { planIncident, type Taking } from './incident.ts'
import { type Hour, makeOrganisation, type Organisation } from './organisation.ts'
import { random } from './random.ts'
import { remind } from './reminders.ts'
import { planReports, type Report } from './reports.ts'
import { dutyOf } from './rosters.ts'
import { COPY_DAY, DAYS, type Options, START_S } from './scales.ts'
import { checkTarget, chooseLeakers, type Leaker, loggedBy, makeTarget } from './targets.ts'

export interface World {
  readonly options: Options
  readonly org: Organisation
  readonly leakers: readonly Leaker[]
  readonly takings: readonly Taking[]
  /** Reports of every cause, in no order; complete after the last day. */
  readonly reports: readonly Report[]
  /** Whether an agent's accesses to a customer reach the log. */
  logged(agent: number, customer: number): boolean
  /** Runs the world, a day at a time; each day's rows are in order of time. */
  days(): Generator<Rows>
}

export function makeWorld(options: Options): World {
  const org = makeOrganisation(options)
  const leakers = chooseLeakers(options, org)
  const home = leakers.length > 0 ? org.agents[leakers[0].agent].region : 0
  const target = makeTarget(org.customers, options, org.customers.regions[home].language)
  checkTarget(target, leakers)
  const taken = leakers.reduce((all, l) => all + l.quota, 0)
  const logged = loggedBy(options, leakers)
  const desk = openDesk(org, openLog(logged))
  const incident = planIncident(options, org, desk, leakers, target)
  const reports = planReports({ ...options, taken }, org.customers, target.wantedShare)
  const tickets = random(options.seed, 'tickets')
  const sales = random(options.seed, 'sales')
  const reminders = random(options.seed, 'reminders')
  const hourlyMax = hourlyTickets(org)
  let unsold = 0

  function endDay(day: number): Rows {
    incident.endDay(day)
    if (isBatchDay(day) && unsold < incident.takings.length) {
      const batch = incident.takings.slice(unsold)
      unsold = incident.takings.length
      reports.sold(batch, sell(batch, day, sales))
    }
    if (options.leak === 'outside' && day === COPY_DAY) reports.copied()
    return desk.log.endDay()
  }

  return {
    options,
    org,
    leakers,
    logged,
    takings: incident.takings,
    reports: reports.reports,
    *days() {
      for (let day = 0; day < DAYS; day++) {
        const duty = dutyOf(org.agents, org.queues.length, day, hourlyMax)
        incident.startDay(day)
        remind(org, desk.log, day, reminders)
        for (let ofDay = 0; ofDay < 24; ofDay++) {
          const index = day * 24 + ofDay
          const startS = START_S + index * 3600
          const hour: Hour = { index, ofDay, startS, endS: startS + 3600, duty }
          const fresh = contactsIn(index, startS, org.customers, org.scale, tickets)
          desk.hour(hour, [...fresh, ...reports.contactsIn(index)])
          incident.hour(hour)
        }
        yield endDay(day)
      }
    },
  }
}

/** Three times what an agent does in the average hour on duty, at least three. */
function hourlyTickets({ scale }: Organisation): number {
  const onDuty = (scale.agents * 5) / 7
  return Math.max(3, Math.ceil((3 * scale.ticketsPerDay) / onDuty / SHIFT_H))
}
