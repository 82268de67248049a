/** Bursts: agent-days too full to be contacts handled by hand. */
import { BURST_CUSTOMERS_MIN, BURST_MEDIAN_FACTOR, BURST_OWN_DAYS_MIN } from '../base/limits.ts'
import { type DisclosureRows, GROUNDED } from './rows.ts'

export const DAY_S = 86_400

/** Burst agent-days by `agentDay`. */
export type Bursts = ReadonlySet<number>

/** A key for (agent, UTC day); `at` is epoch seconds below 2^32, so days are below 2^16. */
export function agentDay(agent: number, at: number): number {
  return agent * 0x10000 + Math.floor(at / DAY_S)
}

/** The agent-days above the limit, from the distinct customers of every agent-day. */
export function burstsOf(customersByAgentDay: ReadonlyMap<number, number>): Bursts {
  const days = new Map<number, number[]>()
  const all: number[] = []
  for (const [key, customers] of customersByAgentDay) {
    const agent = Math.floor(key / 0x10000)
    const list = days.get(agent)
    if (list) list.push(customers)
    else days.set(agent, [customers])
    all.push(customers)
  }
  const overall = median(all)
  const limits = new Map<number, number>()
  for (const [agent, list] of days) {
    const usual = list.length < BURST_OWN_DAYS_MIN ? overall : median(list)
    limits.set(agent, Math.max(BURST_CUSTOMERS_MIN, BURST_MEDIAN_FACTOR * usual))
  }
  const bursts = new Set<number>()
  for (const [key, customers] of customersByAgentDay) {
    if (customers > limits.get(Math.floor(key / 0x10000))!) bursts.add(key)
  }
  return bursts
}

/** Distinct customers of each agent-day, over rows whose purpose is unknown; rows are sorted. */
export function customersByAgentDay(rows: DisclosureRows): Map<number, number> {
  const counts = new Map<number, number>()
  const { agent, customer, at, grounded } = rows
  let last = -1
  let lastCustomer = -1
  for (let i = 0; i < customer.length; i++) {
    if (grounded && grounded[i] !== GROUNDED.unknown) continue
    const key = agentDay(agent[i], at[i])
    if (key === last && customer[i] === lastCustomer) continue
    last = key
    lastCustomer = customer[i]
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}

function median(values: number[]): number {
  if (values.length === 0) return 0
  const sorted = Float64Array.from(values).sort()
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
