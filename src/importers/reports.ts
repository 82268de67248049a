/** The reports file: who was called, when, and what the caller knew. */
import { TelltaleError } from '../base/errors.ts'
import { TIME_MIN_S } from '../base/limits.ts'
import type { ReportInput, ReportsFile, UnusableReport } from '../disclosure/reports.ts'
import type { TimeRule } from '../disclosure/source.ts'
import { guessReading, readingOf, type TimeReading } from '../disclosure/times.ts'
import { isZone } from '../disclosure/zones.ts'
import { readSmallFile, type SmallRow } from './small-file.ts'
import { type ReadTime, readTime } from './strptime.ts'

/** What a caller may know without a copy of our records: it stands in directories, in breaches of
 * others, on the line that was dialled, or is guessed as easily as which of a few products somebody
 * has. Anything else tells of a copy. */
const COMMON_KNOWLEDGE: ReadonlySet<string> = new Set([
  'name',
  'phone',
  'email',
  'address',
  'product',
])

const COLUMNS = {
  customer: ['customer', 'customer_id', 'customer_key', 'customer_number', 'client', 'client_id'],
  contactedAt: ['contacted_at', 'contact_at', 'called_at', 'contact_time', 'time', 'timestamp'],
  knew: ['knew', 'known', 'caller_knew'],
  ticket: ['ticket', 'ticket_id', 'ticket_number'],
  report: ['report', 'report_id'],
  asked: ['asked'],
} as const
type Row = SmallRow<keyof typeof COLUMNS>

const YES = new Set(['yes', 'y', 'true', '1', 'called'])
const NO = new Set(['no', 'n', 'false', '0', 'not called'])

/**
 * Reads `customer,contacted_at[,knew][,ticket][,report][,asked]`. Rows that cannot be used are
 * listed with their line. A date without a time of day is the start of that day: fewer accesses
 * then come before the contact, never more.
 */
export async function readReports(file: string, time: TimeRule = {}): Promise<ReportsFile> {
  if (time.zone !== undefined && !isZone(time.zone)) {
    throw new TelltaleError('ZONE_UNKNOWN', { zone: time.zone, nearest: '' })
  }
  const { rows, unusable, assumed } = await readSmallFile(file, COLUMNS, [
    'customer',
    'contactedAt',
  ])
  const { reading, shown } = readingFor(file, rows, time)
  const zone = time.zone ?? 'UTC'
  const times = new Map<Row, ReadTime>()
  for (const row of rows) {
    const read = readTime(row.value('contactedAt'), reading, zone)
    // As in the log: an earlier time is a misread one.
    if (read !== null && read.atS >= TIME_MIN_S) times.set(row, read)
  }
  const latestS = Math.max(...[...times.values()].map(({ atS }) => atS))
  const reports: ReportInput[] = []
  const refused: UnusableReport[] = [...unusable]
  let undated = 0
  for (const row of rows) {
    const reason = refusal(row, times)
    if (reason !== null) {
      refused.push({ line: row.line, reason, text: row.text })
      continue
    }
    const read = times.get(row)
    if (read === undefined) undated++
    reports.push(reportOf(row, read?.atS ?? latestS))
  }
  refused.sort((a, b) => a.line - b.line)
  return {
    reports,
    unusable: refused,
    assumed: [...assumed, ...shown, ...assumptions([...times.values()], undated, time.zone)],
  }
}

function readingFor(
  file: string,
  rows: readonly Row[],
  { format }: TimeRule,
): { reading: TimeReading; shown: string[] } {
  if (format !== undefined) return { reading: readingOf(format), shown: [] }
  const values = rows.map((row) => row.value('contactedAt')).filter((value) => value !== '')
  if (values.length === 0) return { reading: { kind: 'iso' }, shown: [] }
  const guess = guessReading(values)
  if (guess.kind === 'reading') {
    return {
      reading: guess.reading,
      shown: guess.reading.kind === 'iso' ? [] : [`times of contact are read as ${guess.shown}`],
    }
  }
  const problem = {
    ambiguous: `"${guess.example}" may be day/month or month/day`,
    contradictory: `${guess.example} cannot both be read, as day/month or as month/day`,
    unknown: `no known format reads "${guess.example}" and the values beside it`,
  }[guess.kind]
  throw new TelltaleError('REPORT_TIMES_UNCLEAR', { file, problem })
}

/** Why a row cannot be used, or null. A customer who was asked and says no needs no time. */
function refusal(row: Row, times: ReadonlyMap<Row, ReadTime>): string | null {
  const asked = row.value('asked').toLowerCase()
  if (row.value('customer') === '') return 'no customer is named'
  if (asked !== '' && !YES.has(asked) && !NO.has(asked)) {
    return `"${row.value('asked')}" is neither yes nor no`
  }
  if (times.has(row)) return null
  if (row.value('contactedAt') !== '') return 'the time of contact is not understood'
  return NO.has(asked) && times.size > 0 ? null : 'no time of contact is given'
}

function reportOf(row: Row, contactedAtS: number): ReportInput {
  const knew = row
    .value('knew')
    .split(/[;|]/)
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
  const ticket = row.value('ticket')
  const asked = row.value('asked').toLowerCase()
  return {
    line: row.line,
    report: row.value('report') || `line ${row.line}`,
    customer: row.value('customer'),
    contactedAtS,
    knew,
    knowing: knew.some((name) => !COMMON_KNOWLEDGE.has(name)),
    ...(ticket === '' ? {} : { ticket }),
    ...(asked === '' ? {} : { asked: { called: YES.has(asked) } }),
  }
}

function assumptions(
  times: readonly ReadTime[],
  undated: number,
  zone: string | undefined,
): string[] {
  const out: string[] = []
  const local = times.filter((time) => time.local).length
  const days = times.filter((time) => time.wholeDay).length
  if (local > 0 && zone === undefined) {
    out.push(`${local} of ${times.length} times of contact carry no offset and are read as UTC`)
  } else if (local > 0 && local < times.length) {
    out.push(`${local} of ${times.length} times of contact carry no offset and are read as ${zone}`)
  }
  if (days > 0) {
    out.push(`${days} of ${times.length} contacts have a date only and are taken at its start`)
  }
  if (undated > 0) {
    out.push(`${undated} who said that nobody called are taken at the time of the last contact`)
  }
  return out
}
