/** The index by brute force: lists of objects and plain scans, written from docs/index.md. */
import type { Evidence } from '../../src/attribution/evidence.ts'
import { mix } from '../../src/index/hash.ts'
import type { DisclosureRows, GroupSizes, LogShape } from '../../src/index/rows.ts'

export interface OracleRow {
  agent: number
  customer: number
  at: number
  /** 0 = not recorded. */
  fields: number
  grounded: boolean | null
  ticket: string
  queue: number
}

export interface OracleLog {
  rows: OracleRow[]
  agents: number
  cells: number[]
  population: boolean
  sizes: GroupSizes
}

export interface OracleReport {
  customer: number
  contactedAtS: number
  lagS: number
  mask: number
  ticket: string
}

interface Placed {
  cell: number
  queue: number
  band: number
  from: number
  until: number
  customer: number
}

const day = (at: number) => Math.floor(at / 86_400)

function burstDays(rows: OracleRow[]): Set<string> {
  const seen = new Map<string, Set<number>>()
  for (const row of rows) {
    if (row.grounded !== null) continue
    const key = `${row.agent} ${day(row.at)}`
    seen.set(key, (seen.get(key) ?? new Set()).add(row.customer))
  }
  const all = [...seen.values()].map((set) => set.size)
  const out = new Set<string>()
  for (const [key, set] of seen) {
    const own = [...seen].filter(([k]) => k.split(' ')[0] === key.split(' ')[0])
    const list = own.length < 5 ? all : own.map(([, s]) => s.size)
    if (set.size > Math.max(50, 4 * median(list))) out.add(key)
  }
  return out
}

function median(list: number[]): number {
  const sorted = [...list].sort((a, b) => a - b)
  const half = sorted.length / 2
  return (sorted[Math.ceil(half) - 1] + sorted[Math.floor(half)]) / 2
}

function contactsOf(log: OracleLog): Map<number, { at: number; queue: number }[]> {
  const bursts = burstDays(log.rows)
  const byContact = new Map<string, OracleRow[]>()
  for (const row of log.rows) {
    if (row.grounded === false) continue
    if (row.grounded === null && bursts.has(`${row.agent} ${day(row.at)}`)) continue
    const what = row.grounded && row.ticket !== '' ? `ticket ${row.ticket}` : `day ${day(row.at)}`
    const key = `${row.customer} ${what}`
    byContact.set(key, [...(byContact.get(key) ?? []), row])
  }
  const out = new Map<number, { at: number; queue: number }[]>()
  for (const rows of byContact.values()) {
    const at = Math.min(...rows.map((row) => row.at))
    const queue = Math.min(...rows.filter((row) => row.at === at).map((row) => row.queue))
    const customer = rows[0].customer
    out.set(customer, [...(out.get(customer) ?? []), { at, queue }])
  }
  for (const list of out.values()) list.sort((a, b) => a.at - b.at || a.queue - b.queue)
  return out
}

/** Every row in order, range by range. */
function rangesOf(log: OracleLog): Placed[][] {
  const contacts = contactsOf(log)
  const placed: Placed[] = []
  for (const [customer, list] of contacts) {
    list.forEach(({ at, queue }, k) => {
      const band = Math.min(4, Math.floor(Math.log2(k + 1)))
      const until = list[k + 1]?.at ?? Infinity
      placed.push({ cell: log.cells[customer], queue, band, from: at, until, customer })
    })
  }
  const count = (cell: number, queue: number) =>
    placed.filter((row) => row.cell === cell && row.queue === queue).length
  const small = placed.filter((row) => count(row.cell, row.queue) < log.sizes.queue)
  for (const row of small) row.queue = Infinity
  placed.sort(
    (a, b) =>
      a.cell - b.cell ||
      (a.queue === b.queue ? 0 : a.queue - b.queue) ||
      a.band - b.band ||
      a.from - b.from ||
      a.customer - b.customer,
  )
  const ranges: Placed[][] = []
  for (const cell of [...new Set(log.cells)].sort((a, b) => a - b)) {
    const mine = placed.filter((row) => row.cell === cell)
    const waiting = waitingIn(log, cell, contacts)
    if (!log.population) {
      ranges.push(...byQueue(interleaved(mine, waiting)))
      continue
    }
    const queues = byQueue(mine)
    if (waiting.length < log.sizes.group / 2) {
      ranges.push(...queues.slice(0, -1), [...(queues.at(-1) ?? []), ...waiting])
    } else ranges.push(...queues, waiting)
  }
  return ranges
}

/** Cut wherever the queue changes; rows without a contact go with the contact they stand before. */
function byQueue(rows: Placed[]): Placed[][] {
  const ranges: Placed[][] = [[]]
  let loose: Placed[] = []
  let queue: number | undefined
  for (const row of rows) {
    if (row.band < 0) {
      loose.push(row)
      continue
    }
    if (queue !== undefined && row.queue !== queue) ranges.push([])
    queue = row.queue
    ranges.at(-1)!.push(...loose, row)
    loose = []
  }
  ranges.at(-1)!.push(...loose)
  return ranges
}

function waitingIn(
  log: OracleLog,
  cell: number,
  contacts: Map<number, { at: number }[]>,
): Placed[] {
  const out: Placed[] = []
  log.cells.forEach((own, customer) => {
    if (own !== cell) return
    const until = contacts.get(customer)?.[0].at ?? Infinity
    const shown = log.rows.filter((row) => row.customer === customer).map((row) => row.at)
    const from = log.population ? 0 : Math.min(...shown)
    if (log.population || from < until)
      out.push({ cell, queue: 0, band: -1, from, until, customer })
  })
  return out.sort((a, b) => mix(a.customer) - mix(b.customer))
}

function interleaved(mine: Placed[], waiting: Placed[]): Placed[] {
  const place = (row: Placed) => Math.floor((mix(row.customer) / 2 ** 32) * mine.length)
  const out: Placed[] = []
  for (let i = 0; i < mine.length; i++) {
    out.push(...waiting.filter((row) => place(row) === i), mine[i])
  }
  return mine.length === 0 ? waiting : out
}

/** The partition of all customers live at `atS`. */
export function groupsAt(log: OracleLog, atS: number): number[][] {
  const groups: number[][] = []
  for (const range of rangesOf(log)) {
    for (const block of cut(range, log.sizes.block)) {
      const live = block.filter((row) => row.from < atS && atS <= row.until)
      for (const group of cut(live, log.sizes.group)) groups.push(group.map((row) => row.customer))
    }
  }
  return groups
}

function cut<T>(list: T[], size: number): T[][] {
  const pieces: T[][] = []
  for (let i = 0; i < list.length; i += size) pieces.push(list.slice(i, i + size))
  const last = pieces.at(-1)
  if (pieces.length > 1 && last && last.length < size / 2) {
    pieces.pop()
    pieces.at(-1)!.push(...last)
  }
  return pieces
}

function agentsShown(rows: OracleRow[], customer: number, beforeS: number, mask: number): number[] {
  const fields = new Map<number, number>()
  for (const row of rows) {
    if (row.customer !== customer || row.at >= beforeS) continue
    fields.set(row.agent, (fields.get(row.agent) ?? 0) | (row.fields || 0xffffffff))
  }
  const agents = [...fields].filter(([, union]) => (mask & ~union) === 0).map(([agent]) => agent)
  return agents.sort((a, b) => a - b)
}

/** Evidence as plain lists, as the oracle gives it. */
export function plain(found: Evidence) {
  const { starts, agents, size, firstContacts } = found.group
  const shown = Array.from({ length: starts.length - 1 }, (_, i) => [
    ...agents.slice(starts[i], starts[i + 1]),
  ])
  return {
    hits: [...found.hits],
    ungrounded: [...found.ungrounded],
    ghost: found.ghost,
    firstContact: found.firstContact,
    size,
    shown,
    firstContacts: [...firstContacts],
  }
}

/** The same shape as `plain` gives; the members shown to somebody in group order. */
export function oracleEvidence(log: OracleLog, report: OracleReport, reported: Set<number>) {
  const beforeS = report.contactedAtS - report.lagS
  const own = log.rows.filter(
    (row) =>
      row.customer === report.customer && (report.ticket === '' || row.ticket !== report.ticket),
  )
  const hits = agentsShown(own, report.customer, beforeS, report.mask)
  const explained = (agent: number) =>
    own.some((row) => row.agent === agent && row.at < beforeS && row.grounded !== false)
  const group = groupsAt(log, beforeS).find((g) => g.includes(report.customer)) ?? []
  const members = group.filter((c) => c !== report.customer && !reported.has(c))
  const contacts = contactsOf(log)
  const firsts = members.flatMap((c) => contacts.get(c)?.[0].at ?? [])
  return {
    hits,
    ungrounded: hits.map((agent) => (explained(agent) ? 0 : 1)),
    ghost: !own.some((row) => row.at < report.contactedAtS),
    firstContact: contacts.get(report.customer)?.[0].at ?? null,
    size: members.length,
    shown: members
      .map((c) => agentsShown(log.rows, c, beforeS, report.mask))
      .filter((agents) => agents.length > 0),
    firstContacts: firsts.sort((a, b) => a - b),
  }
}

/** The log as columns, in the order given; tickets coded by their order of appearance. */
export function columnsOf(log: OracleLog): { rows: DisclosureRows; shape: LogShape } {
  const { rows } = log
  const tickets = [...new Set(rows.map((row) => row.ticket).filter((ticket) => ticket !== ''))]
  const grounded = rows.map(({ grounded: g }) => (g === null ? 2 : g ? 1 : 0))
  return {
    rows: {
      agent: Uint16Array.from(rows.map((row) => row.agent)),
      customer: Uint32Array.from(rows.map((row) => row.customer)),
      at: Uint32Array.from(rows.map((row) => row.at)),
      fields: Uint32Array.from(rows.map((row) => row.fields)),
      grounded: Uint8Array.from(grounded),
      ticket: Uint32Array.from(rows.map((row) => tickets.indexOf(row.ticket) + 1)),
      queue: Uint16Array.from(rows.map((row) => row.queue)),
    },
    shape: {
      agents: log.agents,
      customers: log.cells.length,
      cell: Uint16Array.from(log.cells),
      everyCustomer: log.population,
      sizes: log.sizes,
    },
  }
}
