/** Named limits of working on tickets, each with its reason. docs/desk.md says what follows from them. */

/** Open tickets of one agent: more are hoarded, not handled, and each is a purpose. */
export const TICKETS_OPEN_MAX = 50
/** Tickets that are merged into others, one after another, are followed so far. */
export const MERGES_FOLLOWED_MAX = 10

/** Codes that one agent sends in an hour: more customers without a ticket do not reach one person. */
export const CODES_PER_AGENT_PER_HOUR_MAX = 20
/** Wrong codes of one agent in a day, over all tickets: one guess in 66,000 a day. */
export const CODE_MISSES_PER_DAY_MAX = 15

/** A ticket's clock may be ahead of ours by this; a contact further in the future would keep a purpose
 * alive, and keep later news out. */
export const HOOK_AHEAD_MAX_MS = 5 * 60_000
/** A help desk writes down an assignment, and tells of it, within this time. */
export const HOOK_LATE_MS = 60_000
/** Ids of webhooks are remembered for longer than any sender repeats one. */
export const HOOKS_KEPT_MS = 30 * 24 * 3_600_000

/** What agents see of what they were shown reaches back a day; the log keeps all of it. */
export const ACCESS_SHOWN_MS = 24 * 3_600_000
/** ... and is kept for as long as somebody asks about a night shift. */
export const SHOWN_KEPT_MS = 7 * 24 * 3_600_000

/** Live updates that are read at once; where more came, everybody is told to ask for all anew. */
export const EVENTS_WAITING_MAX = 256
/** Updates are told within a second; after so long they are of no use to anybody. */
export const EVENTS_KEPT_MS = 3_600_000
/** How soon a lost connection for updates is made again; doubles up to the second. */
export const EVENTS_RETRY_MS = { first: 100, longest: 10_000 } as const
/** A connection that only listens would not notice that the other end is gone. */
export const EVENTS_PULSE_MS = 15_000

/** A mail server answers within seconds, and somebody waits on the telephone. */
export const MAIL_TIMEOUT_MS = 10_000
/** Connections to the mail server: codes come a few a minute. */
export const MAIL_CONNECTIONS_MAX = 3
/** From one attempt to send a reply to the next. Whoever greylists takes it after minutes, a mail server is
 * back after hours; after eight the agent should know, and reach the customer another way. */
export const REPLY_RETRY_MS = [
  30_000,
  2 * 60_000,
  10 * 60_000,
  30 * 60_000,
  3_600_000,
  2 * 3_600_000,
  4 * 3_600_000,
] as const
/** Longer than an attempt can take: until then nobody else makes one with the same reply. */
export const REPLY_LEASE_MS = 60_000
/** How soon a reply is sent; looking costs one read of an index. */
export const OUTBOX_EVERY_MS = 1000
/** Replies of one agent in an hour: more are a circular, not answers. */
export const REPLIES_PER_HOUR_MAX = 120
/** Earlier mails that a reply names, so that it is shown beside them: a conversation has fewer. */
export const MAILS_NAMED_MAX = 20
/** Of a Message-ID: with its name it fits into one line of a header. */
export const MAIL_ID_CHARS_MAX = 250
/** Of a subject, which mail programs cut long before. */
export const SUBJECT_CHARS_MAX = 200
/** A provider of text messages or calls answers within seconds. */
export const GATEWAY_TIMEOUT_MS = 10_000

/** Disclosures whose copy for their agent waits to be kept: some seconds of a large desk. */
export const SHOWN_WAITING_MAX = 10_000
