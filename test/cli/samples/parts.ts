/** The parts of a sample verdict: reports, agents, scope. Made, not computed by the product. */
import { pseudonym as hashed } from '../../../src/base/ids.ts'
import type {
  Accused,
  Affected,
  AgentSummary,
  ReportSummary,
  VerdictKind,
} from '../../../src/cases/document.ts'

/** What a sample verdict is made from. */
export interface Recipe {
  readonly verdict: VerdictKind
  readonly reports: number
  /** Share of the reports that each agent had been shown, and of comparable customers. */
  readonly agents: readonly { name: string; hitShare: number; comparisonShare: number }[]
  readonly accused?: number
  /** How much of the evidence is left once another leaker is allowed for. */
  readonly robust?: number
  readonly ghostEvery?: number
  readonly segments?: readonly [name: string, customers: number, shown: number][]
  readonly customer?: (index: number) => string
  readonly headline: string
  readonly advice: readonly string[]
}

const pseudonym = (agent: string) => (agent.startsWith('A-') ? agent : hashed(agent))

/** One day in seconds. */
export const DAY_S = 86_400
/** The day on which every sample begins (epoch seconds). */
export const START_S = Date.UTC(2026, 0, 5, 8) / 1000

/** Epoch seconds as ISO 8601. */
export const iso = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().replace('.000', '')

/** A small generator with a fixed seed, so that a screenshot is the same every time. */
function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Evidence after each report: a mixture over the share p of the product over the reports. */
export function evidence(hits: readonly boolean[], q: number, weight: number): number[] {
  const shares = [0.1, 0.3, 0.5, 0.7, 0.9]
  const sums = shares.map(() => 0)
  return hits.map((hit) => {
    for (const [i, p] of shares.entries()) sums[i] += Math.log10(hit ? 1 - p + p / q : 1 - p)
    const top = Math.max(...sums)
    const mean = sums.reduce((sum, value) => sum + 10 ** (value - top), 0) / shares.length
    return weight + top + Math.log10(mean)
  })
}

/** Reports with the agents who had been shown each customer. */
export function makeReports(recipe: Recipe): ReportSummary[] {
  const next = random(recipe.reports + recipe.agents.length)
  const customer = recipe.customer ?? ((i) => `C-${(1_048_211 + i * 7919) % 9_999_999}`)
  const reports: ReportSummary[] = []
  for (let i = 0; i < recipe.reports; i++) {
    const callS = START_S + 30 * DAY_S + Math.floor(((i + next()) / recipe.reports) * 40 * DAY_S)
    const unseen = recipe.ghostEvery !== undefined && i % recipe.ghostEvery === 0
    const shownTo = recipe.agents
      .filter((agent, at) => !unseen && hitAt(i, at, agent.hitShare))
      .map((agent) => ({
        agent: agent.name,
        firstAt: iso(callS - Math.floor((1 + next() * 26) * DAY_S)),
        comparisonShare: agent.comparisonShare,
      }))
    const knew = ['phone', 'name', 'ticket'].slice(0, 1 + (i % 3))
    reports.push({
      report: `R${i + 1}`,
      customer: customer(i),
      contactedAt: iso(callS),
      knew,
      ghost: shownTo.length === 0,
      comparisonCustomers: 1000,
      shownTo,
    })
  }
  return reports
}

/** Spreads an agent's misses evenly, and differently from agent to agent. */
function hitAt(report: number, agent: number, share: number): boolean {
  const offset = report + 1 + agent * 0.37
  return Math.floor(offset * share) > Math.floor((offset - 1) * share) || share >= 1
}

/** The agents' figures over those reports. */
export function summarise(recipe: Recipe, reports: readonly ReportSummary[]): AgentSummary[] {
  const n = reports.length
  return recipe.agents.map((agent) => {
    const hits = reports.filter((report) => report.shownTo.some((to) => to.agent === agent.name))
    const flags = reports.map((report) => hits.includes(report))
    const strength = evidence(flags, agent.comparisonShare, 0)
    const last = strength.at(-1) ?? 0
    return {
      agent: agent.name,
      pseudonym: pseudonym(agent.name),
      hits: hits.length,
      comparisonShare: agent.comparisonShare,
      ungroundedHits: Math.floor(hits.length * 0.8),
      distinctCustomers: Math.round(agent.comparisonShare * 400_000),
      log10Sharp: last * 1.2,
      log10Robust: last * (recipe.robust ?? 1),
      worstRivals: recipe.agents
        .filter((other) => other !== agent)
        .slice(0, 1)
        .map((other) => other.name),
      explanation: `${hits.length} of ${n} reported customers were shown to ${agent.name} before the call; of comparable customers, ${(agent.comparisonShare * 100).toFixed(1)}%.`,
    }
  })
}

/** The scope of one accused agent, with tiers that add up. */
export function makeAffected(
  recipe: Recipe,
  accused: Accused,
  reports: readonly ReportSummary[],
): Affected {
  const segments = recipe.segments ?? [
    ['consumer', 11_214_000, 66_904],
    ['business', 742_500, 1_216],
    ['government', 43_500, 0],
  ]
  const shown = segments.reduce((sum, segment) => sum + segment[2], 0)
  const hit = reports.filter((report) => report.shownTo.some((to) => to.agent === accused.agent))
  const explained = Math.round(shown * 0.04)
  return {
    agent: accused.agent,
    window: { from: iso(START_S), to: iso(START_S + 71 * DAY_S) },
    tiers: [
      {
        tier: 'reported',
        customers: hit.length,
        meaning: 'Reported a call and had been shown to this agent before it.',
      },
      {
        tier: 'unexplained',
        customers: Math.max(0, shown - explained - hit.length),
        meaning: 'Shown to this agent in the window with no ticket that explains it.',
      },
      {
        tier: 'explained',
        customers: explained,
        meaning: 'Shown to this agent in the window for a ticket they were assigned.',
      },
    ],
    segments: segments.map(([segment, customers, touched]) => ({
      segment,
      customers,
      shown: touched,
    })),
    sample: Array.from({ length: Math.min(500, shown) }, (_, i) => ({
      customer: hit[i]?.customer ?? `C-${2_000_000 + i * 131}`,
      tier:
        i < hit.length
          ? ('reported' as const)
          : i % 25 === 0
            ? ('explained' as const)
            : ('unexplained' as const),
      firstAt: iso(START_S + i * 4321),
      fields: ['phone', 'name', 'address'].slice(0, 1 + (i % 3)),
    })),
  }
}
