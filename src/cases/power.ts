/** Before any leak: how many reports this log would need to name each agent, and whom it could not
 * tell apart. docs/attribution.md, section 5. */

import type { Rule } from '../attribution/judge.ts'
import { explainedShare, reportsToReach, robustRate, sharpRate } from '../attribution/power.ts'
import { addEvidence, emptyRecord, type ReportRecord } from '../attribution/record.ts'
import type { ExposureIndex, ReportQuery } from '../disclosure/exposures.ts'
import type { Names } from './names.ts'

/** Reports drawn for one agent: rates settle well before this many. */
const DRAWN_REPORTS = 150
/** An agent shown fewer customers could not be told from chance by reports on them. */
const CUSTOMERS_MIN = 5

/** How soon reports would show that this agent leaks, and who stands in the way. */
export interface AgentPower {
  readonly agent: string
  readonly customers: number
  /** Expected reports until the agent leads and until they are named; null: never, or more than the
   * customers they were shown could make. */
  readonly toLead: number | null
  readonly toName: number | null
  /** Others who explain most of what this agent was shown, with the share they explain. */
  readonly hiddenBy: readonly string[]
  readonly hiddenShare: number
}

export interface PowerInput {
  readonly index: ExposureIndex
  readonly rule: Rule
  /** Share of the reports that would have nothing to do with the leak. */
  readonly noise: number
  readonly names: Names
  readonly onAgent?: (done: number, total: number) => void
}

/** The power of a log for each agent with enough customers, as if that agent leaked. */
export async function powerOf(input: PowerInput): Promise<AgentPower[]> {
  const { index, onAgent = () => {} } = input
  const strangers = await index.sampleCustomers(DRAWN_REPORTS)
  const agents = [...index.agents.keys()].filter((a) => index.distinctCustomers[a] >= CUSTOMERS_MIN)
  const found: AgentPower[] = []
  for (const [done, agent] of agents.entries()) {
    onAgent(done, agents.length)
    found.push(await powerOfAgent(input, agent, strangers))
  }
  onAgent(agents.length, agents.length)
  const order = (power: AgentPower) => power.toName ?? Number.POSITIVE_INFINITY
  return found.sort((a, b) => order(a) - order(b) || b.customers - a.customers)
}

async function powerOfAgent(input: PowerInput, agent: number, strangers: readonly string[]) {
  const { index, rule, noise, names } = input
  const own = (await index.customersOf(agent, index.overview.lastAtS + 1)).map((e) => e.customer)
  const record = await longRecord(index, own, strangers, noise)
  const needed = Math.log(index.agents.length / rule.alpha)
  const lead = reportsToReach(needed, sharpRate(record, agent, 1 - noise))
  const { rate, worst } = robustRate(record, agent, rule.gammaMin, rule.k)
  const name = reportsToReach(needed, rate)
  const hiddenShare = explainedShare(record, agent, worst)
  return {
    agent: names.of(agent),
    customers: index.distinctCustomers[agent],
    toLead: within(lead, index.distinctCustomers[agent] / (1 - noise)),
    toName: within(
      Math.max(name, rule.marginMin + 1),
      index.distinctCustomers[agent] / (1 - noise),
    ),
    hiddenBy: hiddenShare > 0 ? worst.map(names.of) : [],
    hiddenShare,
  }
}

function within(reports: number, most: number): number | null {
  return reports <= most ? Math.ceil(reports) : null
}

/** A long record in which `1 - noise` of the reports are the agent's customers, evenly spaced through
 * their list, and the rest are anybody. All contacts come at the log's end. */
async function longRecord(
  index: ExposureIndex,
  own: readonly string[],
  strangers: readonly string[],
  noise: number,
): Promise<ReportRecord> {
  const fromAgent = Math.round(DRAWN_REPORTS * (1 - noise))
  const drawn = [...spaced(own, fromAgent), ...spaced(strangers, DRAWN_REPORTS - fromAgent)]
  const queries = drawn.map((customer, i) => queryOf(customer, i, index.overview.lastAtS + 1))
  await index.prepare(queries)
  const record = emptyRecord(index.agents.length)
  for (const query of queries) addEvidence(record, index.evidenceFor(query, new Set()))
  return record
}

function spaced(list: readonly string[], count: number): string[] {
  return Array.from({ length: count }, (_, i) => list[Math.floor((i * list.length) / count)])
}

function queryOf(customer: string, i: number, contactedAtS: number): ReportQuery {
  return { report: String(i), customer, contactedAtS, lagS: 0, knew: [], knowing: false }
}
