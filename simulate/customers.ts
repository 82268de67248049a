/** The customers: who they are, how they are keyed, and which of them turns to the help desk. */
import { mix, type Random, random } from './random.ts'
import {
  REGIONS,
  type Region,
  type Scale,
  SEGMENT_SHARES,
  SEGMENTS,
  type Segment,
} from './scales.ts'

/** Customers of one region and segment: the dense ids `start .. start + count`, most active first. */
export interface Group {
  readonly segment: Segment
  readonly region: number
  readonly start: number
  readonly count: number
}

export interface Customers {
  readonly count: number
  readonly regions: readonly Region[]
  readonly groups: readonly Group[]
  /** Index into `groups`, by customer. */
  readonly group: Uint8Array
  /** 1 once the customer has had a ticket, before the log or in it. */
  readonly ticketed: Uint8Array
  /** The key as the organisation writes it; says nothing about the customer. */
  key(customer: number): string
  /** The customer whose key is the n-th. */
  nth(n: number): number
  /** Day of the log on which the customer joined; 0 for those who were there before. */
  joinedDay(customer: number): number
  product(customer: number): number
}

const JOINED_PER_MILLE = 35
/** Business and government contact the help desk more often than consumers. */
export const CONTACT_RATE: Record<Segment, number> = { consumer: 1, business: 4, government: 4 }

export function makeCustomers(seed: number, scale: Scale): Customers {
  const regions = REGIONS.slice(0, scale.regions)
  const groups = divide(scale.customers, regions)
  const salt = random(seed, 'customers').uint32()
  const group = new Uint8Array(scale.customers)
  const ticketed = new Uint8Array(scale.customers)
  groups.forEach((g, i) => {
    group.fill(i, g.start, g.start + g.count)
  })
  for (let c = 0; c < scale.customers; c++) ticketed[c] = mix(c, salt + 1) & 1
  const keys = scramble(scale.customers, salt)
  return {
    count: scale.customers,
    regions,
    groups,
    group,
    ticketed,
    key: (customer) => `C${String(100_000_000 + keys.forward(customer)).slice(1)}`,
    nth: keys.back,
    joinedDay(customer) {
      const hash = mix(customer, salt + 2)
      return hash % 1000 < JOINED_PER_MILLE ? 1 + ((hash >>> 12) % 89) : 0
    },
    product(customer) {
      const u = mix(customer, salt + 3) / 2 ** 32
      return Math.floor((1 - Math.sqrt(1 - u)) * scale.products)
    },
  }
}

/** Draws a customer of a group as contacts fall on them: 70% evenly, 30% with density
 * proportional to rank^(-1/2), which makes a few customers call very often. */
export function drawByActivity(group: Group, rng: Random): number {
  const u = rng.unit()
  const share = rng.chance(0.7) ? u : u * u
  return group.start + Math.floor(share * group.count)
}

function divide(total: number, regions: readonly Region[]): Group[] {
  const groups: Group[] = []
  const sum = regions.reduce((all, r) => all + r.share, 0)
  let start = 0
  let reached = 0
  for (const [region, { share }] of regions.entries()) {
    for (const [s, segment] of SEGMENTS.entries()) {
      reached += (share / sum) * SEGMENT_SHARES[s]
      const end = Math.min(total, Math.round(reached * total))
      groups.push({ segment, region, start, count: end - start })
      start = end
    }
  }
  return groups
}

/** A permutation of 0 .. n - 1 and its inverse, by an affine map; products stay below 2^53. */
export function scramble(n: number, salt: number) {
  let a = Math.floor(n * 0.6180339887) || 1
  while (gcd(a, n) !== 1) a++
  const b = salt % n
  const inverse = inverseModulo(a, n)
  return {
    forward: (x: number) => (x * a + b) % n,
    back: (y: number) => (((y - b + n) % n) * inverse) % n,
  }
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}

function inverseModulo(a: number, n: number): number {
  let [r0, r1, s0, s1] = [n, a % n, 0, 1]
  while (r1 > 0) {
    const q = Math.floor(r0 / r1)
    ;[r0, r1] = [r1, r0 - q * r1]
    ;[s0, s1] = [s1, s0 - q * s1]
  }
  return ((s0 % n) + n) % n
}
