/** The rows of the access log, a day at a time, in columns. */
import { DAY_S, START_S } from './scales.ts'

/** Field names by bit. */
export const FIELDS = [
  'name',
  'email',
  'phone',
  'address',
  'ticket',
  'product',
  'notes',
  'payment',
] as const
export type FieldName = (typeof FIELDS)[number]
export const PURPOSES = ['none', 'ticket', 'call', 'grant'] as const
export const GRADES = ['none', 'self', 'colleague', 'routed', 'customer'] as const
export const PATHS = ['desk', 'api'] as const
/** Grades from here up are grounded outside the agent's own word. */
export const GROUNDED_FROM = GRADES.indexOf('colleague')
export const NO_QUEUE = 255

export function maskOf(...names: FieldName[]): number {
  return names.reduce((mask, name) => mask | (1 << FIELDS.indexOf(name)), 0)
}

export function namesOf(mask: number): FieldName[] {
  return FIELDS.filter((_, bit) => mask & (1 << bit))
}

/** Why the agent was shown the record: indexes into PURPOSES and GRADES; ticket 0 for none. */
export interface Why {
  readonly purpose: number
  readonly grade: number
  readonly ticket: number
  readonly queue: number
}

export function why(
  purpose: (typeof PURPOSES)[number],
  grade: (typeof GRADES)[number],
  ticket = 0,
  queue = NO_QUEUE,
): Why {
  return { purpose: PURPOSES.indexOf(purpose), grade: GRADES.indexOf(grade), ticket, queue }
}

/** Columns of one day's rows; the first `count` of each are valid. Times are epoch seconds. */
export interface Rows {
  count: number
  agent: Uint16Array
  customer: Uint32Array
  at: Uint32Array
  ticket: Uint32Array
  fields: Uint8Array
  purpose: Uint8Array
  grade: Uint8Array
  path: Uint8Array
  queue: Uint8Array
}

export function emptyRows(capacity: number): Rows {
  return {
    count: 0,
    agent: new Uint16Array(capacity),
    customer: new Uint32Array(capacity),
    at: new Uint32Array(capacity),
    ticket: new Uint32Array(capacity),
    fields: new Uint8Array(capacity),
    purpose: new Uint8Array(capacity),
    grade: new Uint8Array(capacity),
    path: new Uint8Array(capacity),
    queue: new Uint8Array(capacity),
  }
}

const COLUMNS = [
  'agent',
  'customer',
  'at',
  'ticket',
  'fields',
  'purpose',
  'grade',
  'path',
  'queue',
] as const

export interface Log {
  show(
    agent: number,
    customer: number,
    atS: number,
    fields: number,
    because: Why,
    path?: number,
  ): void
  /** All accesses of the day so far, in no order, logged or not. */
  readonly today: Rows
  /** Ends the day: its logged rows in order of time. Rows made for the next day wait for it. */
  endDay(): Rows
}

/** `logged` says whether an access reaches the log at all. */
export function openLog(logged: (agent: number, customer: number) => boolean): Log {
  let today = emptyRows(1024)
  let tomorrow = emptyRows(256)
  let dayEndS = START_S + DAY_S
  return {
    get today() {
      return today
    },
    show(agent, customer, atS, fields, because, path = 0) {
      const rows = atS < dayEndS ? today : tomorrow
      const i = rows.count++
      if (i === rows.at.length) grow(rows)
      rows.agent[i] = agent
      rows.customer[i] = customer
      rows.at[i] = atS
      rows.ticket[i] = because.ticket
      rows.fields[i] = fields
      rows.purpose[i] = because.purpose
      rows.grade[i] = because.grade
      rows.path[i] = path
      rows.queue[i] = because.queue
    },
    endDay() {
      const done = sortedByTime(today, dayEndS - DAY_S, logged)
      today = tomorrow
      tomorrow = emptyRows(256)
      dayEndS += DAY_S
      return done
    },
  }
}

export function appendRows(to: Rows, from: Rows): void {
  const total = to.count + from.count
  while (to.at.length < total) grow(to)
  for (const column of COLUMNS) to[column].set(from[column].subarray(0, from.count), to.count)
  to.count = total
}

function grow(rows: Rows): void {
  const bigger = emptyRows(rows.at.length * 2)
  for (const column of COLUMNS) {
    bigger[column].set(rows[column])
    Object.assign(rows, { [column]: bigger[column] })
  }
}

/** Stable: rows of one second stay in the order in which they were made. */
function sortedByTime(
  rows: Rows,
  dayStartS: number,
  logged: (agent: number, customer: number) => boolean,
): Rows {
  const order = new Float64Array(rows.count)
  let count = 0
  for (let i = 0; i < rows.count; i++) {
    if (!logged(rows.agent[i], rows.customer[i])) continue
    order[count++] = (rows.at[i] - dayStartS) * 2 ** 32 + i
  }
  order.subarray(0, count).sort()
  const sorted = emptyRows(count)
  sorted.count = count
  for (const column of COLUMNS) {
    const [from, to] = [rows[column], sorted[column]]
    for (let i = 0; i < count; i++) to[i] = from[order[i] % 2 ** 32]
  }
  return sorted
}
