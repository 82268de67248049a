/** Outside, asked customers, next questions, posterior shares, power: everything beside naming. */
import { describe, expect, it } from 'vitest'
import {
  addReport,
  DEFAULT_RULE,
  judge,
  namings,
  startAttribution,
} from '../../src/attribution/judge.ts'
import { outsideEvidence } from '../../src/attribution/outside.ts'
import { posterior } from '../../src/attribution/posterior.ts'
import { robustRate, sharpRate } from '../../src/attribution/power.ts'
import { nextQuestions } from '../../src/attribution/questions.ts'
import { addEvidence, emptyRecord } from '../../src/attribution/record.ts'
import { surveyEvidence } from '../../src/attribution/survey.ts'
import { drawReports, evidenceOf, randomWorld, seeded, seenBy, type World } from './worlds.ts'

function recordOf(world: World, evidence: ReturnType<typeof evidenceOf>) {
  const record = emptyRecord(world.agents)
  for (const one of evidence) addEvidence(record, one)
  return record
}

function reach(world: World, least: number, most: number): number {
  return Array.from({ length: world.agents }, (_, a) => a).findIndex((agent) => {
    const count = seenBy(world, agent).length
    return count >= least && count <= most
  })
}

describe('outside', () => {
  it('is found when knowing callers reach customers that no agents explain', () => {
    const draw = seeded(1)
    const world = randomWorld(draw, 10, 600, 0.1)
    const drawn = drawReports(draw, world, [], 40, 1)
    const { logE } = outsideEvidence(recordOf(world, evidenceOf(world, drawn, true)), [])
    expect(logE).toBeGreaterThan(Math.log(1000))
  })

  it('is not said of callers who knew nothing, nor where one or two agents explain them', () => {
    const draw = seeded(2)
    const world = randomWorld(draw, 10, 600, 0.1)
    const anybody = drawReports(draw, world, [], 40, 1)
    expect(outsideEvidence(recordOf(world, evidenceOf(world, anybody)), []).logE).toBe(0)
    const [a, b] = [reach(world, 20, 80), reach(world, 8, 19)]
    for (const pool of [seenBy(world, a), [...seenBy(world, a), ...seenBy(world, b)]]) {
      const sold = drawReports(draw, world, pool, 15, 0)
      const evidence = evidenceOf(world, sold, true)
      expect(outsideEvidence(recordOf(world, evidence), []).logE).toBeLessThan(0)
    }
  })

  it('dates a copy by the youngest customer it reached', () => {
    const draw = seeded(3)
    const world = randomWorld(draw, 10, 600, 0.1)
    const drawn = drawReports(draw, world, [], 30, 1).map((c) => c % 300)
    const first = (customer: number) => 1000 + customer
    const evidence = evidenceOf(world, [...new Set(drawn)], true).map((one) => ({
      ...one,
      firstContact: first(Number(one.report.slice(1))),
      group: { ...one.group, firstContacts: Uint32Array.from({ length: 600 }, (_, c) => first(c)) },
    }))
    const { copyNotBeforeS } = outsideEvidence(recordOf(world, evidence), [1100, 1200, 1300, 1600])
    expect(copyNotBeforeS).toBe(1300)
  })
})

describe('asked customers', () => {
  it('are compared with everyone asked, so that asking about one agent proves nothing by itself', () => {
    const draw = seeded(4)
    const world = randomWorld(draw, 10, 600, 0.2)
    const agent = reach(world, 30, 120)
    const asked = seenBy(world, agent).slice(0, 25)
    const answers = asked.map((customer, i) => ({
      evidence: evidenceOf(world, [customer])[0],
      called: i % 2 === 0,
    }))
    const attribution = startAttribution(world.agents, DEFAULT_RULE)
    for (const evidence of surveyEvidence(answers)) addReport(attribution, evidence)
    expect(attribution.record.count).toBe(13)
    expect(judge(attribution).verdict).toBe('undecided')
  })

  it('separate two agents when both sides are asked', () => {
    const draw = seeded(5)
    const world = randomWorld(draw, 10, 2000, 0.2)
    const [a, b] = [reach(world, 150, 400), 9]
    const onlyA = seenBy(world, a)
      .filter((c) => !world.shown[c].includes(b))
      .slice(0, 25)
    const neither = world.shown.flatMap((m, c) => (m.includes(a) ? [] : [c])).slice(0, 25)
    const answers = [...onlyA, ...neither].map((customer) => ({
      evidence: evidenceOf(world, [customer])[0],
      called: onlyA.includes(customer),
    }))
    const attribution = startAttribution(world.agents, DEFAULT_RULE)
    const evidence = surveyEvidence(answers)
    for (const one of evidence) addReport(attribution, one)
    expect(evidence.map((one) => one.group.size)).toEqual(evidence.map((_, i) => 49 - i))
    expect(namings(attribution, false).map((n) => n.agent)).toContain(a)
  })
})

describe('the next best questions', () => {
  const hypotheses = [
    { agents: [1], share: 1 },
    { agents: [2], share: 1 },
  ]

  it('tell nothing where both or neither were shown the customer', () => {
    const askable = [
      { customer: 'both', shownTo: [1, 2] },
      { customer: 'neither', shownTo: [] },
      { customer: 'one', shownTo: [1, 7] },
    ]
    const found = nextQuestions(askable, hypotheses, 9)
    expect(found.map((question) => question.customer)).toEqual(['one'])
    expect(found[0].shownTo).toEqual([1])
    expect(found[0].bits).toBeGreaterThan(0.1)
    expect(found[0].bits).toBeLessThan(1)
  })

  it('ask both sides, and leave out what tells nothing', () => {
    const askable = [
      ...Array.from({ length: 9 }, (_, i) => ({ customer: `a${i}`, shownTo: [1] })),
      ...Array.from({ length: 9 }, (_, i) => ({ customer: `b${i}`, shownTo: [2] })),
      ...Array.from({ length: 9 }, (_, i) => ({ customer: `ab${i}`, shownTo: [1, 2] })),
    ]
    const asked = nextQuestions(askable, hypotheses, 6).map((question) => question.customer)
    expect(asked.filter((customer) => customer.startsWith('a'))).toHaveLength(3)
    expect(asked.filter((customer) => customer.startsWith('b'))).toHaveLength(3)
  })
})

describe('posterior shares', () => {
  it('sum to one, and go to the leaker', () => {
    const draw = seeded(6)
    const world = randomWorld(draw, 12, 800, 0.1)
    const leaker = reach(world, 30, 90)
    const drawn = drawReports(draw, world, seenBy(world, leaker), 20, 0.1)
    const shares = posterior(recordOf(world, evidenceOf(world, drawn)), false)
    const one = shares.oneAgent.reduce((sum, s) => sum + s.share, 0)
    const two = shares.twoAgents.reduce((sum, s) => sum + s.share, 0)
    expect(shares.coincidence + shares.outside + one + two).toBeCloseTo(1, 10)
    expect(shares.oneAgent[0].agent).toBe(leaker)
    expect(shares.oneAgent[0].share).toBeGreaterThan(0.9)
  })

  it('weigh an agent less whose exposures are all grounded', () => {
    const world = { agents: 2, shown: Array.from({ length: 40 }, (_, c) => (c < 8 ? [0, 1] : [])) }
    const evidence = evidenceOf(world, [0, 1, 2, 3, 4]).map((one) => ({
      ...one,
      ungrounded: Uint8Array.from([1, 0]),
    }))
    const record = recordOf(world, evidence)
    const shareOf = (knows: boolean, agent: number) =>
      posterior(record, knows).oneAgent.find((s) => s.agent === agent)!.share
    expect(shareOf(false, 0)).toBeCloseTo(shareOf(false, 1), 10)
    expect(shareOf(true, 0)).toBeCloseTo(5 * shareOf(true, 1), 10)
  })
})

describe('power', () => {
  it('grows with what sets an agent apart, and is nil where another was shown everything too', () => {
    const draw = seeded(7)
    const base = randomWorld(draw, 8, 800, 0.1)
    const leaker = reach(base, 40, 90)
    const world = {
      agents: 9,
      shown: base.shown.map((m) => (m.includes(leaker) ? [...m, 8] : m)),
    }
    const drawn = drawReports(draw, base, seenBy(base, leaker), 40, 0.1)
    const alone = recordOf(base, evidenceOf(base, drawn))
    const hidden = recordOf(world, evidenceOf(world, drawn))
    expect(robustRate(alone, leaker).rate).toBeGreaterThan(0.5)
    expect(sharpRate(alone, leaker, 0.9)).toBeGreaterThan(0.5)
    const { rate, worst } = robustRate(hidden, leaker)
    expect(rate).toBeLessThanOrEqual(0)
    expect(worst).toEqual([8])
    expect(sharpRate(hidden, leaker, 0.9)).toBeCloseTo(0, 1)
  })
})

describe('when nobody leaks', () => {
  it('nobody is named in 300 seeded runs, looking after every report', () => {
    const draw = seeded(8)
    let leading = 0
    for (let run = 0; run < 300; run++) {
      const world = randomWorld(draw, 15, 300, 0.25)
      const attribution = startAttribution(world.agents, DEFAULT_RULE)
      for (const one of evidenceOf(world, drawReports(draw, world, [], 30, 1))) {
        addReport(attribution, one)
        expect(namings(attribution, false).filter((n) => n.named)).toEqual([])
      }
      if (judge(attribution).verdict === 'leading') leading++
    }
    expect(leading).toBeLessThanOrEqual(2)
  })
})
