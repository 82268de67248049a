/** The queues that tickets wait in, and which queue a customer's ticket goes to. */
import type { Customers } from './customers.ts'
import type { Random } from './random.ts'
import { PRODUCTS, type Region, type Scale, type Segment } from './scales.ts'

export type Topic = 'product' | 'billing' | 'business' | 'government' | 'second-line'

export interface Queue {
  readonly name: string
  readonly topic: Topic
  /** Index of the region, or -1 for a queue that serves them all. */
  readonly region: number
  readonly product: number
}

const BILLING_SHARE = 0.15

export function makeQueues(scale: Scale, regions: readonly Region[]): Queue[] {
  const queues: Queue[] = []
  for (const [region, { name }] of regions.entries()) {
    for (let product = 0; product < scale.products; product++) {
      const queue = `consumer-${name}-${PRODUCTS[product]}`
      queues.push({ name: queue, topic: 'product', region, product })
    }
    queues.push({ name: `consumer-${name}-billing`, topic: 'billing', region, product: -1 })
  }
  const everywhere = { region: -1, product: -1 }
  queues.push({ name: 'business', topic: 'business', ...everywhere })
  queues.push({ name: 'government', topic: 'government', ...everywhere })
  queues.push({ name: 'second-line', topic: 'second-line', ...everywhere })
  return queues
}

/** Index of the queue that a new ticket of this customer goes to. */
export function queueOf(customer: number, customers: Customers, scale: Scale, rng: Random): number {
  const { segment, region } = customers.groups[customers.group[customer]]
  const consumerQueues = customers.regions.length * (scale.products + 1)
  const special: Partial<Record<Segment, number>> = {
    business: consumerQueues,
    government: consumerQueues + 1,
  }
  const own = special[segment]
  if (own !== undefined) return own
  const first = region * (scale.products + 1)
  if (rng.chance(BILLING_SHARE)) return first + scale.products
  return first + customers.product(customer)
}
