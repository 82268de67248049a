/** Budgets of distinct customers, counted and charged in one atomic step: docs/desk.md, "Budgets". */
import { type Kysely, sql } from 'kysely'
import { BUDGET_WINDOWS_MS } from '../base/desk-limits.ts'
import type { BudgetPort } from '../disclosure/ports.ts'
import { countedBy } from './counted-by.ts'
import type { Tables } from './tables.ts'

interface CountsRow {
  readonly in_hour: number
  readonly in_day: number
  readonly in_week: number
}

interface ChargeRow extends CountsRow {
  readonly over: 'hour' | 'day' | 'week' | null
}

/**
 * Charges agents for customers, all accounts of a person together. A customer already counted in a window
 * counts once there, and stays for the whole window from now; whatever the order, number and clocks of
 * parallel charges, no window ever holds more than its limit. `charge` must not be called within a transaction: the lock that makes it
 * exact is held to its end. Both throw STORE_UNAVAILABLE; then nothing was charged, or, where the answer
 * was lost, all of it.
 */
export function budgetStore(db: Kysely<Tables>): Pick<BudgetPort, 'charge' | 'used'> {
  const { hour, day, week } = BUDGET_WINDOWS_MS
  return {
    charge: async ({ agent, customers, atMs, limits }) => {
      const { rows } = await sql<ChargeRow>`
        select * from telltale.charge(${countedBy(agent)}, ${customers}, ${atMs}, ${hour}, ${day}, ${week},
          ${limits.hour}, ${limits.day}, ${limits.week})`.execute(db)
      const [row] = rows
      return { ok: row.over === null, used: countsOf(row), over: row.over }
    },
    used: async (agent, atMs) => {
      const { rows } = await sql<CountsRow>`
        select * from telltale.used_customers(${countedBy(agent)}, ${atMs}, ${hour}, ${day}, ${week}, '{}')
      `.execute(db)
      return countsOf(rows[0])
    },
  }
}

function countsOf({ in_hour, in_day, in_week }: CountsRow) {
  return { hour: in_hour, day: in_day, week: in_week }
}
