/** Why a row was not taken: code -> what a person reads. Documented in docs/importing.md. */
export const REJECT_REASONS = {
  'not-utf8': 'the bytes are not valid UTF-8',
  'too-long': 'the row is longer than 1 MiB',
  'quote-not-closed': 'a quoted value does not end where a value ends',
  'column-count': 'the row has more or fewer columns than the header',
  'control-character': 'a value holds a control character (NUL or U+001F)',
  'not-json': 'the line is not a JSON object',
  'too-deep': 'the line is nested deeper than 200 levels',
  'no-agent': 'no agent is named',
  'no-customer': 'no customer is named',
  'key-too-long': 'an agent, customer, ticket or queue is longer than 256 bytes',
  'bad-time': 'the time is not understood',
  'future-time': 'the time is more than 24 hours in the future',
  'old-time': 'the time is before 1990',
  'not-an-access': 'the row is no access to a record',
  'names-no-record': 'the row is an access, but says of no customer whose record it was',
  'not-an-entry': 'it is no entry of a log, or what is sealed in it is none',
  'not-opened': 'the entry does not open under the key of its epoch',
} as const

/** The code of a reason, as verdicts and rejects files carry it. */
export type RejectReason = keyof typeof REJECT_REASONS

/** Rows that a preset leaves out because they say nothing about a customer. They are counted like
 * every other, but a file full of them is in order: `--strict` does not stop at one. */
export const ORDINARY_REASONS: ReadonlySet<RejectReason> = new Set([
  'not-an-access',
  'names-no-record',
])
