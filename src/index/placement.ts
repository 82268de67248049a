/** Rows: where each contact stands, so that customers fairly compared stand together. */
import { BAND_MAX, type Contacts } from './contacts.ts'
import { mix, unmix } from './hash.ts'
import {
  type GroupSizes,
  type Ids,
  identity,
  type LogShape,
  NEVER,
  radixOrder,
  USUAL_SIZES,
} from './rows.ts'

/**
 * A row is live at T when `rowFrom < T <= rowUntil`. Blocks never cross a range: range i holds rows
 * `rangeStarts[i] .. rangeStarts[i + 1]`. Rows of customer c are
 * `customerRows[customerRowStarts[c] .. customerRowStarts[c + 1])`, in no order.
 */
export interface Rows {
  readonly rowCustomer: Uint32Array
  readonly rowFrom: Uint32Array
  readonly rowUntil: Uint32Array
  readonly rangeStarts: Uint32Array
  readonly sizes: GroupSizes
  readonly customerRowStarts: Uint32Array
  readonly customerRows: Uint32Array
  /** Per customer, the first contact or NEVER. */
  readonly firstContact: Uint32Array
}

/** `firstShown` is each customer's first exposure of any kind, or NEVER. */
export function placeRows(shape: LogShape, contacts: Contacts, firstShown: Uint32Array): Rows {
  const cells = cellCodes(shape)
  const sizes = shape.sizes ?? USUAL_SIZES
  const firstContact = firstContacts(shape.customers, contacts)
  const waiting = waitingByCell(shape, cells, firstContact, firstShown)
  const { order, queueClass } = orderContacts(contacts, cells, sizes.queue)
  const rows = orderedRows(contacts.customer.length + waiting.customers.length)
  const ranges: number[] = [0]
  let next = 0
  for (let cell = 0; cell < waiting.cells; cell++) {
    const extra = waiting.customers.subarray(waiting.starts[cell], waiting.starts[cell + 1])
    const begin = next
    while (next < order.length && cells[contacts.customer[order[next]]] === cell) next++
    const mine = order.subarray(begin, next)
    const startsQueue = (i: number) => i > 0 && queueClass[mine[i]] !== queueClass[mine[i - 1]]
    if (shape.everyCustomer) {
      for (let i = 0; i < mine.length; i++) {
        if (startsQueue(i)) ranges.push(rows.length())
        rows.addContact(contacts, mine[i])
      }
      if (extra.length >= sizes.group / 2) ranges.push(rows.length())
      for (const customer of extra) rows.addWaiting(customer, null, firstContact)
    } else {
      const places = laidAmong(mine.length)
      for (let i = 0, next = 0; i < mine.length || next < extra.length; i++) {
        if (i < mine.length && startsQueue(i)) ranges.push(rows.length())
        while (next < extra.length && (i >= mine.length || places(extra[next]) <= i)) {
          rows.addWaiting(extra[next++], firstShown, firstContact)
        }
        if (i < mine.length) rows.addContact(contacts, mine[i])
      }
    }
    ranges.push(rows.length())
  }
  const rangeStarts = Uint32Array.from(ranges)
  return {
    ...rows.finish(),
    rangeStarts,
    sizes,
    ...rowsByCustomer(shape.customers, rows),
    firstContact,
  }
}

function cellCodes(shape: LogShape): Ids {
  return shape.cell ?? new Uint16Array(shape.customers)
}

function firstContacts(customers: number, contacts: Contacts): Uint32Array {
  const first = new Uint32Array(customers).fill(NEVER)
  for (let i = contacts.customer.length - 1; i >= 0; i--) {
    first[contacts.customer[i]] = contacts.from[i]
  }
  return first
}

/** Contacts by cell, queue, band, time, customer, and the class of each contact's queue; queues too
 * small to stand alone go together. */
function orderContacts(contacts: Contacts, cells: Ids, alone: number) {
  const classes = queueClasses(contacts, cells, alone)
  const queueClass = new Uint32Array(contacts.customer.length)
  const groups = new Uint32Array(contacts.customer.length)
  for (let i = 0; i < groups.length; i++) {
    queueClass[i] = classes.get(queueKey(cells[contacts.customer[i]], contacts.queue[i]))!
    groups[i] = queueClass[i] * (BAND_MAX + 1) + contacts.band[i]
  }
  // Contacts come in customer order and both sorts are stable: equal times stay in that order.
  const order = radixOrder(radixOrder(identity(groups.length), contacts.from), groups)
  return { order, queueClass }
}

/** For each (cell, queue) its class: dense, by cell, then queue, the small ones' class last. */
function queueClasses(contacts: Contacts, cells: Ids, alone: number): Map<number, number> {
  const sizes = new Map<number, number>()
  for (let i = 0; i < contacts.customer.length; i++) {
    const key = queueKey(cells[contacts.customer[i]], contacts.queue[i])
    sizes.set(key, (sizes.get(key) ?? 0) + 1)
  }
  const byCell = new Map<number, number[]>()
  for (const key of [...sizes.keys()].sort((a, b) => a - b)) {
    const cell = Math.floor(key / QUEUES_MAX)
    const keys = byCell.get(cell)
    if (keys) keys.push(key)
    else byCell.set(cell, [key])
  }
  const classes = new Map<number, number>()
  let next = 0
  for (const keys of byCell.values()) {
    for (const key of keys) if (sizes.get(key)! >= alone) classes.set(key, next++)
    for (const key of keys) if (sizes.get(key)! < alone) classes.set(key, next)
    next++
  }
  return classes
}

const QUEUES_MAX = 2 ** 21

function queueKey(cell: number, queue: number): number {
  return cell * QUEUES_MAX + queue
}

/** Customers with a row before any contact, by cell, in hash order within each. */
interface Waiting {
  readonly cells: number
  readonly starts: Uint32Array
  readonly customers: Uint32Array
}

function waitingByCell(
  shape: LogShape,
  cells: Ids,
  firstContact: Uint32Array,
  firstShown: Uint32Array,
): Waiting {
  let count = 0
  for (let cell = 0; cell < cells.length; cell++) count = Math.max(count, cells[cell] + 1)
  const waits = (c: number) => shape.everyCustomer || firstShown[c] < firstContact[c]
  const starts = new Uint32Array(count + 1)
  for (let c = 0; c < shape.customers; c++) if (waits(c)) starts[cells[c] + 1]++
  for (let cell = 0; cell < count; cell++) starts[cell + 1] += starts[cell]
  const next = starts.slice()
  const customers = new Uint32Array(starts[count])
  for (let c = 0; c < shape.customers; c++) if (waits(c)) customers[next[cells[c]]++] = mix(c)
  for (let cell = 0; cell < count; cell++) customers.subarray(starts[cell], starts[cell + 1]).sort()
  for (let i = 0; i < customers.length; i++) customers[i] = unmix(customers[i])
  return { cells: count, starts, customers }
}

type OrderedRows = ReturnType<typeof orderedRows>

function orderedRows(capacity: number) {
  const rowCustomer = new Uint32Array(capacity)
  const rowFrom = new Uint32Array(capacity)
  const rowUntil = new Uint32Array(capacity)
  let count = 0
  return {
    length: () => count,
    addContact(contacts: Contacts, contact: number): void {
      rowCustomer[count] = contacts.customer[contact]
      rowFrom[count] = contacts.from[contact]
      rowUntil[count++] = contacts.until[contact]
    },
    /** A row up to the first contact, from `firstShown` on, or from the beginning. */
    addWaiting(customer: number, firstShown: Uint32Array | null, firstContact: Uint32Array): void {
      rowCustomer[count] = customer
      rowFrom[count] = firstShown ? firstShown[customer] : 0
      rowUntil[count++] = firstContact[customer]
    },
    finish: () => ({ rowCustomer, rowFrom, rowUntil }),
  }
}

/** Where customers without a contact are laid among `contacts` contacts: by their hash. */
function laidAmong(contacts: number): (customer: number) => number {
  return (customer) => Math.floor((mix(customer) / 2 ** 32) * contacts)
}

function rowsByCustomer(customers: number, rows: OrderedRows) {
  const { rowCustomer } = rows.finish()
  const customerRowStarts = new Uint32Array(customers + 1)
  for (let row = 0; row < rowCustomer.length; row++) customerRowStarts[rowCustomer[row] + 1]++
  for (let c = 0; c < customers; c++) customerRowStarts[c + 1] += customerRowStarts[c]
  const next = customerRowStarts.slice(0, customers)
  const customerRows = new Uint32Array(rowCustomer.length)
  for (let row = 0; row < rowCustomer.length; row++) customerRows[next[rowCustomer[row]]++] = row
  return { customerRowStarts, customerRows }
}
