/** The comparison group of one report as one bit set per agent, so that "shown to a but not to b" is
 * a count of bits. */
import type { ComparisonGroup } from './evidence.ts'

export interface GroupBits {
  /** Comparison customers, n. */
  readonly size: number
  /** Agents shown at least one of them, ascending; the position here is the agent's slot. */
  readonly agents: Uint32Array
  /** Per slot: how many of the n the agent was shown. */
  readonly seen: Uint32Array
  /** Words per slot. */
  readonly width: number
  readonly bits: Uint32Array
}

export function groupBits(group: ComparisonGroup, agentCount: number): GroupBits {
  const listed = group.starts.length - 1
  const count = new Uint32Array(agentCount)
  for (const agent of group.agents) count[agent]++
  const agents = Uint32Array.from(presentAgents(count))
  const slots = new Uint32Array(agentCount)
  agents.forEach((agent, slot) => {
    slots[agent] = slot
  })
  const width = Math.max(1, (listed + 31) >>> 5)
  const bits = new Uint32Array(agents.length * width)
  for (let customer = 0; customer < listed; customer++) {
    for (let i = group.starts[customer]; i < group.starts[customer + 1]; i++) {
      bits[slots[group.agents[i]] * width + (customer >>> 5)] |= 1 << (customer & 31)
    }
  }
  return { size: group.size, agents, seen: agents.map((agent) => count[agent]), width, bits }
}

function* presentAgents(count: Uint32Array): Generator<number> {
  for (let agent = 0; agent < count.length; agent++) if (count[agent] > 0) yield agent
}

/** The slot of an agent, or -1 where they were shown nobody of the group. */
export function slotOf(agents: Uint32Array, agent: number): number {
  let low = 0
  let high = agents.length - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    if (agents[middle] === agent) return middle
    if (agents[middle] < agent) low = middle + 1
    else high = middle - 1
  }
  return -1
}

/** How many customers both slots were shown. */
export function countBoth(group: GroupBits, slotA: number, slotB: number): number {
  const { bits, width } = group
  let count = 0
  for (let w = 0; w < width; w++)
    count += popcount(bits[slotA * width + w] & bits[slotB * width + w])
  return count
}

/** Customers shown to neither of the excluded slots: how many there are, and how many of them `slot`
 * was shown (0 for slot -1). */
export function countWithout(
  group: GroupBits,
  slot: number,
  excluded: readonly number[],
): { rest: number; shown: number } {
  const { bits, width } = group
  let away = 0
  let shown = 0
  for (let w = 0; w < width; w++) {
    let union = 0
    for (const other of excluded) if (other >= 0) union |= bits[other * width + w]
    away += popcount(union)
    if (slot >= 0) shown += popcount(bits[slot * width + w] & ~union)
  }
  return { rest: group.size - away, shown }
}

function popcount(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555)
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333)
  return (((v + (v >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}
