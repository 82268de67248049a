/** Automation that touches many records: the nightly renewal reminders. */
import { type Log, maskOf, PATHS, why } from './accesses.ts'
import { SERVICES } from './agents.ts'
import type { Organisation } from './organisation.ts'
import type { Random } from './random.ts'
import { DAY_S, START_S } from './scales.ts'

const FIELDS = maskOf('name', 'email', 'product')
const API = PATHS.indexOf('api')
const NIGHT = { fromS: 3 * 3600, lengthS: 5400 }

/** Reads the records of the day's reminders, under a standing grant that a colleague approved. */
export function remind(org: Organisation, log: Log, day: number, rng: Random): void {
  const agent = org.agents.findIndex((a) => a.name === SERVICES[0])
  const fromS = START_S + day * DAY_S + NIGHT.fromS
  for (let i = 0; i < org.scale.remindersPerDay; i++) {
    const customer = rng.below(org.customers.count)
    if (org.customers.joinedDay(customer) > day) continue
    const atS = fromS + Math.floor((i * NIGHT.lengthS) / org.scale.remindersPerDay)
    log.show(agent, customer, atS, FIELDS, why('grant', 'colleague'), API)
  }
}
