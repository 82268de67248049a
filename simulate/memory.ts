/** A world without files, for the benchmark's access graphs. */
import { appendRows, emptyRows, GROUNDED_FROM } from './accesses.ts'
import type { ScaleName } from './scales.ts'
import { makeWorld } from './world.ts'

/** The accesses of a world in which nobody leaked and nobody reported. */
export interface WorldAccesses {
  readonly agents: string[]
  readonly customers: string[]
  readonly queues: string[]
  /** Name of each cell: the customer's segment and region, such as `consumer us`. */
  readonly cells: string[]
  /** Distinct from service accounts, by agent: whether a person. */
  readonly isPerson: Uint8Array
  /** In order of time. */
  readonly rows: {
    readonly count: number
    readonly agent: Uint16Array
    readonly customer: Uint32Array
    /** Epoch seconds. */
    readonly at: Uint32Array
    /** Ticket number, 0 where there was none. */
    readonly ticketId: Uint32Array
    /** 1 where the purpose is grounded outside the agent's own word. */
    readonly grounded: Uint8Array
    /** Index into `queues`, 255 where there was no ticket. */
    readonly queue: Uint8Array
    /** Index into `cells`, of the row's customer. */
    readonly cell: Uint8Array
  }
}

/** The accesses of a simulated world without a leak, as arrays; the benchmark plants its own leaks. */
export function worldAccesses(seed: number, scale: ScaleName = 'bench'): WorldAccesses {
  const world = makeWorld({ seed, scale, leak: 'none', noise: 0, missing: 0, reports: 0 })
  const { customers, agents, queues } = world.org
  const all = emptyRows(65_536)
  for (const day of world.days()) appendRows(all, day)
  const until = all.count
  const customer = all.customer.slice(0, until)
  return {
    agents: agents.map((a) => a.name),
    customers: Array.from({ length: customers.count }, (_, c) => customers.key(c)),
    queues: queues.map((q) => q.name),
    cells: customers.groups.map((g) => `${g.segment} ${customers.regions[g.region].name}`),
    isPerson: Uint8Array.from(agents, (a) => (a.kind === 'person' ? 1 : 0)),
    rows: {
      count: until,
      agent: all.agent.slice(0, until),
      customer,
      at: all.at.slice(0, until),
      ticketId: all.ticket.slice(0, until),
      grounded: Uint8Array.from(all.grade.subarray(0, until), (g) => (g >= GROUNDED_FROM ? 1 : 0)),
      queue: all.queue.slice(0, until),
      cell: Uint8Array.from(customer, (c) => customers.group[c]),
    },
  }
}
