/** A whole sample verdict from a recipe. */
import type {
  AgentSummary,
  ReportSummary,
  VerdictDocument,
  VerdictKind,
} from '../../../src/cases/document.ts'
import {
  DAY_S,
  evidence,
  iso,
  makeAffected,
  makeReports,
  type Recipe,
  START_S,
  summarise,
} from './parts.ts'

const ALPHA = 0.001
const AGENTS = 1004

function posterior(recipe: Recipe, agents: readonly AgentSummary[]): VerdictDocument['posterior'] {
  const kind = recipe.verdict
  const coincidence = kind === 'undecided' ? 0.41 : kind === 'outside' ? 0.002 : 0.00001
  const outside = kind === 'outside' ? 0.97 : kind === 'undecided' ? 0.06 : 0.0002
  const [first, second] = agents
  const rest = 1 - coincidence - outside
  return {
    coincidence,
    outside,
    oneAgent: first
      ? agents.slice(0, 5).map((agent, i) => ({
          agent: agent.agent,
          share: (rest * 0.9) / (i === 0 ? 1.1 : 11 * i * 4),
        }))
      : [],
    twoAgents: first && second ? [{ agents: [first.agent, second.agent], share: rest * 0.1 }] : [],
  }
}

/** Figures that hang together, whatever the recipe. */
export function makeDocument(recipe: Recipe): VerdictDocument {
  const reports = makeReports(recipe)
  const agents = summarise(recipe, reports)
  const ghosts = reports.filter((report) => report.ghost).map((report) => report.customer)
  const accused = agents.slice(0, recipe.accused ?? 0).map((agent) => ({
    agent: agent.agent,
    pseudonym: agent.pseudonym,
    log10Evidence: recipe.verdict === 'named' ? agent.log10Robust : agent.log10Sharp,
    gamma: recipe.verdict === 'named' ? 6.3 : 0,
    margin: recipe.verdict === 'named' ? Math.ceil(reports.length * 0.3) : 0,
  }))
  const rivals = recipe.verdict === 'outside' ? [] : agents.slice(recipe.accused ?? 0, 4)
  const drawn = agents.slice(0, 6)
  const weight = -Math.log10(AGENTS)
  return {
    format: 'telltale-verdict/1',
    verdict: recipe.verdict,
    headline: recipe.headline,
    advice: [...recipe.advice],
    alpha: ALPHA,
    othersConsidered: 1,
    model: 'e-value',
    named: recipe.verdict === 'named' ? accused : [],
    leading: recipe.verdict === 'leading' ? accused : [],
    rivals: rivals.map((agent) => ({
      agent: agent.agent,
      pseudonym: agent.pseudonym,
      hits: agent.hits,
      because: `Was shown ${agent.hits} of the ${reports.length} reported customers too; no report speaks against them that does not also speak against others.`,
    })),
    nextQuestions:
      agents.length < 2 || recipe.verdict === 'outside'
        ? []
        : Array.from({ length: 5 }, (_, i) => ({
            customer: (recipe.customer ?? ((at: number) => `C-${3_300_417 + at * 977}`))(i),
            shownTo: [agents[0].agent],
            notShownTo: agents.slice(1, 4).map((agent) => agent.agent),
            bits: 0.94 - i * 0.07,
          })),
    reportsNeeded:
      recipe.verdict === 'named'
        ? 0
        : recipe.verdict === 'leading'
          ? 4
          : recipe.verdict === 'outside'
            ? null
            : 9,
    ghosts,
    outside: {
      log10Evidence: recipe.verdict === 'outside' ? 7.4 : -1.2,
      copyNotBefore: recipe.verdict === 'outside' ? iso(START_S + 12 * DAY_S) : null,
    },
    posterior: posterior(recipe, agents),
    agents,
    reports,
    unusableReports:
      recipe.reports > 4
        ? [{ line: 7, reason: 'the time cannot be read', text: 'C-5512,yesterday,phone' }]
        : [],
    race: {
      agents: drawn.map((agent) => agent.agent),
      log10Robust: drawn.map((agent) =>
        series(reports, agent).map((value) => value * (recipe.robust ?? 1) + weight),
      ),
      log10Sharp: drawn.map((agent) => series(reports, agent).map((value) => value * 1.2 + weight)),
      namingLine: -Math.log10(ALPHA),
    },
    affected: accused.map((agent) => makeAffected(recipe, agent, reports)),
    assumptions: ASSUMPTIONS,
    caveats: CAVEATS[recipe.verdict],
    log: makeLog(),
  }
}

function series(reports: readonly ReportSummary[], agent: AgentSummary): number[] {
  const flags = reports.map((report) => report.shownTo.some((to) => to.agent === agent.agent))
  return evidence(flags, agent.comparisonShare, 0)
}

const ASSUMPTIONS = [
  'Comparable customers share segment, queue and period of contact with the reported customer.',
  'Within a queue and week, who was given a ticket is as good as drawn by lot.',
  'At most one other agent sells customers too.',
  'The log names everyone who was shown a customer, but for the gaps listed under the log.',
]

const CAVEATS: Record<VerdictKind, VerdictDocument['caveats']> = {
  named: [
    {
      code: 'TIME_ZONE_ASSUMED',
      says: 'Times in accesses-2026.csv carry no offset and were read as UTC.',
    },
  ],
  leading: [
    {
      code: 'RIVALS',
      says: 'A colleague was shown nearly the same customers. Reports alone may never separate the two.',
    },
    { code: 'UNUSABLE_REPORTS', says: '1 report could not be used and is listed below.' },
  ],
  outside: [
    {
      code: 'GHOSTS',
      says: 'Most reported customers were never shown by any logged path. A way around the log exists.',
    },
  ],
  undecided: [
    { code: 'FEW_REPORTS', says: 'With this few reports no agent could be named, whoever leaked.' },
  ],
}

function makeLog(): VerdictDocument['log'] {
  const reject = {
    file: 'accesses-2026.csv',
    line: 81_204,
    reason: 'bad-time' as const,
    text: 'agent17,C-88,2026-13-45',
  }
  return {
    disclosures: 4_812_377,
    agents: AGENTS,
    customers: 3_114_902,
    population: 12_000_000,
    firstAt: iso(START_S - 60 * DAY_S),
    lastAt: iso(START_S + 72 * DAY_S),
    imports: [
      {
        file: 'accesses-2026.csv',
        rowsRead: 4_812_999,
        rowsAdded: 4_812_377,
        rowsDuplicate: 610,
        rejects: [{ reason: reject.reason, count: 12, first: reject }],
        assumed: [
          'agent is column "user"',
          'customer is column "account_id"',
          'times without an offset are UTC',
        ],
      },
    ],
    checkpoints: [
      {
        file: 'desk.log',
        origin: 'log.example/desk',
        vkey: 'log.example/desk+0ad8a5a5+AW1Zr2oXfcxbWzQ4VF2Oi5hLTfOfnc1tOyC0KQ==',
        size: 1_204_991,
        root: 'GXDbTMYtQ2dQ4HqFHvwf9W8k5JtsCMZMg1T8pU3eXgE=',
      },
    ],
  }
}
