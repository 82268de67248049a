import { describe, expect, test } from 'vitest'
import { maskOf } from '../../simulate/accesses.ts'
import { arrivals } from '../../simulate/files.ts'
import type { Report } from '../../simulate/reports.ts'
import { COPY_DAY, DAY_S, END_S, type Options, START_S } from '../../simulate/scales.ts'
import { run } from './worlds.ts'

const TICKET = maskOf('ticket')

function reportsOf(options: Partial<Options>): Report[] {
  return [1, 2, 3].flatMap((seed) => [...run({ ...options, seed }).world.reports])
}

describe.each([0.1, 0.4, 0.7])('at noise %s', (noise) => {
  test('that share of the reports has another cause', () => {
    const reports = reportsOf({ noise, reports: 120 })
    const share = reports.filter((r) => r.cause === 'noise').length / reports.length
    // Four standard errors of the share, and a little for reports that come after the log's end.
    const tolerance = 4 * Math.sqrt((noise * (1 - noise)) / reports.length) + 0.02
    expect(Math.abs(share - noise)).toBeLessThan(tolerance)
    expect(Math.abs(reports.length - 360)).toBeLessThan(4 * Math.sqrt(360) + 20)
  })
})

describe('reports of an agent leak', () => {
  const { world, rows } = run({ reports: 120 })
  const taken = new Map(world.takings.map((t) => [t.customer, t]))
  const genuine = world.reports.filter((r) => r.cause === 'leak')

  test('come from customers whose record was taken and called, and tell what it showed', () => {
    expect(genuine.length).toBeGreaterThan(60)
    for (const report of genuine) {
      const taking = taken.get(report.customer)!
      expect(report.by).toBe(taking.agent)
      expect(report.calledS).toBe(taking.calledS)
      expect(report.calledS).toBeGreaterThan(taking.soldS!)
      if (!report.falseMemory) expect(report.knew & ~taking.fields).toBe(0)
    }
    const proven = genuine.filter((r) => r.knew & TICKET).length / genuine.length
    expect(proven).toBeGreaterThan(0.2)
  })

  test('tell the true time to the minute, unless memory fails', () => {
    for (const { contactedS, calledS, reportedS, falseMemory } of world.reports) {
      expect(contactedS).toBeLessThanOrEqual(reportedS)
      if (!falseMemory) expect(contactedS).toBe(Math.floor(calledS / 60) * 60)
      expect(Math.abs(contactedS - calledS)).toBeLessThanOrEqual(2 * DAY_S + 60)
    }
    const wrong = world.reports.filter((r) => r.falseMemory).length
    expect(wrong).toBeGreaterThan(1)
    expect(wrong / world.reports.length).toBeLessThan(0.2)
  })

  test('are numbered as they arrive, one a customer, before the log ends', () => {
    const came = arrivals(world)
    for (const [i, report] of came.entries()) {
      expect(report.id).toBe(`R-${String(i + 1).padStart(4, '0')}`)
      if (i > 0) expect(report.reportedS).toBeGreaterThanOrEqual(came[i - 1].reportedS)
      expect(report.reportedS).toBeLessThan(END_S)
    }
    expect(new Set(came.map((r) => r.customer)).size).toBe(came.length)
  })

  test('open a ticket of their own, under which the customer is seen only afterwards', () => {
    const firstUnder = new Map<number, number>()
    for (let i = rows.count - 1; i >= 0; i--) firstUnder.set(rows.ticket[i], i)
    const handled = world.reports.filter((r) => firstUnder.has(r.ticket))
    expect(handled.length / world.reports.length).toBeGreaterThan(0.9)
    for (const report of handled) {
      const i = firstUnder.get(report.ticket)!
      expect(rows.customer[i]).toBe(report.customer)
      expect(rows.at[i]).toBeGreaterThanOrEqual(report.reportedS)
    }
  })
})

test('an outside copy holds nobody who joined after it and no ticket opened after it', () => {
  const { world, rows } = run({ leak: 'outside', reports: 400 })
  const copyS = START_S + (COPY_DAY + 1) * DAY_S
  const genuine = world.reports.filter((r) => r.cause === 'leak')
  expect(genuine.length).toBeGreaterThan(200)
  const before = new Set<number>()
  for (let i = 0; i < rows.count && rows.at[i] < copyS; i++) {
    if (rows.ticket[i] > 0) before.add(rows.customer[i])
  }
  const { customers } = world.org
  let surprises = 0
  for (const { customer, calledS, by, knew, falseMemory } of genuine) {
    expect(customers.joinedDay(customer)).toBeLessThanOrEqual(COPY_DAY)
    expect(calledS).toBeGreaterThan(copyS)
    expect(by).toBeNull()
    if (knew & TICKET && !falseMemory && !before.has(customer)) surprises++
  }
  // Half of the customers had a ticket before the log begins.
  const knowing = genuine.filter((r) => r.knew & TICKET).length
  expect(surprises / knowing).toBeLessThan(0.6)
})

test('an outside copy of one region calls only there, and no leak leaves only noise', () => {
  const { world } = run({ leak: 'outside', region: 'gb', noise: 0 })
  const { customers } = world.org
  expect(world.reports.length).toBeGreaterThan(10)
  for (const { customer } of world.reports) {
    const { region } = customers.groups[customers.group[customer]]
    expect(customers.regions[region].name).toBe('gb')
  }
  const causes = new Set(run({ leak: 'none' }).world.reports.map((r) => r.cause))
  expect(causes).toEqual(new Set(['noise']))
})
