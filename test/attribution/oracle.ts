/** The formulas of docs/attribution.md, written as plainly as they read and as slowly as they run. */
import type { Evidence } from '../../src/attribution/evidence.ts'
import { SHARES } from '../../src/attribution/grid.ts'

function membersOf(evidence: Evidence): number[][] {
  const { starts, agents, size } = evidence.group
  const members = Array.from({ length: starts.length - 1 }, (_, i) => [
    ...agents.slice(starts[i], starts[i + 1]),
  ])
  while (members.length < size) members.push([])
  return members
}

function shareWithout(evidence: Evidence, agent: number, others: number[], gamma = 1): number {
  const rest = membersOf(evidence).filter((m) => !others.some((o) => m.includes(o)))
  const q = (rest.filter((m) => m.includes(agent)).length + 1) / (rest.length + 1)
  return (gamma * q) / (1 + (gamma - 1) * q)
}

/** ln of the mixture over the grid of R_{a,B}. */
export function logAgainst(
  evidence: Evidence[],
  agent: number,
  others: number[],
  gamma = 1,
): number {
  const used = evidence.filter((e) => !others.some((o) => e.hits.includes(o)))
  const values = SHARES.map((p) => {
    let product = 1
    for (const e of used) {
      product *= e.hits.includes(agent) ? 1 - p + p / shareWithout(e, agent, others, gamma) : 1 - p
    }
    return product
  })
  return Math.log(values.reduce((a, b) => a + b, 0) / values.length)
}

export function subsets(agents: number, without: number, k: number): number[][] {
  const rest = Array.from({ length: agents }, (_, a) => a).filter((a) => a !== without)
  const sets: number[][] = [[], ...rest.map((a) => [a])]
  if (k === 2)
    for (let i = 0; i < rest.length; i++)
      for (let j = i + 1; j < rest.length; j++) sets.push([rest[i], rest[j]])
  return sets
}

export function logRobust(
  evidence: Evidence[],
  agents: number,
  agent: number,
  k: number,
  gamma = 1,
): number {
  return Math.min(...subsets(agents, agent, k).map((b) => logAgainst(evidence, agent, b, gamma)))
}

/** The largest log-likelihood over coincidence, singles and pairs not in `without`, by a fine grid. */
export function bestExplanation(evidence: Evidence[], agents: number, without: number[]): number {
  const lifts = evidence.map((e) =>
    Array.from({ length: agents }, (_, a) => (e.hits.includes(a) ? 1 / shareWithout(e, a, []) : 0)),
  )
  let best = 0
  const steps = 60
  for (let b = 0; b < agents; b++) {
    if (without.includes(b)) continue
    for (let c = b; c < agents; c++) {
      if (without.includes(c)) continue
      for (let i = 0; i <= steps; i++) {
        for (let j = 0; j <= (c === b ? 0 : steps - i); j++) {
          const pB = i / steps
          const pC = j / steps
          let sum = 0
          for (const lift of lifts)
            sum += Math.log(1 - pB - pC + pB * lift[b] + (c === b ? 0 : pC * lift[c]))
          if (sum > best) best = sum
        }
      }
    }
  }
  return best
}
