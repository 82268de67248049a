/** The verdict as a document: what `--json` writes, `schemas/verdict.schema.json` describes, and the
 * terminal and the HTML report render. Times are ISO 8601 in UTC. Agents appear under the log's own
 * name, or under their pseudonym throughout when asked. */
import type { ImportSummary } from '../disclosure/source.ts'

/** The four answers. */
export type VerdictKind = 'named' | 'leading' | 'outside' | 'undecided'

/** An agent the evidence points to. `log10Evidence` is the statistic that put them in this list,
 * `gamma` the largest hidden bias under which a naming would still stand (0: it does not stand),
 * `margin` how many reports would have to be false for it to fall (counted to 100 or what the rule
 * needs). */
export interface Accused {
  agent: string
  pseudonym: string
  log10Evidence: number
  gamma: number
  margin: number
}

export interface Rival {
  agent: string
  pseudonym: string
  hits: number
  /** Plain words: why this agent cannot be excluded. */
  because: string
}

/** A customer who has not reported, and whose answer to "were you called?" separates the agents. */
export interface NextQuestion {
  customer: string
  /** Agents who had been shown this customer, among those to be told apart. */
  shownTo: string[]
  notShownTo: string[]
  /** Expected reduction of the uncertainty about who leaked, in bits. */
  bits: number
}

/** What the reports say of one agent, in figures and in a sentence. */
export interface AgentSummary {
  agent: string
  pseudonym: string
  /** Reported customers this agent had been shown in time. */
  hits: number
  /** Mean share of comparison customers this agent had been shown, over all reports. */
  comparisonShare: number
  /** Of the hits, exposures without a grounded purpose; null where the log knows no purposes. */
  ungroundedHits: number | null
  distinctCustomers: number
  log10Sharp: number
  log10Robust: number
  /** The other agents (at most k) who explain this agent's hits best. */
  worstRivals: string[]
  /** One sentence: "7 of 8 reported customers were shown to A-7F3K before the call; of comparable customers, 2.1%". */
  explanation: string
}

export interface ReportSummary {
  report: string
  customer: string
  contactedAt: string
  knew: string[]
  ghost: boolean
  comparisonCustomers: number
  shownTo: { agent: string; firstAt: string; comparisonShare: number }[]
}

/** Evidence after each report, in the order of arrival, of the agents worth drawing. */
export interface Race {
  agents: string[]
  /** Per agent, one value a report: log10 of the weighted statistic; the line is at log10(1/alpha). */
  log10Robust: number[][]
  log10Sharp: number[][]
  namingLine: number
}

/** Affected customers: those who reported, those shown without grounds, those shown with grounds. */
export type AffectedTier = 'reported' | 'unexplained' | 'explained'

/** Whom the leak touched, if this agent leaked. */
export interface Affected {
  agent: string
  window: { from: string; to: string }
  tiers: { tier: AffectedTier; customers: number; meaning: string }[]
  segments: { segment: string; customers: number; shown: number }[]
  /** The first customers of the list; the whole list goes to `--affected`. */
  sample: { customer: string; tier: AffectedTier; firstAt: string; fields: string[] }[]
}

export interface Caveat {
  code: string
  says: string
}

/** A tamper-evident log that was read, and exactly how much of it: anybody with a copy can compare. */
export interface LogCheckpoint {
  file: string
  origin: string
  /** The log's verifier key. */
  vkey: string
  /** Entries. */
  size: number
  /** Root hash of the tree of these entries, base64. */
  root: string
}

/** The whole verdict; everything shown to a person is rendered from it. */
export interface VerdictDocument {
  format: 'telltale-verdict/1'
  verdict: VerdictKind
  /** One sentence a tired person understands. */
  headline: string
  /** What to do next, one sentence each, most useful first. */
  advice: string[]
  alpha: number
  othersConsidered: number
  model: 'e-value' | 'guilt-2011'
  named: Accused[]
  leading: Accused[]
  rivals: Rival[]
  nextQuestions: NextQuestion[]
  /** Reports still expected until the first agent is named, or null when none is in sight. */
  reportsNeeded: number | null
  /** Reported customers whom no logged path ever showed: the mark of a way around the guard. */
  ghosts: string[]
  outside: { log10Evidence: number; copyNotBefore: string | null }
  posterior: {
    coincidence: number
    outside: number
    oneAgent: { agent: string; share: number }[]
    twoAgents: { agents: [string, string]; share: number }[]
  }
  agents: AgentSummary[]
  reports: ReportSummary[]
  unusableReports: { line: number; reason: string; text: string }[]
  race: Race
  affected: Affected[]
  assumptions: string[]
  caveats: Caveat[]
  log: {
    disclosures: number
    agents: number
    customers: number
    population: number | null
    firstAt: string
    lastAt: string
    imports: ImportSummary[]
    checkpoints: LogCheckpoint[]
  }
}
