/**
 * Whether a verdict still stands when what the files leave open is read the other way. A verdict that
 * does not is taken back by one step, and a caveat says why.
 */
import {
  type Attribution,
  addReport,
  follow,
  type Judgement,
  judge,
  namings,
  startAttribution,
  threshold,
} from '../attribution/judge.ts'
import { hitCount } from '../attribution/record.ts'
import { robustScore } from '../attribution/robust.ts'
import type { Caveat } from './document.ts'
import { type Gathered, gather } from './gather.ts'
import type { InvestigationInput } from './investigation.ts'
import { listOf, type Names, percent } from './names.ts'

/** Clocks and zones can be apart by as much as this. */
const CLOCK_DOUBT_S = 14 * 3600
/** Where more of the log than this could not be read, an agent may be what is missing. */
const UNREAD_SHARE = 0.25
/** Sets of two others are tried up to about so many (set, hit) pairs: a few seconds. */
const PAIR_WORK_MAX = 50_000_000

export interface Doubted {
  readonly judgement: Judgement
  readonly caveats: readonly Caveat[]
}

export async function doubted(
  input: InvestigationInput,
  gathered: Gathered,
  attribution: Attribution,
  judgement: Judgement,
  names: Names,
): Promise<Doubted> {
  if (judgement.verdict === 'outside') {
    const caveats = await outsideDoubts(input, gathered)
    return {
      judgement: caveats.length > 0 ? { ...judgement, verdict: 'undecided' } : judgement,
      caveats,
    }
  }
  if (judgement.verdict !== 'named') return { judgement, caveats: [] }
  const together = pairCaveats(attribution, judgement, names)
  if (input.lagGiven) return { judgement, caveats: together }
  const timed = await withoutLateHits(input, judgement, names)
  return { judgement: timed.judgement, caveats: [...timed.caveats, ...together] }
}

async function outsideDoubts(input: InvestigationInput, gathered: Gathered): Promise<Caveat[]> {
  const read = input.imports.reduce((sum, one) => sum + one.rowsRead, 0)
  const refused = input.imports
    .flatMap((one) => one.rejects)
    .reduce((sum, one) => sum + one.count, 0)
  const caveat = (when: boolean, code: string, says: string) => (when ? [{ code, says }] : [])
  return [
    ...caveat(
      gathered.unknown.length * 2 > gathered.reports.length,
      'OUTSIDE_OR_OTHER_KEYS',
      'Most reported customers are unknown, so this looks like an outside copy, or like keys of another kind; the verdict stays undecided until the keys match.',
    ),
    ...caveat(
      refused > UNREAD_SHARE * read,
      'OUTSIDE_OR_UNREAD',
      `This looks like an outside copy, but ${percent(refused / Math.max(1, read))} of the log could not be read: an agent may be what is missing. See --rejects.`,
    ),
    ...caveat(
      await fieldsDecide(input),
      'OUTSIDE_OR_FIELD_NAMES',
      'This looks like an outside copy only if the fields that callers knew are matched with the fields in the log by name; without that, agents explain the reports. Check that both files name fields alike.',
    ),
  ]
}

async function fieldsDecide(input: InvestigationInput): Promise<boolean> {
  if (!input.index.overview.knowsFields) return false
  const reports = input.reports.reports.map((report) => ({ ...report, knew: [] }))
  return (await judgedAgain(input, reports, input.lagS)).verdict !== 'outside'
}

async function judgedAgain(
  input: InvestigationInput,
  reports: InvestigationInput['reports']['reports'],
  lagS: number,
): Promise<Judgement> {
  const { evidence } = await gather(input.index, reports, lagS)
  const attribution = startAttribution(input.index.agents.length, input.rule)
  for (const one of evidence) addReport(attribution, one)
  return judge(attribution)
}

/** Exposures shortly before the call look the same as the handling of the report with clocks apart. */
async function withoutLateHits(
  input: InvestigationInput,
  judgement: Judgement,
  names: Names,
): Promise<Doubted> {
  const { evidence } = await gather(input.index, input.reports.reports, input.lagS + CLOCK_DOUBT_S)
  const earlier = startAttribution(input.index.agents.length, input.rule)
  for (const one of evidence) addReport(earlier, one)
  const stands = new Set(namings(earlier, false).map((naming) => naming.agent))
  const falls = judgement.namings.filter((naming) => naming.named && !stands.has(naming.agent))
  if (falls.length === 0) return { judgement, caveats: [] }
  const found = judgement.namings.map((n) => (stands.has(n.agent) ? n : { ...n, named: false }))
  const verdict = found.some((naming) => naming.named) ? 'named' : 'leading'
  const says = `${listOf(falls.map((naming) => names.of(naming.agent)))} would be named, but not by what they were shown more than ${CLOCK_DOUBT_S / 3600} hours before the calls. If the clocks or time zones of the two files are apart, that may be the handling of the report itself. Check them, and give --lag (0 if they are right).`
  return {
    judgement: { ...judgement, namings: found, verdict },
    caveats: [{ code: 'JUST_BEFORE_THE_CALL', says }],
  }
}

/** A name withstands any one other leaker; say so where two others together would explain it. */
function pairCaveats(attribution: Attribution, judgement: Judgement, names: Names): Caveat[] {
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
