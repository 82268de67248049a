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
