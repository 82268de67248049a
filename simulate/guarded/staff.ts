/** The people of the demonstration: whom one can sign in as, and what they are for. */
import type { Role } from '../../src/guard/facts.ts'

/** Somebody who can sign in at the demonstration. */
export interface SeedAgent {
  readonly id: string
  readonly name: string
  readonly team: string
  readonly roles: readonly Role[]
  /** One clause that tells who this is. */
  readonly is: string
}

export const TEAMS = [
  { id: 'home', name: 'Home products' },
  { id: 'billing', name: 'Billing' },
  { id: 'trust', name: 'Trust' },
] as const

/** Queue ids and names, and the team that works them. */
export const QUEUES = [
  { id: 'home', name: 'Home products', team: 'home' },
  { id: 'mobile', name: 'Mobile products', team: 'home' },
  { id: 'billing', name: 'Billing', team: 'billing' },
] as const

/** The agent who sold the records, in the demonstration's story. */
export const ROGUE = 'dana'

export const STAFF: readonly SeedAgent[] = [
  {
    id: 'mika',
    name: 'Mika Rautio',
    team: 'home',
    roles: ['agent'],
    is: 'an agent on an ordinary day',
  },
  {
    id: ROGUE,
    name: 'Dana Whitlock',
    team: 'home',
    roles: ['agent'],
    is: 'the agent who tries to take records',
  },
  { id: 'tomas', name: 'Tomás Herrera', team: 'home', roles: ['agent'], is: 'a colleague' },
  { id: 'yuki', name: 'Yuki Tanabe', team: 'home', roles: ['agent'], is: 'a colleague' },
  { id: 'sam', name: 'Sam Okoro', team: 'billing', roles: ['agent'], is: 'an agent of billing' },
  { id: 'ines', name: 'Inês Duarte', team: 'billing', roles: ['agent'], is: 'an agent of billing' },
  {
    id: 'lea',
    name: 'Lea Brandt',
    team: 'home',
    roles: ['agent', 'lead'],
    is: 'the lead of home products',
  },
  { id: 'omar', name: 'Omar Aziz', team: 'trust', roles: ['officer'], is: 'the privacy officer' },
  {
    id: 'ada',
    name: 'Ada Lind',
    team: 'trust',
    roles: ['admin'],
    is: 'the administrator, who is shown no customer',
  },
]
