/** Whose records the leaker takes and the buyer wants, and who the leaker is. */
import { TelltaleError } from '../src/base/errors.ts'
import type { Agent } from './agents.ts'
import type { Customers, Group } from './customers.ts'
import type { Organisation } from './organisation.ts'
import { mix, type Random, random } from './random.ts'
import { hoursOnDuty } from './rosters.ts'
import { type Options, SCALES, TAKING_DAYS } from './scales.ts'

export interface Leaker {
  readonly agent: number
  /** Records this leaker takes in all. */
  readonly quota: number
  /** Days of the taking window on duty. */
  readonly days: readonly number[]
}

export interface Target {
  readonly groups: readonly Group[]
  /** Cumulative weight of each group, ending at 1. */
  readonly upTo: readonly number[]
  /** Whether a customer is one whom the leaker would take. */
  wants(customer: number): boolean
  /** Share of the takings that the buyer wants. */
  readonly wantedShare: number
}

/** A leaker takes records of at most this share of the target's customers, so that the taken ones
 * stay a selection. */
const TAKEN_SHARE_MAX = 0.5
/** Days on duty in the taking window below which an agent is no leaker. */
const LEAKER_DAYS_MIN = 25

export function buyerWants(customers: Customers, options: Options) {
  return (group: Group) =>
    (options.segment === undefined || group.segment === options.segment) &&
    (options.region === undefined || customers.regions[group.region].name === options.region)
}

/** Consumers who speak the leaker's language; if the buyer wants another segment, half of the
 * records are of that. */
export function makeTarget(customers: Customers, options: Options, language: string): Target {
  const speaks = (g: Group) => customers.regions[g.region].language === language
  const consumers = customers.groups.filter((g) => speaks(g) && g.segment === 'consumer')
  const other = options.segment === 'consumer' ? undefined : options.segment
  const special = customers.groups.filter((g) => speaks(g) && g.segment === other)
  const halves = special.length > 0 ? [consumers, special] : [consumers]
  const groups = halves.flat()
  const weights = halves.flatMap((half) => {
    const size = half.reduce((all, g) => all + g.count, 0)
    return half.map((g) => g.count / size / halves.length)
  })
  const wanted = buyerWants(customers, options)
  let sum = 0
  return {
    groups,
    upTo: weights.map((w) => {
      sum += w
      return sum
    }),
    wants: (customer) => groups.includes(customers.groups[customers.group[customer]]),
    wantedShare: groups.reduce((all, g, i) => all + (wanted(g) ? weights[i] : 0), 0),
  }
}

export function drawTarget(target: Target, rng: Random): Group {
  const u = rng.unit()
  const at = target.upTo.findIndex((mark) => u < mark)
  return target.groups[at < 0 ? target.groups.length - 1 : at]
}

/** Ordinary agents of consumer teams in a region that speaks the first region's language, or the
 * region the buyer wants. */
export function chooseLeakers(options: Options, org: Organisation): Leaker[] {
  if (options.leak !== 'agent' && options.leak !== 'two') return []
  const { regions } = org.customers
  const home = regions.find((r) => r.name === options.region) ?? regions[0]
  const candidates = [...org.agents.keys()].filter((a) => {
    const { role, topic, region } = org.agents[a]
    const fits = role === 'agent' && topic === 'product'
    return fits && regions[region].language === home.language
  })
  const able = candidates.filter((a) => takingDays(org.agents[a]).length >= LEAKER_DAYS_MIN)
  const rng = random(options.seed, 'leakers')
  const shares = options.leak === 'two' ? [0.6, 0.4] : [1]
  if (able.length < shares.length) {
    throw new TelltaleError('USAGE', {
      problem: `No consumer team of region ${home.name} has ${shares.length} agents who could leak`,
    })
  }
  return shares.map((share) => {
    const [agent] = able.splice(rng.below(able.length), 1)
    const days = takingDays(org.agents[agent])
    const all = options.taken ?? SCALES[options.scale].taken
    const quota = options.perDay === undefined ? all * share : options.perDay * days.length
    return { agent, days, quota: Math.round(quota) }
  })
}

function takingDays(agent: Agent): number[] {
  const days: number[] = []
  for (let day = TAKING_DAYS.from; day < TAKING_DAYS.to; day++) {
    if (hoursOnDuty(agent, day).length > 0) days.push(day)
  }
  return days
}

/** Refuses an incident that takes more records than its target can give. */
export function checkTarget(target: Target, leakers: readonly Leaker[]): void {
  const taken = leakers.reduce((all, l) => all + l.quota, 0)
  for (const [g, { count, segment }] of target.groups.entries()) {
    const weight = target.upTo[g] - (target.upTo[g - 1] ?? 0)
    if (taken * weight <= count * TAKEN_SHARE_MAX) continue
    const most = Math.floor((count * TAKEN_SHARE_MAX) / weight)
    throw new TelltaleError('USAGE', {
      problem: `Cannot take ${taken} records: with so few ${segment} customers at most ${most} (--taken, or a larger --scale)`,
    })
  }
}

/** Which accesses reach the log: all, but for a share of the customers in a leaker's own. */
export function loggedBy(options: Options, leakers: readonly Leaker[]) {
  const salt = random(options.seed, 'missing').uint32()
  const least = options.missing * 2 ** 32
  return (agent: number, customer: number) =>
    options.missing === 0 ||
    mix(customer, salt) >= least ||
    !leakers.some((leaker) => leaker.agent === agent)
}
