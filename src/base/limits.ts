/** Named limits, each with its reason. A limit that is reached is always reported, never silent. */

/** Comparison customers drawn for one report: enough to resolve a share of 0.1%, few enough that
 * the group stays alike in activity and time of contact. */
export const COMPARISON_GROUP_SIZE = 1000

/** Contacts scanned for one report's group: bounds the cost of a report, whatever the log's size. */
export const COMPARISON_CHUNK_CONTACTS = 65_536

/** A field class or field name set is a 32-bit mask. */
export const FIELD_NAMES_MAX = 32
