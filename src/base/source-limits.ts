/** Named limits of the guarded source, each with its reason. docs/source.md says what follows from them. */

/** A lookup by a key or an indexed identifier takes milliseconds; a scan of a million customers seconds. */
export const SOURCE_STATEMENT_TIMEOUT_MS = 5000
/** The help desk's own work comes first: each connection is a process of its server. */
export const SOURCE_CONNECTIONS_MAX = 10
/** The server has been told to give up by then; beyond this it, or the way to it, is gone. */
export const SOURCE_ANSWER_MARGIN_MS = 5000
/** Until there is a connection. Somebody waits for the answer. */
export const SOURCE_CONNECT_TIMEOUT_MS = 5000
/** Characters of one value or message: longer than anybody reads, short enough that a conversation of
 * the most messages fits into memory many times. */
export const SOURCE_TEXT_CHARS_MAX = 32_768
/** A queue's name, a topic and the like. */
export const SOURCE_WORD_CHARS_MAX = 300
/** Longer than any mail address (RFC 5321: 254), number or key. */
export const SOURCE_KEY_CHARS_MAX = 256
/** Queues told at once to one agent. */
export const SOURCE_QUEUES_MAX = 500

/** Of a telltale.yaml: a mapping of hundreds of tables is far smaller. */
export const SOURCE_MAP_BYTES_MAX = 1 << 20
/** Rows of a table that a check looks at: enough to meet what one row in a hundred holds. */
export const MAP_SAMPLE_ROWS = 500
/** Characters of a sampled value: patterns show at its beginning. */
export const MAP_SAMPLE_CHARS = 2000
/** A check may scan a table once for its sample. */
export const MAP_STATEMENT_TIMEOUT_MS = 30_000
