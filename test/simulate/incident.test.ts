import { expect, test } from 'vitest'
import { namesOf } from '../../simulate/accesses.ts'
import { isBatchDay } from '../../simulate/calls.ts'
import { onDuty } from '../../simulate/rosters.ts'
import { DAY_S, START_S, TAKING_DAYS } from '../../simulate/scales.ts'
import { run, texts } from './worlds.ts'

const { world, rows } = run()
const dayOf = (atS: number) => Math.floor((atS - START_S) / DAY_S)

test('every record taken stands in the access log as it was taken', () => {
  const log = new Set(texts(rows, ['agent', 'customer', 'at', 'fields']))
  expect(world.takings).toHaveLength(600)
  expect(new Set(world.takings.map((t) => t.customer)).size).toBe(600)
  for (const t of world.takings) {
    expect(log).toContain(`${t.agent} ${t.customer} ${t.atS} ${t.fields}`)
  }
})

test('records are taken on duty, inside the window, from English-speaking consumers', () => {
  const { customers, agents } = world.org
  for (const { customer, agent, atS, fields } of world.takings) {
    expect(onDuty(agents[agent], Math.floor((atS - START_S) / 3600))).toBe(true)
    expect(dayOf(atS)).toBeGreaterThanOrEqual(TAKING_DAYS.from)
    expect(dayOf(atS)).toBeLessThan(TAKING_DAYS.to)
    const { segment, region } = customers.groups[customers.group[customer]]
    expect(segment).toBe('consumer')
    expect(customers.regions[region].language).toBe('en')
    expect(namesOf(fields)).not.toContain('payment')
  }
})

test('the leaker hides in several ways and is an ordinary agent', () => {
  const hows = (how: string) => world.takings.filter((t) => t.how === how).length / 600
  expect(hows('ticket')).toBeGreaterThan(0.02)
  expect(hows('ticket')).toBeLessThan(0.15)
  expect(hows('self')).toBeGreaterThan(0.28)
  expect(hows('none')).toBeGreaterThan(0.42)
  const [leaker] = world.leakers
  expect(world.org.agents[leaker.agent].role).toBe('agent')
  const leakers = new Set([1, 2, 3, 4, 5].map((seed) => run({ seed }).world.leakers[0].agent))
  expect(leakers.size).toBeGreaterThan(1)
})

test('batches are sold after they were taken, and called after they were sold', () => {
  const called = world.takings.filter((t) => t.calledS !== null)
  expect(called.length / 600).toBeGreaterThan(0.5)
  expect(called.length / 600).toBeLessThan(0.7)
  for (const { atS, soldS, calledS } of world.takings) {
    expect(soldS).not.toBeNull()
    expect(soldS! - atS).toBeGreaterThan(2 * DAY_S)
    if (calledS !== null) expect(calledS).toBeGreaterThan(soldS!)
  }
  expect(new Set(world.takings.map((t) => t.soldS)).size).toBe(9)
  expect(Array.from({ length: 90 }, (_, day) => isBatchDay(day)).filter(Boolean)).toHaveLength(9)
})

test('two leakers share the records six to four and the buyer', () => {
  const { world: two } = run({ leak: 'two' })
  expect(two.leakers.map((l) => l.quota)).toEqual([360, 240])
  const [a, b] = two.leakers.map((l) => two.takings.filter((t) => t.agent === l.agent).length)
  expect([a, b]).toEqual([360, 240])
  expect(new Set(two.takings.map((t) => t.customer)).size).toBe(600)
})

test('a daily rate times the days on duty is what is taken', () => {
  const { world: slow } = run({ perDay: 3 })
  const [leaker] = slow.leakers
  expect(slow.takings).toHaveLength(3 * leaker.days.length)
  const days = new Set(slow.takings.map((t) => dayOf(t.atS)))
  expect(days.size).toBeGreaterThan(leaker.days.length * 0.7)
})

test('what is missing from the log leaves no trace of the leaker at that customer', () => {
  const { world: holed, rows: log } = run({ missing: 0.2 })
  const [{ agent }] = holed.leakers
  const gone = holed.takings.filter((t) => !holed.logged(t.agent, t.customer))
  expect(gone.length / 600).toBeGreaterThan(0.13)
  expect(gone.length / 600).toBeLessThan(0.27)
  const seen = new Set<number>()
  for (let i = 0; i < log.count; i++) if (log.agent[i] === agent) seen.add(log.customer[i])
  for (const { customer } of gone) expect(seen.has(customer)).toBe(false)
  for (const { customer } of holed.takings) {
    expect(seen.has(customer)).toBe(holed.logged(agent, customer))
  }
})

test('a buyer of one segment or region calls nobody else', () => {
  const { world: business } = run({ segment: 'business', taken: 60 })
  const groupOf = (w: typeof world, c: number) => w.org.customers.groups[w.org.customers.group[c]]
  const segments = business.takings.map((t) => groupOf(business, t.customer).segment)
  expect(new Set(segments)).toEqual(new Set(['business', 'consumer']))
  const called = business.takings.filter((t) => t.calledS !== null)
  expect(called.length).toBeGreaterThan(5)
  for (const t of called) expect(groupOf(business, t.customer).segment).toBe('business')
  const { world: british } = run({ region: 'gb' })
  const regions = british.takings
    .filter((t) => t.calledS !== null)
    .map((t) => british.org.customers.regions[groupOf(british, t.customer).region].name)
  expect(new Set(regions)).toEqual(new Set(['gb']))
})

test('more records than the target has are refused', () => {
  expect(() => run({ taken: 5000 })).toThrow(/at most 1799/)
})

test('nobody takes anything when nobody leaks or a copy left', () => {
  for (const leak of ['none', 'outside'] as const) {
    const { world: other } = run({ leak })
    expect(other.takings).toEqual([])
    expect(other.leakers).toEqual([])
  }
})
