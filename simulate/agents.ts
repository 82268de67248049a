/** The staff: teams, skills, work rates and rosters. */
import { scramble } from './customers.ts'
import type { Queue, Topic } from './queues.ts'
import { type Random, random } from './random.ts'
import { DAYS, type Region, type Scale } from './scales.ts'

export type Role = 'agent' | 'lead' | 'second-line' | 'service'

export interface Agent {
  readonly name: string
  readonly team: string
  readonly role: Role
  readonly kind: 'person' | 'service'
  readonly topic: Topic
  /** Index of the region whose hours this agent works in. */
  readonly region: number
  readonly utcOffsetH: number
  /** Local hour at which the shift of eight hours begins. */
  readonly shiftStartH: number
  /** Two days of the week, 0 = Monday. */
  readonly daysOff: readonly [number, number]
  /** Days of the log spent on holiday: `from` inclusive, `to` exclusive. */
  readonly holiday: { readonly from: number; readonly to: number }
  /** Share of a queue's tickets relative to others on duty in it. */
  readonly rate: number
  readonly queues: number[]
}

export const SHIFT_H = 8
const TEAM_SIZE_MAX = 14
const TEAM_SHARES: [Topic, number][] = [
  ['second-line', 0.06],
  ['government', 0.04],
  ['business', 0.08],
  ['billing', 0.13],
]
/** Every queue has at least this many agents who know it. */
const QUEUE_AGENTS_MIN = 3
export const SERVICES = ['svc-reminder', 'svc-classify'] as const

export function makeAgents(
  seed: number,
  scale: Scale,
  regions: readonly Region[],
  queues: Queue[],
) {
  const rng = random(seed, 'staff')
  const persons = scale.agents - SERVICES.length
  const names = scramble(persons, rng.uint32())
  const agents: Agent[] = []
  for (const { topic, region, team, lead } of places(persons, regions)) {
    const name = `agent-${String(10_001 + names.forward(agents.length)).slice(1)}`
    const role: Role = lead ? 'lead' : topic === 'second-line' ? 'second-line' : 'agent'
    const known = lead
      ? queues.flatMap((q, i) => (serves(topic, region, q, regions) ? [i] : []))
      : skills(topic, region, queues, regions, rng)
    agents.push({
      name,
      team,
      role,
      kind: 'person',
      topic,
      region,
      utcOffsetH: regions[region].utcOffsetH,
      ...roster(rng),
      rate: lead ? 0.3 : workRate(rng),
      queues: known,
    })
  }
  coverQueues(agents, queues, regions, rng)
  for (const name of SERVICES) agents.push(service(name))
  return agents
}

/** One place per person: specialists first, the rest in consumer teams by the region's share. */
function places(persons: number, regions: readonly Region[]) {
  const out: { topic: Topic; region: number; team: string; lead: boolean }[] = []
  const add = (topic: Topic, prefix: string, count: number, region: (i: number) => number) => {
    const teams = Math.max(1, Math.ceil(count / TEAM_SIZE_MAX))
    for (let i = 0; i < count; i++) {
      const team = `${prefix}-${1 + (i % teams)}`
      out.push({ topic, region: region(i), team, lead: count / teams >= 4 && i < teams })
    }
  }
  for (const [topic, share] of TEAM_SHARES) {
    const count = Math.max(2, Math.round(share * persons))
    add(topic, topic, count, (i) => i % regions.length)
  }
  const rest = persons - out.length
  const sum = regions.reduce((all, r) => all + r.share, 0)
  let reached = 0
  let placed = 0
  for (const [region, { name, share }] of regions.entries()) {
    reached += share / sum
    const end = Math.round(reached * rest)
    add('product', `consumer-${name}`, end - placed, () => region)
    placed = end
  }
  return out
}

/** Whether a queue belongs to the work of a team on this topic in this region. */
function serves(topic: Topic, region: number, queue: Queue, regions: readonly Region[]): boolean {
  if (queue.topic !== topic) return false
  return queue.region < 0 || regions[queue.region].language === regions[region].language
}

function skills(
  topic: Topic,
  region: number,
  queues: Queue[],
  regions: readonly Region[],
  rng: Random,
) {
  const breadth = rng.unit()
  const all = queues.flatMap((q, i) => (serves(topic, region, q, regions) ? [i] : []))
  if (topic === 'product' && breadth < 0.03) {
    return queues.flatMap((q, i) => (q.topic === 'product' ? [i] : []))
  }
  if (topic !== 'product' || breadth < 0.15) return all
  const home = all.filter((i) => queues[i].region === region)
  const first = rng.below(home.length)
  const second = (first + 1 + rng.below(home.length - 1)) % home.length
  return breadth < 0.55 ? [home[first]] : [home[first], home[second]]
}

/** Pareto with exponent 2, capped: a few agents do several times the work of most. */
function workRate(rng: Random): number {
  const full = Math.min(6, 1 / Math.sqrt(1 - rng.unit()))
  return rng.chance(0.15) ? full * 0.4 : full
}

function roster(rng: Random) {
  const u = rng.unit()
  const off = rng.chance(0.65) ? 5 : rng.below(7)
  const from = rng.below(DAYS)
  return {
    shiftStartH: u < 0.35 ? 7 : u < 0.75 ? 9 : 13,
    daysOff: [off, (off + 1) % 7] as [number, number],
    holiday: { from, to: rng.chance(0.6) ? from + 5 + rng.below(9) : from },
  }
}

function coverQueues(agents: Agent[], queues: Queue[], regions: readonly Region[], rng: Random) {
  for (const [q, queue] of queues.entries()) {
    const unskilled = agents.filter((a) => !a.queues.includes(q))
    const near = unskilled.filter((a) => serves(a.topic, a.region, queue, regions))
    const far = unskilled.filter((a) => a.topic === queue.topic && !near.includes(a))
    let known = agents.length - unskilled.length
    for (const helpers of [near, far]) {
      while (known < QUEUE_AGENTS_MIN && helpers.length > 0) {
        helpers.splice(rng.below(helpers.length), 1)[0].queues.push(q)
        known++
      }
    }
  }
}

function service(name: string): Agent {
  return {
    name,
    team: 'automation',
    role: 'service',
    kind: 'service',
    topic: 'product',
    region: 0,
    utcOffsetH: 0,
    shiftStartH: 0,
    daysOff: [-1, -1],
    holiday: { from: 0, to: 0 },
    rate: 0,
    queues: [],
  }
}
