/** How large a world is, and what happens in it. The table of docs/simulation.md. */

export type ScaleName = 'small' | 'medium' | 'full' | 'bench'
export type Leak = 'agent' | 'two' | 'outside' | 'none'

export interface Scale {
  readonly customers: number
  /** Persons and service accounts together. */
  readonly agents: number
  readonly ticketsPerDay: number
  readonly regions: number
  readonly products: number
  readonly remindersPerDay: number
  /** Records taken in the whole incident. */
  readonly taken: number
  /** Expected number of reports, whatever their cause. */
  readonly reports: number
}

export const SCALES: Record<ScaleName, Scale> = {
  small: {
    customers: 5_000,
    agents: 40,
    ticketsPerDay: 160,
    regions: 3,
    products: 2,
    remindersPerDay: 20,
    taken: 600,
    reports: 40,
  },
  medium: {
    customers: 200_000,
    agents: 180,
    ticketsPerDay: 1_900,
    regions: 5,
    products: 3,
    remindersPerDay: 500,
    taken: 3_500,
    reports: 60,
  },
  full: {
    customers: 12_000_000,
    agents: 1_000,
    ticketsPerDay: 18_000,
    regions: 8,
    products: 4,
    remindersPerDay: 6_000,
    taken: 68_000,
    reports: 300,
  },
  bench: {
    customers: 8_000,
    agents: 150,
    ticketsPerDay: 280,
    regions: 4,
    products: 3,
    remindersPerDay: 20,
    taken: 800,
    reports: 40,
  },
}

export const DAYS = 90
export const DAY_S = 86_400
/** Monday 1 April 2019, 00:00 UTC. */
export const START_S = 1_554_076_800
export const END_S = START_S + DAYS * DAY_S

/** Days (from 0) on which the leaker takes records: `from` inclusive, `to` exclusive. */
export const TAKING_DAYS = { from: 5, to: 65 } as const
/** Day at whose end an outside copy is made. */
export const COPY_DAY = 20

export const SEGMENTS = ['consumer', 'business', 'government'] as const
export type Segment = (typeof SEGMENTS)[number]
export const SEGMENT_SHARES = [0.97, 0.025, 0.005]

export interface Region {
  readonly name: string
  readonly language: string
  readonly utcOffsetH: number
  readonly share: number
}

/** The first two speak English, so that a leaker always has more than one region to take from. */
export const REGIONS: readonly Region[] = [
  { name: 'us', language: 'en', utcOffsetH: -6, share: 0.34 },
  { name: 'gb', language: 'en', utcOffsetH: 0, share: 0.12 },
  { name: 'jp', language: 'ja', utcOffsetH: 9, share: 0.16 },
  { name: 'au', language: 'en', utcOffsetH: 10, share: 0.06 },
  { name: 'de', language: 'de', utcOffsetH: 1, share: 0.11 },
  { name: 'ca', language: 'en', utcOffsetH: -5, share: 0.07 },
  { name: 'fr', language: 'fr', utcOffsetH: 1, share: 0.08 },
  { name: 'br', language: 'pt', utcOffsetH: -3, share: 0.06 },
]

export const PRODUCTS = ['antivirus', 'mobile', 'passwords', 'family'] as const

export interface Options {
  readonly seed: number
  readonly scale: ScaleName
  readonly leak: Leak
  /** Share of the expected reports that have another cause than the leak. */
  readonly noise: number
  /** Share of the customers the leaker saw whose accesses by the leaker are not in the log. */
  readonly missing: number
  /** What the buyer wants; absent: everything. */
  readonly region?: string
  readonly segment?: Segment
  readonly taken?: number
  readonly perDay?: number
  readonly reports?: number
}
