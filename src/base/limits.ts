/** Named limits, each with its reason. A limit that is reached is always reported, never silent. */

/** Comparison customers drawn for one report: enough to resolve a share of 0.1%, few enough that
 * the group stays alike in activity and time of contact. */
export const COMPARISON_GROUP_SIZE = 1000

/** Contacts scanned for one report's group: bounds the cost of a report, whatever the log's size. */
export const COMPARISON_CHUNK_CONTACTS = 65_536

/** A field class or field name set is a 32-bit mask. */
export const FIELD_NAMES_MAX = 32

/** An agent-day counts as a burst above this many distinct customers, whatever the agent's habit:
 * nobody handles more contacts by hand in a day than about this. */
export const BURST_CUSTOMERS_MIN = 50

/** ... and above this many times the agent's median day, so that a batch account's ordinary days
 * are no bursts. */
export const BURST_MEDIAN_FACTOR = 4

/** Agents with fewer days are held to the median of all agent-days: one day of theft by an account
 * used for nothing else is its own median. */
export const BURST_OWN_DAYS_MIN = 5

/** A queue with fewer contacts in a cell resolves shares too coarsely and is put together with the
 * cell's other small queues; any other stands alone, so that a leak or a copy of one queue is compared
 * within that queue. */
export const QUEUE_CONTACTS_MIN = 200

/** A row longer than this is a broken file, not a disclosure; also the most that a reader holds. */
export const ROW_BYTES_MAX = 1 << 20

/** No identifier of a person or ticket is longer; a longer value is a wrong column. */
export const KEY_BYTES_MAX = 256

/** Of a rejected row, as much text as tells a person which row it is. */
export const REJECT_TEXT_MAX = 300

/** How much of a file is looked at to find its delimiter, columns and preset. */
export const SAMPLE_BYTES = 1 << 20
/** Rows of that sample whose values are looked at: enough to settle a time format. */
export const SAMPLE_ROWS = 2000

/** Rows of a text file staged at once: bounds what is held outside the engine, whatever the file's
 * size, and lets one slice be read while the one before it is judged. */
export const STAGE_ROWS = 250_000

/** A clock may be wrong, or a zone unstated, by up to a day; a time further ahead is an error. */
export const FUTURE_TOLERANCE_S = 86_400

/** 1990-01-01: no access log of a running system is older; an earlier time is a misread number. */
export const TIME_MIN_S = 631_152_000

/** Disclosures ordered at once while an index is derived: bounds its memory, whatever the log. */
export const INDEX_PASS_ROWS = 8_000_000

/** A column with more distinct values names something else than queues and is not matched on. */
export const QUEUE_NAMES_MAX = 65_535

/** An entry's length is a 16-bit number in a bundle (C2SP tlog-tiles). */
export const ENTRY_BYTES_MAX = 65_535
