/** Contacts: when customers dealt with the organisation, found from the disclosures. */
import { agentDay, type Bursts, DAY_S } from './bursts.ts'
import { type DisclosureRows, GROUNDED, NEVER } from './rows.ts'

/** The last activity band: customers with 16 contacts or more are alike enough. */
export const BAND_MAX = 4

/** Contacts in customer order and, within a customer, by time. `until` is the customer's next. */
export interface Contacts {
  readonly customer: Uint32Array
  readonly from: Uint32Array
  readonly until: Uint32Array
  readonly queue: Uint32Array
  /** min(4, floor(log2 k)) for the customer's k-th contact. */
  readonly band: Uint8Array
}

export interface ContactsBuilder {
  /** Adds rows [from, to), all of one customer; customers come in order. */
  add(rows: DisclosureRows, from: number, to: number): void
  finish(): Contacts
}

function bandOf(ordinal: number): number {
  return Math.min(BAND_MAX, 31 - Math.clz32(ordinal))
}

/** `capacity` bounds the rows to come; memory of the unused rest is never touched. */
export function contactsBuilder(capacity: number, bursts: Bursts): ContactsBuilder {
  const customer = new Uint32Array(capacity)
  const from = new Uint32Array(capacity)
  const until = new Uint32Array(capacity)
  const queue = new Uint32Array(capacity)
  const band = new Uint8Array(capacity)
  const found: Found = { list: [], byKey: new Map() }
  let count = 0

  function add(rows: DisclosureRows, first: number, end: number): void {
    found.list.length = 0
    if (found.byKey.size > 0) found.byKey.clear()
    for (let i = first; i < end; i++) {
      const key = contactKey(rows, i, bursts)
      if (key !== null) merge(found, key, rows.at[i], rows.queue ? rows.queue[i] : 0)
    }
    const list = found.list
    if (list.length > 1) list.sort(byTime)
    for (let k = 0; k < list.length; k++) {
      customer[count] = rows.customer[first]
      from[count] = list[k].at
      until[count] = k + 1 < list.length ? list[k + 1].at : NEVER
      queue[count] = list[k].queue
      band[count] = bandOf(k + 1)
      count++
    }
  }
  function finish(): Contacts {
    return {
      customer: customer.subarray(0, count),
      from: from.subarray(0, count),
      until: until.subarray(0, count),
      queue: queue.subarray(0, count),
      band: band.subarray(0, count),
    }
  }
  return { add, finish }
}

interface Candidate {
  readonly key: number
  at: number
  queue: number
}

/** The contacts of one customer found so far; those beyond the first few also by key. */
interface Found {
  readonly list: Candidate[]
  readonly byKey: Map<number, Candidate>
}

/** Few enough contacts to look through one by one, which nearly all customers have. */
const SCAN_MAX = 16

/** The contact that a disclosure belongs to (tickets positive, days negative), or null. */
function contactKey(rows: DisclosureRows, i: number, bursts: Bursts): number | null {
  const grounded = rows.grounded ? rows.grounded[i] : GROUNDED.unknown
  if (grounded === GROUNDED.no) return null
  const at = rows.at[i]
  if (grounded === GROUNDED.unknown) {
    if (bursts.size > 0 && bursts.has(agentDay(rows.agent[i], at))) return null
  } else if (rows.ticket && rows.ticket[i] !== 0) {
    return rows.ticket[i]
  }
  return -1 - Math.floor(at / DAY_S)
}

/** Keeps the earliest disclosure of each contact; of those, the lowest queue. */
function merge(found: Found, key: number, at: number, queue: number): void {
  const known = find(found, key)
  if (known === undefined) {
    const candidate = { key, at, queue }
    found.list.push(candidate)
    if (found.list.length > SCAN_MAX) found.byKey.set(key, candidate)
  } else if (at < known.at || (at === known.at && queue < known.queue)) {
    known.at = at
    known.queue = queue
  }
}

function find(found: Found, key: number): Candidate | undefined {
  for (let k = 0; k < Math.min(found.list.length, SCAN_MAX); k++) {
    if (found.list[k].key === key) return found.list[k]
  }
  return found.list.length > SCAN_MAX ? found.byKey.get(key) : undefined
}

function byTime(a: Candidate, b: Candidate): number {
  return a.at - b.at || a.queue - b.queue
}
