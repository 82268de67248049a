import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exposureArraysFromRows, overlaps } from '../../src/index/arrays.ts'
import { evidence } from '../../src/index/evidence.ts'
import { groupAt } from '../../src/index/groups.ts'
import { mix, unmix } from '../../src/index/hash.ts'
import { settings } from './logs.ts'
import { columnsOf, groupsAt, type OracleLog, oracleEvidence, plain } from './oracle.ts'

function arraysOf(log: OracleLog) {
  const { rows, shape } = columnsOf(log)
  return exposureArraysFromRows(rows, shape)
}

describe('evidence from the arrays', () => {
  it('is what a scan of the whole log gives', () => {
    fc.assert(
      fc.property(settings, ({ log, reports }) => {
        const arrays = arraysOf(log)
        const reported = new Set<number>()
        for (const report of reports) {
          const { ticket, ...query } = report
          const rest = { ...log, rows: log.rows.filter((row) => row.ticket !== ticket) }
          const own =
            ticket === '' ? {} : { own: { pairs: arraysOf(rest), customer: report.customer } }
          const found = evidence(
            arrays,
            { report: 'r', knowing: false, ...query, ...own },
            reported,
          )
          expect(plain(found)).toEqual(oracleEvidence(log, report, reported))
          reported.add(report.customer)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('cuts the customers live at an instant into disjoint groups, whoever reports', () => {
    fc.assert(
      fc.property(settings, ({ log, reports: [{ contactedAtS: atS }] }) => {
        const arrays = arraysOf(log)
        const partition = groupsAt(log, atS)
        const live = partition.flat()
        expect(new Set(live).size).toBe(live.length)
        log.cells.forEach((cell, customer) => {
          const group = groupAt(arrays, customer, atS)
          const expected = partition.find((g) => g.includes(customer))
          expect(group && [...group]).toEqual(expected ?? null)
          for (const member of group ?? []) expect(log.cells[member]).toBe(cell)
        })
      }),
      { numRuns: 100 },
    )
  })

  it('gives coincidence an expectation of exactly one, over any group', () => {
    fc.assert(
      fc.property(settings, ({ log, reports: [first] }) => {
        const arrays = arraysOf(log)
        for (const group of groupsAt(log, first.contactedAtS - first.lagS)) {
          const factors = new Map<number, number>()
          for (const customer of group) {
            const query = { ...first, customer, report: 'r', knowing: false }
            const found = evidence(arrays, query, new Set())
            for (const agent of found.hits) {
              const seen = found.group.agents.filter((other) => other === agent).length
              const q = (seen + 1) / (found.group.size + 1)
              factors.set(agent, (factors.get(agent) ?? 0) + 1 / q)
            }
          }
          for (const sum of factors.values()) expect(sum / group.length).toBeCloseTo(1, 10)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('knows every agent by the customers they were shown', () => {
    fc.assert(
      fc.property(settings, ({ log }) => {
        const arrays = arraysOf(log)
        const sets = Array.from({ length: log.agents }, (_, agent) => {
          const mine = log.rows.filter((row) => row.agent === agent)
          return new Set(mine.map((row) => row.customer))
        })
        expect([...arrays.distinctCustomers]).toEqual(sets.map((set) => set.size))
        sets.forEach((mine, agent) => {
          const expected = sets.map((other, b) =>
            b === agent ? 0 : [...other].filter((c) => mine.has(c)).length,
          )
          expect([...overlaps(arrays, agent)]).toEqual(expected)
        })
      }),
      { numRuns: 50 },
    )
  })
})

describe('the comparison of a bulk thief', () => {
  const day = 86_400
  const contactsOfClerks = Array.from({ length: 4000 }, (_, i) => ({
    agent: i % 10,
    customer: i,
    at: Math.floor(i / 400) * day + 1 + (i % 400),
    fields: 0,
    grounded: null,
    ticket: '',
    queue: 0,
  }))
  const theft = Array.from({ length: 1000 }, (_, i) => ({
    agent: 10,
    customer: i < 500 ? 8 * i : 3500 + i,
    at: 12 * day + i,
    fields: 0,
    grounded: null,
    ticket: '',
    queue: 0,
  }))
  const sizes = { group: 1000, block: 65_536, queue: 8000 }
  const log = { rows: [...contactsOfClerks, ...theft], agents: 11, population: false, sizes }
  const arrays = arraysOf({ ...log, cells: new Array(4500).fill(0) })
  const shareOf = (customer: number) => {
    const at = { contactedAtS: 20 * day, lagS: 0, mask: 0 }
    const found = evidence(arrays, { report: 'r', customer, knowing: false, ...at }, new Set())
    expect([...found.hits]).toContain(10)
    return (found.group.agents.filter((a) => a === 10).length + 1) / (found.group.size + 1)
  }

  it('sets victims who never were in contact among ordinary customers', () => {
    for (const victim of [4000, 4200, 4499]) expect(shareOf(victim)).toBeLessThan(0.3)
  })

  it('keeps the theft out of the contacts of those who were', () => {
    expect(arrays.firstContact[800]).toBe(contactsOfClerks[800].at)
    expect(arrays.firstContact[4100]).toBe(0xffffffff)
  })
})

it('mixes ids without loss', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), (id) => {
      expect(unmix(mix(id))).toBe(id)
    }),
  )
})
