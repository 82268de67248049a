/** The simulated organisation as an access graph; here nothing is hidden from the index: purposes and
 * the population are known. */
import { worldAccesses } from '../../simulate/memory.ts'
import { GROUNDED, sortedRows } from '../../src/index/rows.ts'
import type { Graph } from './graph.ts'

export function simulatedGraph(seed: number): Graph {
  const { agents, customers, rows, isPerson } = worldAccesses(seed)
  const cell = new Uint16Array(customers.length)
  rows.customer.forEach((customer, i) => {
    cell[customer] = rows.cell[i]
  })
  return {
    name: 'simulated',
    rows: sortedRows({
      agent: rows.agent,
      customer: rows.customer,
      at: rows.at,
      grounded: rows.grounded.map((g) => (g ? GROUNDED.yes : GROUNDED.no)),
      ticket: rows.ticketId,
      queue: Uint16Array.from(rows.queue, (q) => (q === 255 ? 0 : q + 1)),
    }),
    shape: { agents: agents.length, customers: customers.length, cell, everyCustomer: true },
    leakerMin: 30,
    isPerson,
  }
}
