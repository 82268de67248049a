/** Disclosures as typed columns: what the arrays are built from, without names or text. */

import {
  COMPARISON_CHUNK_CONTACTS,
  COMPARISON_GROUP_SIZE,
  QUEUE_CONTACTS_MIN,
} from '../base/limits.ts'

/** No time: a contact that never comes, a customer never seen. */
export const NEVER = 0xffffffff

/** Every field: what a disclosure without recorded fields counts as. */
export const ALL_FIELDS = 0xffffffff

/** Values of the `grounded` column. Unknown: the file knows no purposes. */
export const GROUNDED = { no: 0, yes: 1, unknown: 2 } as const

export type Ids = Uint16Array | Uint32Array

/**
 * One disclosure a row. Times are epoch seconds. Absent columns: `fields` not recorded, `grounded`
 * unknown, no tickets, no queues.
 */
export interface DisclosureRows {
  readonly agent: Ids
  readonly customer: Uint32Array
  readonly at: Uint32Array
  /** Bit mask; 0 = not recorded, counts as all fields. */
  readonly fields?: Uint32Array
  /** 1: all was masked, so that the disclosure is a contact and no exposure. Absent: none was. */
  readonly masked?: Uint8Array
  readonly grounded?: Uint8Array
  /** Any numbers that tell the tickets of one customer apart; 0 = none. */
  readonly ticket?: Uint32Array | Float64Array
  /** Queue codes; 0 = none. */
  readonly queue?: Ids
}

/** What the log is about, by dense ids. */
export interface LogShape {
  readonly agents: number
  readonly customers: number
  /** Per customer, the code of (segment, region): comparisons never cross it. Absent: one cell. */
  readonly cell?: Ids
  /** A population is known, so that customers whom nobody was ever shown exist too. */
  readonly everyCustomer: boolean
  /** Absent: the limits of `base/limits.ts`. */
  readonly sizes?: GroupSizes
}

/** How comparison groups are cut: customers in a group, rows in a block, contacts that let a queue
 * stand alone. */
export interface GroupSizes {
  readonly group: number
  readonly block: number
  readonly queue: number
}

export const USUAL_SIZES: GroupSizes = {
  group: COMPARISON_GROUP_SIZE,
  block: COMPARISON_CHUNK_CONTACTS,
  queue: QUEUE_CONTACTS_MIN,
}

/** Columns of the narrowest kind that holds codes below `count`. */
export function idsFor(count: number, length: number): Ids {
  return count <= 0x10000 ? new Uint16Array(length) : new Uint32Array(length)
}

/**
 * A stable order of rows by an unsigned 32-bit key, in two passes of 16 bits. `order` holds the
 * rows in their present order and is left unspecified; the result is a new or reused array.
 */
export function radixOrder(order: Uint32Array, key: ArrayLike<number>): Uint32Array {
  let from = order
  let to: Uint32Array = new Uint32Array(order.length)
  for (const shift of [0, 16]) {
    if (shift === 16 && key instanceof Uint16Array) break
    const counts = new Uint32Array(0x10001)
    for (let i = 0; i < from.length; i++) counts[((key[from[i]] >>> shift) & 0xffff) + 1]++
    for (let i = 1; i <= 0x10000; i++) counts[i] += counts[i - 1]
    for (let i = 0; i < from.length; i++) to[counts[(key[from[i]] >>> shift) & 0xffff]++] = from[i]
    ;[from, to] = [to, from]
  }
  return from
}

export function identity(length: number): Uint32Array {
  const order = new Uint32Array(length)
  for (let i = 0; i < length; i++) order[i] = i
  return order
}

/** The rows ordered by customer, agent, time: as they are if they stand so already. */
export function sortedRows(rows: DisclosureRows): DisclosureRows {
  if (isSorted(rows)) return rows
  let order = radixOrder(identity(rows.customer.length), rows.at)
  order = radixOrder(order, rows.agent)
  order = radixOrder(order, rows.customer)
  return takeRows(rows, order)
}

/** The rows at `picked`, in that order. */
export function takeRows(rows: DisclosureRows, picked: Uint32Array): DisclosureRows {
  const { agent, customer, at, fields, masked, grounded, ticket, queue } = rows
  return {
    agent: take(agent, picked),
    customer: take(customer, picked),
    at: take(at, picked),
    ...(fields && { fields: take(fields, picked) }),
    ...(masked && { masked: take(masked, picked) }),
    ...(grounded && { grounded: take(grounded, picked) }),
    ...(ticket && { ticket: take(ticket, picked) }),
    ...(queue && { queue: take(queue, picked) }),
  }
}

function take<T extends Uint8Array | Ids | Float64Array>(column: T, picked: Uint32Array): T {
  const Column = column.constructor as new (length: number) => T
  const out = new Column(picked.length)
  for (let i = 0; i < picked.length; i++) out[i] = column[picked[i]]
  return out
}

function isSorted({ agent, customer, at }: DisclosureRows): boolean {
  for (let i = 1; i < customer.length; i++) {
    const step = customer[i] - customer[i - 1] || agent[i] - agent[i - 1] || at[i] - at[i - 1]
    if (step < 0) return false
  }
  return true
}
