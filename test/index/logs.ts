/** Random small logs with everything a log can have. */
import fc from 'fast-check'
import type { OracleLog, OracleReport, OracleRow } from './oracle.ts'

const DAY_S = 86_400

export interface Setting {
  log: OracleLog
  reports: OracleReport[]
}

/** What the log's files know: `none` no purposes, `all` purposes, `some` a mixture. */
export type Purposes = 'none' | 'all' | 'some'

function rowOf(customers: number, purposes: Purposes): fc.Arbitrary<OracleRow> {
  const grounded =
    purposes === 'none'
      ? fc.constant(null)
      : fc.constantFrom(...(purposes === 'all' ? [true, false] : [true, false, null]))
  return fc.record({
    agent: fc.nat(4),
    customer: fc.nat(customers - 1),
    at: fc.integer({ min: 1, max: 6 * DAY_S }).map((s) => s - (s % 3600) + 1),
    fields: fc.constantFrom(0, 1, 2, 3, 4, 0x80000000),
    grounded,
    ticket: fc.constantFrom('', 't1', 't2', 't3'),
    queue: fc.nat(2),
  })
}

/** One agent sees very many customers on one day. */
function burst(customers: number, purposes: Purposes): fc.Arbitrary<OracleRow[]> {
  const row = { agent: 5, fields: 0, ticket: '', queue: 0 }
  return fc.record({ day: fc.nat(5), size: fc.constantFrom(49, 50, 51, 70) }).map(({ day, size }) =>
    Array.from({ length: Math.min(size, customers) }, (_, i) => ({
      ...row,
      customer: (i * 7) % customers,
      at: day * DAY_S + i + 1,
      grounded: purposes === 'all' ? false : null,
    })),
  )
}

/** Half of the reports are about a disclosure of the log, at its very time or just after. */
interface Draft extends OracleReport {
  readonly about: { readonly row: number; readonly afterS: number } | null
}

const reportOf = (customers: number): fc.Arbitrary<Draft> =>
  fc.record({
    customer: fc.nat(customers - 1),
    contactedAtS: fc.integer({ min: -10, max: 8 * DAY_S }),
    lagS: fc.constantFrom(0, 0, 3600, DAY_S),
    mask: fc.constantFrom(0, 1, 3, 5, 0x80000001),
    ticket: fc.constantFrom('', '', 't1', 't2'),
    about: fc.option(fc.record({ row: fc.nat(200), afterS: fc.constantFrom(0, 1) }), { freq: 2 }),
  })

function settled({ about, ...report }: Draft, rows: OracleRow[]): OracleReport {
  if (!about || rows.length === 0) return report
  const { customer, at } = rows[about.row % rows.length]
  return { ...report, customer, contactedAtS: at + about.afterS + report.lagS }
}

export const settings: fc.Arbitrary<Setting> = fc
  .record({
    customers: fc.integer({ min: 1, max: 90 }),
    purposes: fc.constantFrom<Purposes>('none', 'all', 'some'),
    population: fc.boolean(),
    cells: fc.integer({ min: 1, max: 3 }),
    withBurst: fc.boolean(),
    group: fc.integer({ min: 2, max: 8 }),
    block: fc.integer({ min: 4, max: 30 }),
    queue: fc.integer({ min: 0, max: 20 }),
  })
  .chain(({ customers, purposes, population, cells, withBurst, ...sizes }) =>
    fc
      .record({
        rows: fc.array(rowOf(customers, purposes), { maxLength: 150, size: 'max' }),
        bulk: withBurst ? burst(customers, purposes) : fc.constant([]),
        cells: fc.array(fc.nat(cells - 1), { minLength: customers, maxLength: customers }),
        reports: fc.array(reportOf(customers), { minLength: 1, maxLength: 8 }),
      })
      .map(({ rows: scattered, bulk, cells: codes, reports }) => {
        const rows = distinct([...scattered, ...bulk])
        return {
          log: { rows, agents: 6, cells: codes, population, sizes },
          reports: reports.map((report) => settled(report, rows)),
        }
      }),
  )

/** The tables hold distinct rows only. */
function distinct(rows: OracleRow[]): OracleRow[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()]
}
