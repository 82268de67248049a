/**
 * Posterior shares over the hypotheses: what a reader may believe, under stated priors. Shown beside
 * the verdict, never the rule for naming. docs/attribution.md, "Posterior shares".
 */
import { PAIR_SHARES, SHARES } from './grid.ts'
import { logSumExp } from './logs.ts'
import { KNOWING_BY_CHANCE } from './outside.ts'
import type { Hits, ReportRecord } from './record.ts'
import { pairTerms, singleTerms } from './sharp.ts'

/** Prior shares: nobody leaked, an outside copy, one agent, two agents. */
export const PRIOR = { coincidence: 0.25, outside: 0.25, oneAgent: 0.4, twoAgents: 0.1 } as const
/** An agent all of whose exposures are grounded keeps this share of their prior weight. */
const GROUNDED_WEIGHT = 0.2
/** Pairs are summed where one member is among this many strongest; the rest cannot matter. */
const PAIR_LEADERS = 10

/** Shares of belief over the hypotheses; together they are 1. */
export interface Posterior {
  readonly coincidence: number
  readonly outside: number
  /** By weight, largest first. */
  readonly oneAgent: readonly { agent: number; share: number }[]
  readonly twoAgents: readonly { agents: readonly [number, number]; share: number }[]
}

/** Belief after these reports. Where the log knows purposes, exposures that all have grounds weigh
 * less. */
export function posterior(record: ReportRecord, knowsPurposes: boolean): Posterior {
  const agents = record.hitAgents.length === 0 ? [] : [...record.hitAgents]
  const weights = agents.map((agent) => priorWeight(record, agent, knowsPurposes))
  const leak = knowingFactor(record)
  const one = agents.map((agent, i) => ({
    agent,
    log: leak + Math.log(PRIOR.oneAgent) + weights[i] + singleLog(record, agent),
  }))
  const two = pairLogs(record, one, leak)
  const coincidence = Math.log(PRIOR.coincidence)
  const outside = Math.log(PRIOR.outside) + leak
  const total = logSumExp([
    coincidence,
    outside,
    ...one.map((o) => o.log),
    ...two.map((t) => t.log),
  ])
  const share = (log: number) => Math.exp(log - total)
  return {
    coincidence: share(coincidence),
    outside: share(outside),
    oneAgent: one
      .map((o) => ({ agent: o.agent, share: share(o.log) }))
      .sort((x, y) => y.share - x.share),
    twoAgents: two
      .map((t) => ({ agents: t.agents, share: share(t.log) }))
      .sort((x, y) => y.share - x.share),
  }
}

/** Knowing reports speak for any leak against coincidence, alike for every leak. Likelihood of their
 * number under a free share, over that under the share of chance. */
function knowingFactor(record: ReportRecord): number {
  let knowing = 0
  for (const evidence of record.evidence) if (evidence.knowing) knowing++
  const rest = record.count - knowing
  if (knowing === 0) return 0
  const share = (knowing + 0.5) / (record.count + 1)
  const free = knowing * Math.log(share) + rest * Math.log1p(-share)
  const chance = knowing * Math.log(KNOWING_BY_CHANCE) + rest * Math.log1p(-KNOWING_BY_CHANCE)
  return Math.max(0, free - chance)
}

function priorWeight(record: ReportRecord, agent: number, knowsPurposes: boolean): number {
  const uniform = -Math.log(record.agentCount)
  if (!knowsPurposes) return uniform
  const { hits, ungrounded } = groundedness(record, agent)
  return (
    uniform + Math.log(GROUNDED_WEIGHT + ((1 - GROUNDED_WEIGHT) * ungrounded) / Math.max(1, hits))
  )
}

/** An agent's hits, and those among them that nothing grounded explains. */
export function groundedness(
  record: ReportRecord,
  agent: number,
): { hits: number; ungrounded: number } {
  let ungrounded = 0
  const reports = record.hits[agent]?.reports ?? []
  for (const report of reports) {
    const evidence = record.evidence[report]
    ungrounded += evidence.ungrounded[evidence.hits.indexOf(agent)]
  }
  return { hits: reports.length, ungrounded }
}

function singleLog(record: ReportRecord, agent: number): number {
  return logSumExp(singleTerms(record, record.hits[agent] as Hits)) - Math.log(SHARES.length)
}

function pairLogs(
  record: ReportRecord,
  one: readonly { agent: number; log: number }[],
  leak: number,
) {
  const leaders = [...one].sort((x, y) => y.log - x.log).slice(0, PAIR_LEADERS)
  const taken = new Set<number>()
  const pairs = (record.agentCount * (record.agentCount - 1)) / 2
  const prior = leak + Math.log(PRIOR.twoAgents / Math.max(1, pairs)) - Math.log(PAIR_SHARES.length)
  return leaders.flatMap(({ agent: b }) => {
    taken.add(b)
    const terms = pairTerms(record, record.hits[b] as Hits)
    return one.flatMap(({ agent: c }) => {
      if (taken.has(c)) return []
      return [{ agents: [b, c] as const, log: prior + logSumExp(terms(record.hits[c] as Hits)) }]
    })
  })
}
