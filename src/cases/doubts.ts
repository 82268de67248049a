/**
 * Whether a verdict still stands when what the files leave open is read the other way. A verdict that
 * does not is taken back by one step, and a caveat says why.
 */
import { follow, type Judgement, judge, namings, threshold, weigh } from '../attribution/judge.ts'
import { hitCount } from '../attribution/record.ts'
import { robustScore } from '../attribution/robust.ts'
import type { ExposureIndex } from '../disclosure/exposures.ts'
import { caveat } from './caveats.ts'
import type { Caveat } from './document.ts'
import { type Gathered, gather } from './gather.ts'
import type { InvestigationInput, Weighed } from './investigation.ts'
import { listOf, splitNames } from './names.ts'

/** Clocks and zones can be apart by as much as this. */
const CLOCK_DOUBT_S = 14 * 3600
/** Rows that could not be read stand for an agent who cannot be seen: they forbid "outside" where they
 * name this share of the reported customers, and so many times as many as of any others. */
const UNREAD_SHARE = 0.5
const UNREAD_TIMES = 1.5
const SAMPLED_CUSTOMERS = 300
/** Sets of two others are tried up to about so many (set, hit) pairs: a few seconds. */
const PAIR_WORK_MAX = 50_000_000

export interface Doubted {
  readonly judgement: Judgement
  readonly caveats: readonly Caveat[]
}

export async function doubted(weighed: Weighed): Promise<Doubted> {
  const { input, judgement } = weighed
  if (judgement.verdict === 'outside') {
    const caveats = await outsideDoubts(weighed)
    const standing =
      caveats.length > 0 ? { ...judgement, verdict: 'undecided' as const } : judgement
    return { judgement: standing, caveats }
  }
  if (judgement.verdict !== 'named') return { judgement, caveats: [] }
  const caveats = pairCaveats(weighed)
  let standing = judgement
  for (const doubt of [splitAgents, queueCopy, ...(input.lagGiven ? [] : [clocks])]) {
    const fallen = await doubt({ ...weighed, judgement: standing })
    if (fallen === null) continue
    standing = withoutNames(standing, fallen.agents)
    caveats.push(fallen.caveat)
  }
  return { judgement: standing, caveats }
}

/** Agents who are not named after all, and why. */
interface Fallen {
  readonly agents: ReadonlySet<number>
  readonly caveat: Caveat
}

function withoutNames(judgement: Judgement, agents: ReadonlySet<number>): Judgement {
  const found = judgement.namings.map((n) => (agents.has(n.agent) ? { ...n, named: false } : n))
  return { ...judgement, namings: found, verdict: found.some((n) => n.named) ? 'named' : 'leading' }
}

function namedAgents(judgement: Judgement): number[] {
  return judgement.namings.filter((naming) => naming.named).map((naming) => naming.agent)
}

async function outsideDoubts({ input, gathered }: Weighed): Promise<Caveat[]> {
  return [
    ...caveat(
      gathered.unknown.length * 2 > gathered.reports.length,
      'OUTSIDE_OR_OTHER_KEYS',
      'Most reported customers are unknown, so this looks like an outside copy, or like keys of another kind; the verdict stays undecided until the keys match.',
    ),
    ...caveat(
      await unreadDecide(input.index, gathered),
      'OUTSIDE_OR_UNREAD',
      'This looks like an outside copy, but the rows of the log that could not be used name the reported customers more often than others: an agent may be what is missing. See --rejects.',
    ),
    ...caveat(
      await fieldsDecide(input),
      'OUTSIDE_OR_FIELD_NAMES',
      'This looks like an outside copy only if the fields that callers knew are matched with the fields in the log by name; without that, agents explain the reports. Check that both files name fields alike.',
    ),
  ]
}

async function unreadDecide(index: ExposureIndex, { reports }: Gathered): Promise<boolean> {
  const shareOf = async (keys: readonly string[]) =>
    (await index.namedInRejects(keys)) / Math.max(1, keys.length)
  const reported = await shareOf(reports.map((report) => report.customer))
  if (reported < UNREAD_SHARE) return false
  return reported > UNREAD_TIMES * (await shareOf(await index.sampleCustomers(SAMPLED_CUSTOMERS)))
}

async function fieldsDecide(input: InvestigationInput): Promise<boolean> {
  if (!input.index.overview.knowsFields) return false
  const reports = input.reports.reports.map((report) => ({ ...report, knew: [] }))
  const { evidence } = await gather(input.index, reports, input.lagS)
  return judge(weigh(input.index.agents.length, input.rule, evidence)).verdict !== 'outside'
}

/** Two halves of one leaker clear each other and leave somebody else to be named. */
async function splitAgents({
  input: { index },
  attribution: { record },
  judgement,
  names,
}: Weighed): Promise<Fallen | null> {
  const ids = new Map(index.agents.map((name, id) => [name, id]))
  const halves = splitNames(index.agents)
    .map((written) => written.map((name) => ids.get(name) as number))
    .filter((agents) => agents.filter((agent) => hitCount(record, agent) > 0).length > 1)
  if (halves.length === 0) return null
  const agents = new Set(namedAgents(judgement))
  const says = `Nobody is named while ${listOf(halves[0].map(names.of), 'or')} may be one person: make agents' names alike and run again.`
  return { agents, caveat: { code: 'NAMES_MAY_BE_ONE', says } }
}

/** Whether the reported customers who were ever in one queue are explained by a copy of that queue. */
async function queueCopy(weighed: Weighed): Promise<Fallen | null> {
  const { input, gathered, judgement, names } = weighed
  const keys = gathered.reports.map((report) => report.customer)
  const beforeS = Math.max(...gathered.reports.map((report) => report.contactedAtS)) - input.lagS
  const fallen = new Map<number, string>()
  for (const agent of namedAgents(judgement)) {
    for (const { queue, reported, group } of await input.index.queueGroups(agent, keys, beforeS)) {
      const inQueue = new Set(reported)
      const evidence = gathered.evidence.map((one, i) =>
        inQueue.has(keys[i]) && group.size > 0 ? { ...one, group } : one,
      )
      const within = weigh(input.index.agents.length, input.rule, evidence)
      if (!namings(within, false).some((naming) => naming.agent === agent)) fallen.set(agent, queue)
    }
  }
  if (fallen.size === 0) return null
  const cases = [...fallen].map(([agent, queue]) => `${names.of(agent)} (queue ${queue})`)
  const says = `${listOf(cases)} would be named, but a copy of all customers who were ever in that queue would explain the reports as well: among those customers this agent was shown too many.`
  return { agents: new Set(fallen.keys()), caveat: { code: 'QUEUE_COPY_WOULD_EXPLAIN', says } }
}

/** Exposures shortly before the call look the same as the handling of the report with clocks apart. */
async function clocks({ input, judgement, names }: Weighed): Promise<Fallen | null> {
  const { evidence } = await gather(input.index, input.reports.reports, input.lagS + CLOCK_DOUBT_S)
  const earlier = weigh(input.index.agents.length, input.rule, evidence)
  const stands = new Set(namings(earlier, false).map((naming) => naming.agent))
  const agents = namedAgents(judgement).filter((agent) => !stands.has(agent))
  if (agents.length === 0) return null
  const says = `${listOf(agents.map(names.of))} would be named, but not by what they were shown more than ${CLOCK_DOUBT_S / 3600} hours before the calls. If the clocks or time zones of the two files are apart, that may be the handling of the report itself. Check them, and give --lag (0 if they are right).`
  return { agents: new Set(agents), caveat: { code: 'JUST_BEFORE_THE_CALL', says } }
}

/** A name withstands any one other leaker; say so where two others together would explain it. */
function pairCaveats({ attribution, judgement, names }: Weighed): Caveat[] {
  const { record, rule } = attribution
  if (rule.k === 2) return []
  return judgement.namings.flatMap(({ agent, named }) => {
    const work = (record.agentCount ** 2 / 2) * hitCount(record, agent)
    if (!named || work > PAIR_WORK_MAX) return []
    const { logR, worst } = robustScore(record, follow(attribution, agent), 2)
    if (logR >= threshold(attribution)) return []
    const says = `If ${listOf(worst.map(names.of))} both leaked, they would explain most of what points to ${names.of(agent)}. The name withstands one other leaker; --others 2 asks for two.`
    return [{ code: 'TWO_OTHERS_WOULD_EXPLAIN', says }]
  })
}
