/** What a reader must know before trusting the verdict. Each is computed from the data at hand. */
import { hitCount, meanShares, type ReportRecord } from '../attribution/record.ts'
import type { LogOverview } from '../disclosure/exposures.ts'
import type { StaffFile } from '../disclosure/reports.ts'
import type { ImportSummary } from '../disclosure/source.ts'
import type { Caveat } from './document.ts'
import type { Gathered } from './gather.ts'
import { isoTime, listOf, type Names, percent, plural, splitNames } from './names.ts'

/** An agent shown this share of the comparable customers can hardly be told from any other. */
const SAW_NEARLY_ALL = 0.5
const DAY_S = 86_400
const EXAMPLES = 3

export interface CaveatInputs {
  readonly overview: LogOverview
  readonly agents: readonly string[]
  readonly record: ReportRecord
  readonly gathered: Gathered
  readonly similar: ReadonlyMap<string, readonly string[]>
  readonly imports: readonly ImportSummary[]
  readonly staff: StaffFile | undefined
  readonly unusable: number
  readonly names: Names
}

export function caveatsOf(inputs: CaveatInputs): Caveat[] {
  return [
    ...reportCaveats(inputs),
    ...customerCaveats(inputs),
    ...timeCaveats(inputs),
    ...agentCaveats(inputs),
    ...importCaveats(inputs),
  ]
}

/** The caveat, where it applies. */
export function caveat(when: boolean, code: string, says: string): Caveat[] {
  return when ? [{ code, says }] : []
}

function reportCaveats({ gathered, record, unusable }: CaveatInputs): Caveat[] {
  const repeated = gathered.repeated.length
  return [
    ...caveat(
      record.count === 0,
      'NO_REPORTS',
      'There is no usable report: nothing can be said about anyone.',
    ),
    ...caveat(
      record.count > 0 && record.count < 3,
      'FEW_REPORTS',
      `${plural(record.count, 'report')} can never name anyone: a single false report could decide it.`,
    ),
    ...caveat(
      repeated > 0,
      'REPEATED_REPORTS',
      `${plural(repeated, 'report')} came from customers who reported more than once; each customer counts once, with their earliest call.`,
    ),
    ...caveat(
      unusable > 0,
      'UNUSABLE_REPORTS',
      `${plural(unusable, 'row')} of the reports file could not be used; they are listed with the reason.`,
    ),
  ]
}

function customerCaveats({ gathered, similar, overview, record }: CaveatInputs): Caveat[] {
  const unknown = gathered.unknown.length
  const where =
    overview.population === null ? 'the access log' : 'the access log and the population file'
  const near = [...similar].slice(0, EXAMPLES).map(([key, keys]) => `${key} (perhaps ${keys[0]})`)
  const ghosts = record.evidence.filter((e) => e.ghost).length
  return [
    ...caveat(
      unknown > 0,
      'UNKNOWN_CUSTOMERS',
      `${plural(unknown, 'reported customer is', 'reported customers are')} unknown to ${where}. They count as shown to nobody and speak for no outside copy, since their keys may be mistyped or of another kind.`,
    ),
    ...caveat(
      similar.size > 0,
      'SIMILAR_KEYS',
      `${plural(similar.size, 'unknown key')} would be known with another case, spacing or leading zeros: ${listOf(near)}. If the two files write the same key differently, make them alike and run again.`,
    ),
    ...caveat(
      ghosts - unknown > 0,
      'GHOSTS',
      `${plural(ghosts - unknown, 'reported customer was', 'reported customers were')} shown to nobody by any logged path before the call: the mark of a way around the log, or of an unrelated call.`,
    ),
  ]
}

function timeCaveats({ gathered, overview }: CaveatInputs): Caveat[] {
  const early = gathered.reports.filter((r) => r.contactedAtS < overview.firstAtS).length
  const late = gathered.reports.filter((r) => r.contactedAtS > overview.lastAtS + DAY_S).length
  return [
    ...caveat(
      early > 0,
      'BEFORE_THE_LOG',
      `${plural(early, 'contact')} came before the log begins (${isoTime(overview.firstAtS)}), so the log cannot explain them.`,
    ),
    ...caveat(
      late > 0,
      'AFTER_THE_LOG',
      `${plural(late, 'contact')} came more than a day after the log ends (${isoTime(overview.lastAtS)}). If later accesses are missing from the file, they are missing from the verdict.`,
    ),
  ]
}

function agentCaveats({ record, agents, names, staff, overview }: CaveatInputs): Caveat[] {
  const hit = record.hitAgents
  const shares = meanShares(record)
  const broad = hit.filter((agent) => shares[agent] >= SAW_NEARLY_ALL)
  const listed = staff && new Set(staff.staff.map((member) => member.agent))
  const split = splitNames(agents)
  const missing = listed ? agents.filter((agent) => !listed.has(agent)).length : 0
  const services = new Set(staff?.staff.filter((m) => m.kind === 'service').map((m) => m.agent))
  const serviceHits = hit.filter(
    (agent) => services.has(agents[agent]) && hitCount(record, agent) > 0,
  )
  return [
    ...caveat(
      broad.length > 0,
      'SAW_NEARLY_EVERYONE',
      `${listOf(broad.slice(0, EXAMPLES).map(names.of))}${broad.length > EXAMPLES ? ` and ${broad.length - EXAMPLES} more` : ''} had been shown more than ${percent(SAW_NEARLY_ALL)} of comparable customers: their hits say little either way, and they cannot be excluded by this log.`,
    ),
    ...caveat(
      split.length > 0,
      'SIMILAR_AGENTS',
      `${plural(split.length, 'agent is', 'agents are')} written in several ways that differ only by case or spaces (${listOf(split.slice(0, EXAMPLES).map((written) => written.join(' = ')))}) and counted apart. If they are one person, make them one: two halves of a leaker clear each other.`,
    ),
    ...caveat(
      missing > 0,
      'AGENTS_NOT_IN_STAFF',
      `${plural(missing, 'agent')} of the log ${missing === 1 ? 'is' : 'are'} not in the staff file.`,
    ),
    ...caveat(
      serviceHits.length > 0,
      'SERVICE_ACCOUNTS',
      `${listOf(serviceHits.map(names.of))} ${serviceHits.length === 1 ? 'is a service account: behind what it was shown' : 'are service accounts: behind what they were shown'} may stand any person who uses it.`,
    ),
    ...caveat(
      agents.length === 1,
      'ONE_AGENT',
      'The log knows a single agent, so nobody can be compared with them. Check that the agent column is the right one.',
    ),
    ...caveat(
      !overview.knowsPurposes,
      'NO_PURPOSES',
      'The log records no purposes or tickets: work and browsing look alike in it.',
    ),
  ]
}

function importCaveats({ imports }: CaveatInputs): Caveat[] {
  const rejected = imports.flatMap((summary) => summary.rejects)
  const count = rejected.reduce((sum, reject) => sum + reject.count, 0)
  const read = imports.reduce((sum, summary) => sum + summary.rowsRead, 0)
  return caveat(
    count > 0,
    'REJECTED_ROWS',
    `${count.toLocaleString('en')} of the ${plural(read, 'row')} of the access log (${percent(count / Math.max(1, read))}) could not be used. What they would have shown is missing from the verdict.`,
  )
}
