/** A graph as the scenarios use it: the index's arrays, whom each agent was first shown when, and the
 * pace of the log. */

import type { Random } from '../../simulate/random.ts'
import { type ExposureArrays, exposureArraysFromRows } from '../../src/index/arrays.ts'
import type { Graph } from './graph.ts'

/** Customers by the time from which they can be reported because of a source. */
export interface Pool {
  readonly customers: Uint32Array
  readonly fromS: Uint32Array
}

export interface World {
  readonly graph: Graph
  readonly arrays: ExposureArrays
  /** Times of all disclosures, ascending: the pace of the log. */
  readonly clock: Uint32Array
  /** Per customer, contacts of theirs and all before. */
  readonly contactsUpTo: Float64Array
}

export function worldOf(graph: Graph, clock: Uint32Array = graph.rows.at.slice().sort()): World {
  const arrays = exposureArraysFromRows(graph.rows, graph.shape)
  const contactsUpTo = new Float64Array(graph.shape.customers)
  let sum = 0
  for (let c = 0; c < contactsUpTo.length; c++) {
    sum += arrays.customerRowStarts[c + 1] - arrays.customerRowStarts[c]
    contactsUpTo[c] = sum
  }
  return { graph, arrays, clock, contactsUpTo }
}

/** The time by which this share of the log's disclosures have happened. */
export function timeAt({ clock }: World, share: number): number {
  return clock[Math.min(clock.length - 1, Math.floor(share * clock.length))] + 1
}

/** Whom an agent was shown, by time of the first showing; `keep` picks among their rows. */
export function poolOf({ rows }: Graph, agent: number, keep: (row: number) => boolean): Pool {
  const first = new Map<number, number>()
  for (let i = 0; i < rows.agent.length; i++) {
    if (rows.agent[i] !== agent || !keep(i)) continue
    const known = first.get(rows.customer[i])
    if (known === undefined || rows.at[i] < known) first.set(rows.customer[i], rows.at[i])
  }
  return poolFrom([...first])
}

export function poolFrom(customerAndTime: [number, number][]): Pool {
  const sorted = customerAndTime.sort((a, b) => a[1] - b[1] || a[0] - b[0])
  return {
    customers: Uint32Array.from(sorted, ([customer]) => customer),
    fromS: Uint32Array.from(sorted, ([, at]) => at),
  }
}

/** How many of the pool can be reported at `atS`. */
export function availableAt({ fromS }: Pool, atS: number): number {
  let low = 0
  let high = fromS.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (fromS[middle] < atS) low = middle + 1
    else high = middle
  }
  return low
}

/** Any customer of the log; `favoured`: in proportion to their contacts. */
export function anyCustomer({ contactsUpTo }: World, random: Random, favoured: boolean): number {
  const customers = contactsUpTo.length
  if (!favoured) return random.below(customers)
  const aim = random.unit() * contactsUpTo[customers - 1]
  let low = 0
  let high = customers - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (contactsUpTo[middle] <= aim) low = middle + 1
    else high = middle
  }
  return low
}
