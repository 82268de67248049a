/** The organisation that a simulation plays in, and the hour that it plays. */
import { type Agent, makeAgents } from './agents.ts'
import { type Customers, makeCustomers } from './customers.ts'
import { makeQueues, type Queue } from './queues.ts'
import type { Duty } from './rosters.ts'
import { type Options, SCALES, type Scale } from './scales.ts'

export interface Organisation {
  readonly scale: Scale
  readonly customers: Customers
  readonly queues: readonly Queue[]
  readonly agents: readonly Agent[]
  /** The lead of each team that has one. */
  readonly leads: ReadonlyMap<string, number>
}

/** One hour at the desk; `index` counts hours from the start of the log, UTC. */
export interface Hour {
  readonly index: number
  readonly ofDay: number
  readonly startS: number
  readonly endS: number
  readonly duty: Duty
}

export function makeOrganisation(options: Options): Organisation {
  const scale = SCALES[options.scale]
  const customers = makeCustomers(options.seed, scale)
  const queues = makeQueues(scale, customers.regions)
  const agents = makeAgents(options.seed, scale, customers.regions, queues)
  const leads = new Map<string, number>()
  for (const [a, { role, team }] of agents.entries()) if (role === 'lead') leads.set(team, a)
  return { scale, customers, queues, agents, leads }
}
