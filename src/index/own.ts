/** A reported customer's exposures other than by handling the report itself. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { type Pairs, pairsBuilder } from './pairs.ts'
import { GROUNDED } from './rows.ts'
import { queryRows } from './sql.ts'

/** Pairs of one customer (as customer 0), by `ownKey`. */
export type OwnPairs = Map<string, Pairs>

export interface TicketedReport {
  readonly customer: number
  readonly ticket: string
}

export function ownKey({ customer, ticket }: TicketedReport): string {
  return `${customer} ${ticket}`
}

/** Adds to `known` the pairs of each report's customer without the report's ticket. */
export async function prepareOwn(
  db: DuckDBConnection,
  agents: number,
  reports: readonly TicketedReport[],
  known: OwnPairs,
): Promise<void> {
  const wanted = reports.filter((report) => !known.has(ownKey(report)))
  if (wanted.length === 0) return
  const customers = [...new Set(wanted.map((report) => report.customer))]
  const disclosures = await queryRows(
    db,
    `SELECT customer, agent, "at", fields, grounded, trim(ticket) AS ticket FROM disclosure
     WHERE customer IN (${customers.join(', ')}) AND fields IS NOT NULL ORDER BY customer, agent, "at"`,
  )
  const byCustomer = new Map<number, Record<string, unknown>[]>()
  for (const customer of customers) byCustomer.set(customer, [])
  for (const row of disclosures) byCustomer.get(Number(row.customer))!.push(row)
  for (const report of wanted) {
    const mine = byCustomer.get(report.customer)!
    const others = mine.filter((row) => row.ticket !== report.ticket)
    known.set(ownKey(report), pairsOf(agents, others))
  }
}

function pairsOf(agents: number, disclosures: Record<string, unknown>[]): Pairs {
  const builder = pairsBuilder(agents, 1, disclosures.length, true)
  const column = (name: string) => Uint32Array.from(disclosures, (row) => Number(row[name]))
  const grounded = disclosures.map((row) =>
    row.grounded === null ? GROUNDED.unknown : row.grounded ? GROUNDED.yes : GROUNDED.no,
  )
  const rows = {
    agent: column('agent'),
    customer: new Uint32Array(disclosures.length),
    at: column('at'),
    fields: column('fields'),
    grounded: Uint8Array.from(grounded),
  }
  if (disclosures.length > 0) builder.add(rows, 0, disclosures.length)
  return builder.finish()
}
