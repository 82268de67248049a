/** Headers of entries: docs/formats.md section 10. Each has exactly one spelling. */
import { TelltaleError } from '../base/errors.ts'
import { AT_MAX_MS, AT_MIN_MS } from '../base/limits.ts'

/** How well a purpose is grounded outside the agent's own word, best first. */
export const GRADES = ['customer', 'routed', 'colleague', 'self', 'none'] as const
/** One of `GRADES`. */
export type Grade = (typeof GRADES)[number]
/** By which way a disclosure left. */
export const PATHS = ['desk', 'api', 'sql', 'export', 'import'] as const
/** One of `PATHS`. */
export type Path = (typeof PATHS)[number]
/** Why an agent might see a customer. */
export const PURPOSES = ['ticket', 'call', 'grant', 'none'] as const
/** One of `PURPOSES`. */
export type Purpose = (typeof PURPOSES)[number]
/** What a decision may be. Fixed, so that a header never carries anybody's data. */
export const ACTS = [
  'ticket.opened',
  'ticket.taken',
  'ticket.assigned',
  'ticket.closed',
  'ticket.reopened',
  'ticket.merged',
  'code.sent',
  'code.passed',
  'code.failed',
  'search.missed',
  'reveal.refused',
  'grant.asked',
  'grant.approved',
  'grant.denied',
  'grant.ended',
  'grant.reviewed',
  'grant.emergency',
  'export.made',
  'call.placed',
  'session.begun',
  'session.ended',
  'session.refused',
  'agent.changed',
  'agent.suspended',
  'settings.changed',
  'lead.read',
] as const
/** One of `ACTS`. */
export type Act = (typeof ACTS)[number]

/** What everybody can read of a disclosure. */
export interface DisclosureHeader {
  readonly kind: 'disclosure'
  /** Pseudonym. */
  readonly agent: string
  readonly atMs: number
  /** base64url of 32 bytes. */
  readonly commitment: string
  /** How many the sealed part names. */
  readonly customers: number
  readonly epoch: number
  /** How many the sealed part names, clear or masked; 0: not recorded. */
  readonly fields: number
  readonly grade: Grade
  /** base64url of 16 bytes. */
  readonly id: string
  /** From 1 to `parts`. */
  readonly part: number
  readonly parts: number
  readonly path: Path
  readonly purpose: Purpose
}

/** What everybody can read of a decision. */
export interface DecisionHeader {
  readonly kind: 'decision'
  readonly act: Act
  /** Pseudonym of who acted. */
  readonly agent: string
  readonly atMs: number
  /** base64url of 32 bytes. */
  readonly commitment: string
  readonly epoch: number
  /** base64url of 16 bytes. */
  readonly id: string
}

/** Says that the key of an epoch was destroyed. */
export interface DestructionHeader {
  readonly kind: 'destruction'
  readonly atMs: number
  readonly epoch: number
}

/** What everybody can read of an entry. */
export type Header = DisclosureHeader | DecisionHeader | DestructionHeader

/** The one spelling of a header, in ASCII, without the LF that ends it. */
export function writeHeader(h: Header): string {
  if (h.kind === 'destruction') {
    return `{"at":${h.atMs},"epoch":${h.epoch},"kind":"destruction","v":1}`
  }
  if (h.kind === 'decision') {
    return `{"act":"${h.act}","agent":"${h.agent}","at":${h.atMs},"commitment":"${h.commitment}","epoch":${h.epoch},"id":"${h.id}","kind":"decision","v":1}`
  }
  // By hand, because every entry is written here and JSON.stringify takes thrice as long; the
  // values hold nothing that JSON would escape.
  return `{"agent":"${h.agent}","at":${h.atMs},"commitment":"${h.commitment}","customers":${h.customers},"epoch":${h.epoch},"fields":${h.fields},"grade":"${h.grade}","id":"${h.id}","kind":"disclosure","part":${h.part},"parts":${h.parts},"path":"${h.path}","purpose":"${h.purpose}","v":1}`
}

const COUNT = '([1-9][0-9]{0,15})'
const ANY = '(0|[1-9][0-9]{0,15})'
const oneOf = (values: readonly string[]) => `"(${values.join('|').replaceAll('.', '\\.')})"`
const PSEUDONYM = '"(A-[0-9A-HJKMNP-TV-Z]{8})"'
// The last character of base64url without padding has bits to spare, which are zero.
const COMMITMENT = '"([\\w-]{42}[AEIMQUYcgkosw048])"'
const ID = '"([\\w-]{21}[AQgw])"'

const DISCLOSURE = new RegExp(
  `^{"agent":${PSEUDONYM},"at":${COUNT},"commitment":${COMMITMENT},"customers":${COUNT},` +
    `"epoch":${COUNT},"fields":${ANY},"grade":${oneOf(GRADES)},"id":${ID},"kind":"disclosure",` +
    `"part":${COUNT},"parts":${COUNT},"path":${oneOf(PATHS)},"purpose":${oneOf(PURPOSES)},"v":1}$`,
)
const DECISION = new RegExp(
  `^{"act":${oneOf(ACTS)},"agent":${PSEUDONYM},"at":${COUNT},"commitment":${COMMITMENT},` +
    `"epoch":${COUNT},"id":${ID},"kind":"decision","v":1}$`,
)
const DESTRUCTION = new RegExp(`^{"at":${COUNT},"epoch":${COUNT},"kind":"destruction","v":1}$`)

/** Reads what `writeHeader` writes and nothing else; throws ENTRY_MALFORMED. */
export function parseHeader(text: string): Header {
  const match = DISCLOSURE.exec(text)
  if (match === null) return parseDecision(text)
  const header: DisclosureHeader = {
    kind: 'disclosure',
    agent: match[1],
    atMs: Number(match[2]),
    commitment: match[3],
    customers: Number(match[4]),
    epoch: Number(match[5]),
    fields: Number(match[6]),
    grade: match[7] as Grade,
    id: match[8],
    part: Number(match[9]),
    parts: Number(match[10]),
    path: match[11] as Path,
    purpose: match[12] as Purpose,
  }
  const { atMs, customers, epoch, fields, part, parts } = header
  checkNumbers(atMs, customers, epoch, fields, part, parts)
  if (part > parts) throw malformed(`its part ${part} is beyond its ${parts} parts`)
  return header
}

function parseDecision(text: string): Header {
  const match = DECISION.exec(text)
  if (match === null) return parseDestruction(text)
  const header: DecisionHeader = {
    kind: 'decision',
    act: match[1] as Act,
    agent: match[2],
    atMs: Number(match[3]),
    commitment: match[4],
    epoch: Number(match[5]),
    id: match[6],
  }
  checkNumbers(header.atMs, header.epoch)
  return header
}

function parseDestruction(text: string): DestructionHeader {
  const match = DESTRUCTION.exec(text)
  if (match === null) throw malformed('its header is not in the one form of an entry')
  const header = { kind: 'destruction' as const, atMs: Number(match[1]), epoch: Number(match[2]) }
  checkNumbers(header.atMs, header.epoch)
  return header
}

function checkNumbers(atMs: number, ...counts: readonly number[]) {
  if (!isEntryTime(atMs)) throw malformed('its time is out of range')
  if (!counts.every(Number.isSafeInteger)) throw malformed('a number in its header is too large')
}

/** Whether an entry may say this time: whole milliseconds within the years 1990 to 9999. */
export function isEntryTime(atMs: number): boolean {
  return Number.isSafeInteger(atMs) && atMs >= AT_MIN_MS && atMs <= AT_MAX_MS
}

/** The error of an entry that is not one; `problem` is a clause without a full stop. */
export function malformed(problem: string): TelltaleError {
  return new TelltaleError('ENTRY_MALFORMED', { problem })
}
