import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { guiltOf } from '../../src/attribution/guilt.ts'
import { addEvidence, emptyRecord, hitShare } from '../../src/attribution/record.ts'
import { robustScore } from '../../src/attribution/robust.ts'
import { gammaOf, marginOf } from '../../src/attribution/sensitivity.ts'
import { explain, logNumerator, logSharp } from '../../src/attribution/sharp.ts'
import { catchUp, suspect } from '../../src/attribution/suspect.ts'
import { bestExplanation, logAgainst, logRobust, subsets } from './oracle.ts'
import { drawReports, evidenceOf, randomWorld, seeded, seenBy, type World } from './worlds.ts'

interface Case {
  readonly world: World
  readonly evidence: ReturnType<typeof evidenceOf>
}

function makeCase(seed: number, agents: number, customers: number, reports: number): Case {
  const draw = seeded(seed)
  const world = randomWorld(draw, agents, customers)
  const pool = seenBy(world, 0)
  const drawn = drawReports(draw, world, pool, Math.min(reports, customers - 2), draw())
  return { world, evidence: evidenceOf(world, drawn) }
}

function recordOf({ world, evidence }: Case) {
  const record = emptyRecord(world.agents)
  for (const one of evidence) addEvidence(record, one)
  return record
}

const cases = fc.record({
  seed: fc.integer(),
  agents: fc.integer({ min: 2, max: 7 }),
  customers: fc.integer({ min: 8, max: 70 }),
  reports: fc.integer({ min: 0, max: 9 }),
})

describe('the robust statistic', () => {
  for (const k of [1, 2] as const) {
    it(`is the true minimum over every set of at most ${k} others`, () => {
      fc.assert(
        fc.property(
          cases,
          fc.constantFrom(1, 2, 5),
          ({ seed, agents, customers, reports }, gamma) => {
            const one = makeCase(seed, agents, customers, reports)
            const record = recordOf(one)
            for (let agent = 0; agent < agents; agent++) {
              const at = suspect(record, agent, gamma)
              catchUp(record, at)
              const { logR, worst } = robustScore(record, at, k)
              expect(logR).toBeCloseTo(logRobust(one.evidence, agents, agent, k, gamma), 8)
              expect(logAgainst(one.evidence, agent, [...worst], gamma)).toBeCloseTo(logR, 8)
            }
          },
        ),
        { numRuns: 60 },
      )
    })
  }

  it('does not depend on whether reports came one by one or at once', () => {
    const one = makeCase(11, 6, 60, 9)
    const record = emptyRecord(one.world.agents)
    const grown = suspect(record, 0)
    for (const evidence of one.evidence) {
      addEvidence(record, evidence)
      catchUp(record, grown)
      const fresh = suspect(record, 0)
      catchUp(record, fresh)
      expect(robustScore(record, grown).logR).toBeCloseTo(robustScore(record, fresh).logR, 10)
    }
  })

  it('is a fair bet: a reported customer drawn from the group leaves its mean at one', () => {
    const world = randomWorld(seeded(5), 6, 40)
    for (let agent = 0; agent < world.agents; agent++) {
      for (const others of subsets(world.agents, agent, 2)) {
        const missed = world.shown.flatMap((m, c) => (others.some((o) => m.includes(o)) ? [] : [c]))
        let sum = 0
        for (const customer of missed)
          sum += Math.exp(logAgainst(evidenceOf(world, [customer]), agent, others))
        if (missed.length > 0 && missed.some((c) => world.shown[c].includes(agent))) {
          expect(sum / missed.length).toBeCloseTo(1, 8)
        } else {
          expect(sum / Math.max(1, missed.length)).toBeLessThanOrEqual(1)
        }
      }
    }
  })
})

describe('gamma and the margin', () => {
  it('gamma is where the naming falls, the margin is the fewest reports that make it fall', () => {
    const draw = seeded(3)
    const world = randomWorld(draw, 5, 200, 0.1)
    const drawn = drawReports(draw, world, seenBy(world, 0), 9, 0.1)
    const one = { world, evidence: evidenceOf(world, drawn) }
    const record = recordOf(one)
    const at = suspect(record, 0)
    catchUp(record, at)
    const { logR, worst } = robustScore(record, at)
    const needed = logR * 0.6
    const gamma = gammaOf(record, at, needed, 1)
    expect(gamma).toBeGreaterThan(1)
    expect(logRobust(one.evidence, world.agents, 0, 1, gamma * 0.99)).toBeGreaterThanOrEqual(needed)
    expect(logRobust(one.evidence, world.agents, 0, 1, gamma * 1.02)).toBeLessThan(needed)
    expect(marginOf(record, at, needed, worst)).toBe(fewestRemovals(one, needed))
  })
})

/** By brute force over every subset of the reports. */
function fewestRemovals({ world, evidence }: Case, needed: number): number {
  let fewest = evidence.length
  for (let mask = 0; mask < 1 << evidence.length; mask++) {
    const kept = evidence.filter((_, i) => (mask & (1 << i)) === 0)
    const removed = evidence.length - kept.length
    if (removed < fewest && logRobust(kept, world.agents, 0, 1) < needed) fewest = removed
  }
  return fewest
}

describe('the sharp statistic', () => {
  it('divides by the true maximum over every explanation without the agent', () => {
    fc.assert(
      fc.property(cases, ({ seed, agents, customers, reports }) => {
        const one = makeCase(seed, Math.min(agents, 5), customers, reports)
        const record = recordOf(one)
        const explanations = explain(record)
        const best = bestExplanation(one.evidence, one.world.agents, [])
        expect(explanations.best.value).toBeGreaterThanOrEqual(best - 1e-9)
        expect(explanations.best.value).toBeLessThan(best + 0.06)
        for (const agent of explanations.best.agents) {
          const without = bestExplanation(one.evidence, one.world.agents, [agent])
          const found = explanations.without(agent)
          expect(found.value).toBeGreaterThanOrEqual(without - 1e-9)
          expect(found.value).toBeLessThan(without + 0.06)
          expect(found.agents).not.toContain(agent)
          expect(logSharp(record, explanations, agent)).toBeCloseTo(
            logNumerator(record, agent) - found.value,
            10,
          )
        }
      }),
      { numRuns: 40 },
    )
  })

  it('gives every agent outside the best explanation no evidence at all', () => {
    const one = makeCase(21, 6, 60, 9)
    const record = recordOf(one)
    const explanations = explain(record)
    for (let agent = 0; agent < one.world.agents; agent++) {
      if (explanations.best.agents.includes(agent)) continue
      expect(logSharp(record, explanations, agent)).toBeLessThanOrEqual(0)
    }
  })
})

describe('the comparison share', () => {
  it('counts the reported customer among the alike', () => {
    const world = { agents: 2, shown: [[0], [0], [], [], [1]] }
    const record = emptyRecord(2)
    addEvidence(record, evidenceOf(world, [0])[0])
    expect(hitShare(record, 0, 0)).toBeCloseTo(2 / 5, 12)
    expect(hitShare(record, 1, 0)).toBeNaN()
    expect(record.hits[0]?.lift).toEqual([5 / 2])
    expect(record.hits[1]).toBeUndefined()
  })
})

describe('the 2011 guilt model', () => {
  it('gives the two published values', () => {
    const leaked = [[0, 1], [0], [1]]
    expect(guiltOf(leaked, 2, 0.5)[0]).toBeCloseTo(0.625, 10)
    expect(guiltOf(leaked, 2, 0.2)[0]).toBeCloseTo(0.88, 10)
  })
})
