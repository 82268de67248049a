/** From the taken record to the call: batches are sold, the buyer calls, some customers report. */
import { type FieldName, maskOf } from './accesses.ts'
import type { Customers } from './customers.ts'
import type { Taking } from './incident.ts'
import type { Random } from './random.ts'
import { DAY_S, START_S, TAKING_DAYS } from './scales.ts'

export const CALLED_SHARE = 0.6
const BATCH_DAYS = 7
const SALE_DELAY_DAYS = { least: 2, most: 6 }
const CALL_DELAY_DAYS_MAX = 12
/** Callers call when people answer: from 9 to 20 o'clock where the customer lives. */
const CALLING = { fromH: 9, hours: 11 }

/** Whether the records gathered so far are sold after this day. */
export function isBatchDay(day: number): boolean {
  const inWindow = day >= TAKING_DAYS.from && day < TAKING_DAYS.to
  if (!inWindow) return false
  return (day - TAKING_DAYS.from) % BATCH_DAYS === BATCH_DAYS - 1 || day === TAKING_DAYS.to - 1
}

/** Sells these records in one go; returns when, in epoch seconds. */
export function sell(batch: readonly Taking[], day: number, rng: Random): number {
  const delay = Math.floor(rng.between(SALE_DELAY_DAYS.least, SALE_DELAY_DAYS.most))
  const soldS = START_S + (day + 1 + delay) * DAY_S + rng.below(DAY_S)
  for (const taking of batch) taking.soldS = soldS
  return soldS
}

/** A moment of a customer's daytime at least a few hours after `afterS` and within the buyer's
 * patience. */
export function callTime(
  customer: number,
  afterS: number,
  customers: Customers,
  rng: Random,
): number {
  const delayDays = 1 + rng.below(CALL_DELAY_DAYS_MAX)
  return inDaytime(customer, Math.floor((afterS - START_S) / DAY_S) + delayDays, customers, rng)
}

/** A moment of the customer's daytime on this day of the log. */
export function inDaytime(
  customer: number,
  day: number,
  customers: Customers,
  rng: Random,
): number {
  const region = customers.regions[customers.groups[customers.group[customer]].region]
  const midnightS = START_S + day * DAY_S - region.utcOffsetH * 3600
  return midnightS + CALLING.fromH * 3600 + rng.below(CALLING.hours * 3600)
}

/** Of the fields that the caller has, those that the customer noticed the caller to know. */
const NOTICED: [FieldName, number][] = [
  ['name', 0.95],
  ['phone', 0.8],
  ['ticket', 0.6],
  ['product', 0.6],
  ['email', 0.35],
  ['address', 0.15],
]

export function noticed(fields: number, rng: Random): number {
  let knew = 0
  for (const [name, share] of NOTICED) {
    if (rng.chance(share) && fields & maskOf(name)) knew |= maskOf(name)
  }
  return knew
}
