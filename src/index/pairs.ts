/** Pairs: one entry for each (customer, agent), with the steps by which the exposure grows. */
import { ALL_FIELDS, type DisclosureRows, GROUNDED, type Ids, idsFor } from './rows.ts'

/** Bits of `pairFlags`. */
const PAIR = { explained: 1, hasSteps: 2 } as const

/**
 * Pairs of customer c stand at `pairStarts[c] .. pairStarts[c + 1]`, agents ascending. `pairAt` is
 * the first disclosure, `pairFields` the fields shown then (null: no fields in this log). A pair
 * flagged `hasSteps` has entries in `stepPair` (ascending, then by time): from `stepAt` on, the
 * fields shown so far are `stepFields`, and an explained disclosure has been seen if `stepExplained`.
 */
export interface Pairs {
  readonly pairStarts: Uint32Array
  readonly pairAgent: Ids
  readonly pairAt: Uint32Array
  readonly pairFields: Uint32Array | null
  readonly pairFlags: Uint8Array
  readonly stepPair: Uint32Array
  readonly stepAt: Uint32Array
  readonly stepFields: Uint32Array
  readonly stepExplained: Uint8Array
}

export interface PairsBuilder {
  /** Adds rows [from, to), all of one customer, by agent and time; customers come in order. */
  add(rows: DisclosureRows, from: number, to: number): void
  finish(): Pairs
}

/** `capacity` bounds the rows to come; memory of the unused rest is never touched. */
export function pairsBuilder(
  agents: number,
  customers: number,
  capacity: number,
  knowsFields: boolean,
): PairsBuilder {
  const pairStarts = new Uint32Array(customers + 1)
  const pairAgent = idsFor(agents, capacity)
  const pairAt = new Uint32Array(capacity)
  const pairFields = knowsFields ? new Uint32Array(capacity) : null
  const pairFlags = new Uint8Array(capacity)
  const steps = stepsBuilder(capacity)
  let count = 0
  let nextCustomer = 0

  function openPair(rows: DisclosureRows, i: number): void {
    pairAgent[count] = rows.agent[i]
    pairAt[count] = rows.at[i]
    if (pairFields) pairFields[count] = fieldsOf(rows, i)
    pairFlags[count] = explainedBy(rows, i)
    count++
  }

  function add(rows: DisclosureRows, from: number, to: number): void {
    const customer = rows.customer[from]
    while (nextCustomer <= customer) pairStarts[nextCustomer++] = count
    const { agent, at } = rows
    let open = -1
    let fields = 0
    let explained = 0
    for (let i = from; i < to; i++) {
      if (rows.masked?.[i] === 1) continue
      if (agent[i] !== open) {
        openPair(rows, i)
        open = agent[i]
        fields = pairFields ? pairFields[count - 1] : ALL_FIELDS
        explained = pairFlags[count - 1]
        continue
      }
      const wider = pairFields ? (fields | fieldsOf(rows, i)) >>> 0 : fields
      const better = explained | explainedBy(rows, i)
      if (wider === fields && better === explained) continue
      fields = wider
      explained = better
      const pair = count - 1
      if (at[i] === pairAt[pair]) {
        if (pairFields) pairFields[pair] = fields
        pairFlags[pair] |= explained
      } else {
        steps.add(pair, at[i], fields, explained)
        pairFlags[pair] |= PAIR.hasSteps
      }
    }
  }

  function finish(): Pairs {
    while (nextCustomer <= customers) pairStarts[nextCustomer++] = count
    return {
      pairStarts,
      pairAgent: pairAgent.subarray(0, count),
      pairAt: pairAt.subarray(0, count),
      pairFields: pairFields?.subarray(0, count) ?? null,
      pairFlags: pairFlags.subarray(0, count),
      ...steps.finish(),
    }
  }
  return { add, finish }
}

function stepsBuilder(capacity: number) {
  const stepPair = new Uint32Array(capacity)
  const stepAt = new Uint32Array(capacity)
  const stepFields = new Uint32Array(capacity)
  const stepExplained = new Uint8Array(capacity)
  let count = 0
  return {
    add(pair: number, at: number, fields: number, explained: number): void {
      const same = count > 0 && stepPair[count - 1] === pair && stepAt[count - 1] === at
      if (!same) count++
      stepPair[count - 1] = pair
      stepAt[count - 1] = at
      stepFields[count - 1] = fields
      stepExplained[count - 1] = explained
    },
    finish: () => ({
      stepPair: stepPair.subarray(0, count),
      stepAt: stepAt.subarray(0, count),
      stepFields: stepFields.subarray(0, count),
      stepExplained: stepExplained.subarray(0, count),
    }),
  }
}

function fieldsOf(rows: DisclosureRows, i: number): number {
  return rows.fields?.[i] || ALL_FIELDS
}

function explainedBy(rows: DisclosureRows, i: number): number {
  return rows.grounded && rows.grounded[i] === GROUNDED.no ? 0 : PAIR.explained
}

/** True when the pair had been shown fields covering `mask` before `beforeS`. */
export function wasShown(pairs: Pairs, pair: number, beforeS: number, mask: number): boolean {
  if (pairs.pairAt[pair] >= beforeS) return false
  if (pairs.pairFields === null || (mask & ~pairs.pairFields[pair]) === 0) return true
  if ((pairs.pairFlags[pair] & PAIR.hasSteps) === 0) return false
  const step = lastStep(pairs, pair, beforeS)
  return step >= 0 && (mask & ~pairs.stepFields[step]) === 0
}

/** True when an explained disclosure of the pair lies before `beforeS`. */
export function wasExplained(pairs: Pairs, pair: number, beforeS: number): boolean {
  if (pairs.pairAt[pair] >= beforeS) return false
  if ((pairs.pairFlags[pair] & PAIR.explained) !== 0) return true
  if ((pairs.pairFlags[pair] & PAIR.hasSteps) === 0) return false
  const step = lastStep(pairs, pair, beforeS)
  return step >= 0 && pairs.stepExplained[step] !== 0
}

/** The pair's last step before `beforeS`, or -1. */
function lastStep({ stepPair, stepAt }: Pairs, pair: number, beforeS: number): number {
  let low = 0
  let high = stepPair.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const before =
      stepPair[middle] < pair || (stepPair[middle] === pair && stepAt[middle] < beforeS)
    if (before) low = middle + 1
    else high = middle
  }
  return low > 0 && stepPair[low - 1] === pair ? low - 1 : -1
}
