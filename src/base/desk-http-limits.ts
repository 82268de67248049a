/** Named limits of the desk's API, each with its reason. docs/api.md says what a client sees of them. */

/** Ids, ticket numbers and handles: handles are the longest, sealed and encoded. */
export const ID_CHARS_MAX = 512
/** Names of people, teams, queues, fields: what a screen shows in one line. */
export const NAME_CHARS_MAX = 200
/** A mail address has at most 254 characters (RFC 5321, section 4.5.3.1.3). */
export const MAIL_CHARS_MAX = 254
/** A reason one can be expected to read before deciding. */
export const REASON_CHARS_MAX = 2000
/** A message of a conversation: twenty pages. */
export const MESSAGE_CHARS_MAX = 50_000
/** Fields of a customer; more are several tables. */
export const FIELDS_MAX = 64
/** A cursor carries a few values and their authentication. */
export const CURSOR_CHARS_MAX = 512

/** Bytes of a request's body: a message of the greatest length in an alphabet of three bytes. */
export const API_BODY_BYTES_MAX = 256 << 10
/** Objects and lists within each other: passkeys have five. */
export const JSON_DEPTH_MAX = 16
/** What one session asks in a minute: ten times a person with a quick console. */
export const SESSION_REQUESTS_PER_MINUTE_MAX = 1200
/** What one address asks in a minute without being known: a call centre that begins its shift. */
export const STRANGER_REQUESTS_PER_MINUTE_MAX = 300
/** Refused sessions and tokens of one address in a minute; after that it is not even looked at. Nobody
 * guesses 256 bits: this bounds what it costs to try, and is more than a call centre behind one address
 * sends when all its sessions end at once. */
export const REFUSED_PER_MINUTE_MAX = 3000
/** What one program with a token asks in a minute. */
export const SERVICE_REQUESTS_PER_MINUTE_MAX = 60_000
/** Sessions and addresses whose requests are counted at once. */
export const RATE_KEYS_MAX = 50_000
/** An agent's console has one connection for updates and up to six for the rest. */
export const DESK_CONNECTIONS_MAX = 8192
/** A key that a client draws is as random as a UUID. */
export const IDEMPOTENCY_KEY_CHARS = { min: 16, max: 64 } as const
/** Tabs of one session that follow updates. */
export const STREAMS_PER_SESSION_MAX = 8
/** Streams of updates at once: each is a connection. */
export const STREAMS_MAX = 4096
/** A proxy closes what is quiet for a minute; the session is looked at as often. */
export const STREAM_HEARTBEAT_MS = 15_000
/** How long an answer to "are you ready" is given again. */
export const READY_KEPT_MS = 1000
/** Updates of one client within this time become one answer: a burst is read once. */
export const STREAM_GATHER_MS = 200
/** Different updates that wait for one client; more become "ask for all anew". */
export const STREAM_WAITING_MAX = 64
/** Bytes of the body of a webhook: a message of the greatest length, each character written as `\u0000`. */
export const HOOK_BODY_BYTES_MAX = 320 << 10
/** Of a desk.yaml: a few names and addresses. */
export const DESK_CONFIG_BYTES_MAX = 256 << 10
/** Rows that are of no use any more are removed as often. */
export const TIDY_EVERY_MS = 10 * 60_000
/** Repeated requests come within minutes; a day is what docs/api.md promises. */
export const IDEMPOTENCY_KEPT_MS = 24 * 3_600_000
