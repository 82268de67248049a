import { describe, expect, test } from 'vitest'
import { GRADES, namesOf, PATHS, PURPOSES } from '../../simulate/accesses.ts'
import { makeOrganisation } from '../../simulate/organisation.ts'
import { onDuty } from '../../simulate/rosters.ts'
import { END_S, START_S } from '../../simulate/scales.ts'
import { DEFAULTS, run, texts } from './worlds.ts'

const { world, rows } = run()
const { agents, customers, queues } = world.org
const DESK = PATHS.indexOf('desk')

function distinct(by: (i: number) => number, of: (i: number) => number): number[] {
  const sets = new Map<number, Set<number>>()
  for (let i = 0; i < rows.count; i++) {
    const set = sets.get(by(i)) ?? new Set()
    sets.set(by(i), set.add(of(i)))
  }
  return [...sets.values()].map((set) => set.size).sort((a, b) => b - a)
}

describe('customers', () => {
  test('fall into segments as they should, and keys are distinct', () => {
    const count = (segment: string) =>
      customers.groups.filter((g) => g.segment === segment).reduce((all, g) => all + g.count, 0)
    expect(count('consumer') / customers.count).toBeCloseTo(0.97, 2)
    expect(count('business') / customers.count).toBeCloseTo(0.025, 2)
    expect(count('government')).toBeGreaterThan(0)
    const keys = Array.from({ length: customers.count }, (_, c) => customers.key(c))
    expect(new Set(keys).size).toBe(customers.count)
    const inOrder = Array.from({ length: customers.count }, (_, n) =>
      customers.key(customers.nth(n)),
    )
    expect(inOrder).toEqual([...keys].sort())
  })

  test('call the help desk very unevenly', () => {
    const tickets = distinct(
      (i) => rows.customer[i],
      (i) => rows.ticket[i],
    )
    const total = tickets.reduce((a, b) => a + b, 0)
    const top = tickets.slice(0, customers.count / 100).reduce((a, b) => a + b, 0)
    expect(top / total).toBeGreaterThan(0.05)
    expect(tickets[0]).toBeGreaterThan(10 * tickets[tickets.length >> 1])
  })

  test('who joined later are not seen before', () => {
    const early: number[] = []
    for (let i = 0; i < rows.count; i++) {
      const day = Math.floor((rows.at[i] - START_S) / 86_400)
      if (customers.joinedDay(rows.customer[i]) > day) early.push(i)
    }
    expect(early).toEqual([])
  })
})

describe('staff', () => {
  test('work very unevenly, and some know many queues', () => {
    const shown = distinct(
      (i) => rows.agent[i],
      (i) => rows.customer[i],
    )
    expect(shown[0]).toBeGreaterThan(4 * shown[shown.length >> 1])
    const breadth = agents.map((a) => a.queues.length).sort((a, b) => b - a)
    expect(breadth[0]).toBeGreaterThanOrEqual(4)
    expect(agents.filter((a) => a.kind === 'person' && a.queues.length === 0)).toEqual([])
    for (const q of queues.keys()) {
      expect(agents.filter((a) => a.queues.includes(q)).length).toBeGreaterThanOrEqual(2)
    }
  })

  test('has leads, service accounts and distinct names', () => {
    expect(world.org.leads.size).toBeGreaterThan(1)
    expect(agents.filter((a) => a.kind === 'service').map((a) => a.role)).toEqual([
      'service',
      'service',
    ])
    expect(new Set(agents.map((a) => a.name)).size).toBe(40)
  })

  test('is as large as each scale says', () => {
    expect(makeOrganisation({ ...DEFAULTS, scale: 'medium' }).agents).toHaveLength(180)
    expect(makeOrganisation({ ...DEFAULTS, scale: 'bench' }).agents).toHaveLength(150)
  })
})

describe('tickets', () => {
  test('each is first worked on by an agent on duty who knows its queue', () => {
    const seen = new Set<number>([0])
    const wrong: number[] = []
    for (let i = 0; i < rows.count; i++) {
      if (rows.path[i] !== DESK || seen.has(rows.ticket[i])) continue
      seen.add(rows.ticket[i])
      const agent = agents[rows.agent[i]]
      const there = onDuty(agent, Math.floor((rows.at[i] - START_S) / 3600))
      if (!there || !agent.queues.includes(rows.queue[i])) wrong.push(i)
    }
    expect(wrong).toEqual([])
    expect(seen.size).toBeGreaterThan(10_000)
  })

  test('belong to one customer and one queue each', () => {
    const owner = new Map<number, string>()
    const wrong: number[] = []
    for (let i = 0; i < rows.count; i++) {
      if (rows.ticket[i] === 0) continue
      const of = `${rows.customer[i]} ${rows.queue[i]}`
      if ((owner.get(rows.ticket[i]) ?? of) !== of) wrong.push(i)
      owner.set(rows.ticket[i], of)
    }
    expect(wrong).toEqual([])
  })

  test('are seen by colleagues, and nobody works all night', () => {
    const perTicket = new Map<number, Set<number>>()
    const perHour = new Map<string, Set<number>>()
    for (let i = 0; i < rows.count; i++) {
      if (rows.path[i] !== DESK || rows.ticket[i] === 0) continue
      const seers = perTicket.get(rows.ticket[i]) ?? new Set()
      perTicket.set(rows.ticket[i], seers.add(rows.agent[i]))
      const hour = `${rows.agent[i]} ${Math.floor(rows.at[i] / 3600)}`
      perHour.set(hour, (perHour.get(hour) ?? new Set()).add(rows.ticket[i]))
    }
    const shared = [...perTicket.values()].filter((seers) => seers.size > 1).length
    expect(shared / perTicket.size).toBeGreaterThan(0.1)
    expect(shared / perTicket.size).toBeLessThan(0.4)
    expect(Math.max(...[...perHour.values()].map((t) => t.size))).toBeLessThan(25)
  })
})

test('the log is in order of time, inside its ninety days, with every kind of access', () => {
  const times = rows.at.slice(0, rows.count)
  expect(times).toEqual(times.toSorted())
  expect(rows.at[0]).toBeGreaterThanOrEqual(START_S)
  expect(rows.at[rows.count - 1]).toBeLessThan(END_S)
  const kinds = new Set(texts(rows, ['purpose', 'grade']))
  for (const [purpose, grade] of KINDS) {
    expect(kinds).toContain(`${PURPOSES.indexOf(purpose)} ${GRADES.indexOf(grade)}`)
  }
  expect(kinds.size).toBe(KINDS.length)
})

test('only billing work shows payment', () => {
  let payments = 0
  const wrong: number[] = []
  for (let i = 0; i < rows.count; i++) {
    if (!namesOf(rows.fields[i]).includes('payment')) continue
    payments++
    if (queues[rows.queue[i]].topic !== 'billing') wrong.push(i)
  }
  expect(wrong).toEqual([])
  expect(payments).toBeGreaterThan(100)
})

test('the ordinary work is the same with a leak and without one', () => {
  const columns = ['agent', 'customer', 'at', 'purpose', 'grade', 'path', 'queue'] as const
  const quiet = texts(run({ leak: 'none', reports: 0 }).rows, [...columns])
  const leaky = texts(run({ reports: 0 }).rows, [...columns])
  const left = new Map<string, number>()
  for (const row of leaky) left.set(row, (left.get(row) ?? 0) + 1)
  for (const row of quiet) left.set(row, (left.get(row) ?? 0) - 1)
  expect([...left.values()].filter((n) => n < 0)).toEqual([])
  const taken = run({ reports: 0 }).world.takings.filter((t) => t.how !== 'ticket')
  expect(leaky.length - quiet.length).toBe(taken.length)
})

const KINDS = [
  ['call', 'customer'],
  ['ticket', 'customer'],
  ['ticket', 'routed'],
  ['ticket', 'colleague'],
  ['ticket', 'self'],
  ['none', 'none'],
  ['grant', 'colleague'],
] as const
