/** The exposure arrays: everything the index answers from, in memory, by dense ids. */
import { type Bursts, burstsOf, customersByAgentDay } from './bursts.ts'
import { contactsBuilder } from './contacts.ts'
import { type Pairs, pairsBuilder } from './pairs.ts'
import { placeRows, type Rows } from './placement.ts'
import { type DisclosureRows, type LogShape, NEVER, sortedRows } from './rows.ts'

/** Who saw whom and whom to compare with, ready to answer (docs/index.md, "What is kept"). */
export interface ExposureArrays extends Pairs, Rows {
  readonly agents: number
  readonly customers: number
  /** Distinct customers each agent was ever shown. */
  readonly distinctCustomers: Uint32Array
}

export interface ArraysBuilder {
  /** Adds rows by customer, agent, time. A customer's rows come in one batch, customers in order. */
  push(rows: DisclosureRows): void
  finish(): ExposureArrays
}

export interface BuilderPlan {
  readonly shape: LogShape
  /** At least as many rows as will be pushed. */
  readonly capacity: number
  readonly knowsFields: boolean
  /** Over the rows whose purpose is unknown. */
  readonly bursts: Bursts
}

export function arraysBuilder({
  shape,
  capacity,
  knowsFields,
  bursts,
}: BuilderPlan): ArraysBuilder {
  const pairs = pairsBuilder(shape.agents, shape.customers, capacity, knowsFields)
  const contacts = contactsBuilder(capacity, bursts)
  return {
    push(rows: DisclosureRows): void {
      const { customer } = rows
      for (let i = 0, end = 0; i < customer.length; i = end) {
        while (end < customer.length && customer[end] === customer[i]) end++
        pairs.add(rows, i, end)
        contacts.add(rows, i, end)
      }
    },
    finish(): ExposureArrays {
      const built = pairs.finish()
      const rows = placeRows(shape, contacts.finish(), firstShownOf(built))
      const { agents, customers } = shape
      return {
        agents,
        customers,
        ...built,
        ...rows,
        distinctCustomers: countByAgent(built, agents),
      }
    },
  }
}

/** The arrays of a log held in memory. Rows may come in any order. */
export function exposureArraysFromRows(unsorted: DisclosureRows, shape: LogShape): ExposureArrays {
  const rows = sortedRows(unsorted)
  const builder = arraysBuilder({
    shape,
    capacity: rows.customer.length,
    knowsFields: rows.fields !== undefined,
    bursts: burstsOf(customersByAgentDay(rows)),
  })
  builder.push(rows)
  return builder.finish()
}

function firstShownOf({ pairStarts, pairAt }: Pairs): Uint32Array {
  const first = new Uint32Array(pairStarts.length - 1).fill(NEVER)
  for (let c = 0; c < first.length; c++) {
    for (let pair = pairStarts[c]; pair < pairStarts[c + 1]; pair++) {
      if (pairAt[pair] < first[c]) first[c] = pairAt[pair]
    }
  }
  return first
}

function countByAgent({ pairAgent }: Pairs, agents: number): Uint32Array {
  const counts = new Uint32Array(agents)
  for (let pair = 0; pair < pairAgent.length; pair++) counts[pairAgent[pair]]++
  return counts
}

/** For each other agent, how many of this agent's customers they were ever shown. */
export function overlaps(arrays: ExposureArrays, agent: number): Uint32Array {
  const { pairStarts, pairAgent } = arrays
  const counts = new Uint32Array(arrays.agents)
  for (let pair = 0, customer = 0; pair < pairAgent.length; pair++) {
    if (pairAgent[pair] !== agent) continue
    customer = customerOfPair(pairStarts, pair, customer)
    for (let other = pairStarts[customer]; other < pairStarts[customer + 1]; other++) {
      counts[pairAgent[other]]++
    }
  }
  counts[agent] = 0
  return counts
}

/** The customer whose pairs hold `pair`, known to be `least` or later. */
function customerOfPair(pairStarts: Uint32Array, pair: number, least: number): number {
  let low = least
  let high = pairStarts.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (pairStarts[middle + 1] <= pair) low = middle + 1
    else high = middle
  }
  return low
}
