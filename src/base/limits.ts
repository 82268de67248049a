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

/** Of a query or search, as much as one entry takes beside everything else. */
export const QUERY_BYTES_MAX = 8192

/** Fields of one disclosure: more than any view of a record, and few enough that their names, a query
 * and at least one customer always fit into one entry. */
export const DISCLOSURE_FIELDS_MAX = 64

/** Customers of one disclosure: a larger result is shown, and recorded, in several steps. */
export const DISCLOSURE_CUSTOMERS_MAX = 65_536

/** Customers of one decision, which is always one entry: beside the longest texts there is room for
 * so many keys of 40 bytes. */
export const DECISION_CUSTOMERS_MAX = 1000

/** 1990-01-01: no desk's clock is older. */
export const AT_MIN_MS = 631_152_000_000
/** The end of the year 9999: every time until then has one spelling in ISO 8601. */
export const AT_MAX_MS = 253_402_300_799_999

/** Pseudonyms held by whoever seals, so that each is computed once: more than agents at work. */
export const PSEUDONYMS_KEPT = 65_536

/** Of a file in the keys folder: ten thousand epochs or writers. */
export const SECRET_FILE_BYTES_MAX = 1 << 20

/** A key service on another continent answers in a second; a start must not hang on one that does
 * not answer. */
export const KEY_SERVICE_TIMEOUT_MS = 10_000
/** What key services wrap a key into takes a few hundred bytes. */
export const KEY_SERVICE_OUTPUT_BYTES_MAX = 16 << 10

/** An opened entry as JSON: an entry and a key in base64, and a receipt whose escapes at most double
 * it. */
export const OPENING_BYTES_MAX = 5 << 20

/** An entry's length is a 16-bit number in a bundle (C2SP tlog-tiles). */
export const ENTRY_BYTES_MAX = 65_535

/** Entries in one journal file, but for its last frame: what a start after a crash reads again, and
 * so how long it takes, whatever the log's size. */
export const JOURNAL_ENTRIES_MAX = 32_768

/** Entries that wait for the disk: a full second at the rate the log is built for. More would only
 * be told late that the disk does not keep up. */
export const QUEUE_ENTRIES_MAX = 65_536
/** ... and their bytes. */
export const QUEUE_BYTES_MAX = 64 << 20

/** Bytes of one group commit: large enough for the disk's full speed, small enough that nobody waits
 * long for a neighbour's large result. */
export const BATCH_BYTES_MAX = 4 << 20

/** Durable entries held in memory until they are in tiles; further appends wait at this many bytes. */
export const UNTILED_BYTES_MAX = 128 << 20

/** Tiles and bundles are synced, and the journal forgets, after this many entries: synced together
 * they cost little each, and a start after a crash reads no more than a few times this again. */
export const SETTLE_ENTRIES = 32_768

/** Durable entries become tiles this often, a little at a time, so that nobody's append waits long
 * behind it. */
export const TILE_INTERVAL_MS = 20

/** Entries are published within a second; this leaves time for tiles, disk and witnesses. */
export const PUBLISH_INTERVAL_MS = 250

/** Of a signed note, as much as is read: room for the signatures below and a long text. */
export const NOTE_BYTES_MAX = 1 << 20

/** Signature lines read of one note; C2SP signed-note asks for at least 16. Each costs a
 * verification. */
export const NOTE_SIGNATURES_MAX = 64

/** The longest key is one of ML-DSA-44: 1,313 bytes in base64 after a name of 255 bytes. */
export const KEY_TEXT_BYTES_MAX = 4096

/** A policy names each witness by one line, at most about two thousand bytes long. */
export const POLICY_BYTES_MAX = 1 << 20

/** Connections that a server holds at once: each is a file descriptor, and one machine's desks and
 * gateways need a few. */
export const HTTP_CONNECTIONS_MAX = 1024
/** Bytes of a request's line and headers. */
export const HTTP_HEADER_BYTES_MAX = 16 << 10
/** A client sends its headers within this time, ... */
export const HTTP_HEADERS_TIMEOUT_MS = 10_000
/** ... and its whole request within this one, or is cut off. */
export const HTTP_REQUEST_TIMEOUT_MS = 30_000
/** A connection on which nothing moves, sending or between requests, is closed. */
export const HTTP_IDLE_TIMEOUT_MS = 60_000

/** Bytes of one request to append: room for one disclosure of the most customers that one may have. */
export const APPEND_BODY_BYTES_MAX = 8 << 20
/** Disclosures of one request to append: enough to spread a round trip over many. */
export const APPEND_LINES_MAX = 4096
/** Requests to append that one writer has under way: more only wait for the disk together. */
export const APPEND_REQUESTS_PER_WRITER_MAX = 16
/** ... and all writers together: with the bytes of one request, bounds the memory they take. */
export const APPEND_REQUESTS_MAX = 64
/** A disk that takes longer to make a request durable is not working. */
export const APPEND_TIMEOUT_MS = 30_000
/** How often a desk tries again when the log is busy: with waits that double, about 12 s in all. */
export const APPEND_ATTEMPTS_MAX = 7

/** Bytes of a request to a witness: 63 hashes and a checkpoint with 64 of the longest signatures. */
export const WITNESS_BODY_BYTES_MAX = 256 << 10
/** Hashes of a proof (C2SP tlog-witness): no tree within 2^63 entries needs more. */
export const WITNESS_PROOF_HASHES_MAX = 63
/** Requests for one log that wait at a witness: its log sends one at a time. */
export const WITNESS_WAITING_MAX = 32
/** How far a witness's clock may be set back and its cosignatures still carry ascending times. */
export const WITNESS_CLOCK_STEP_MAX_S = 3600
/** Bytes read of a witness's answer: its few signatures, or a sentence. */
export const WITNESS_ANSWER_BYTES_MAX = 64 << 10
/** A witness that has not answered by then does not count for this checkpoint. */
export const WITNESS_TIMEOUT_MS = 5000
/** Once enough witnesses cosigned, the others' cosignatures are waited for so long. */
export const WITNESS_GRACE_MS = 100
/** Requests to one witness for one checkpoint: one tells which size it knows, one gives the proof,
 * one more where another publisher came between. */
export const WITNESS_ROUNDS_MAX = 3

/** A receipt is a note, a proof of under three thousand bytes, and what somebody wrote beside it. */
export const RECEIPT_BYTES_MAX = 2 << 20

/** Entries that a follower is given at once: it commits as often, and holds no more in memory. */
export const FOLLOW_ENTRIES = 8192

/** Rows that the entries opened together become: bounds what is held, since one entry may name
 * thousands of customers. */
export const OPENING_ROWS = 8192
/** Entries of a log are opened in threads from this many on: threads take longer to start than fewer
 * take to open. */
export const OPENING_THREADS_FROM = 20_000
/** Beyond this many threads the engine that takes the rows is what limits. */
export const OPENING_THREADS_MAX = 4

/** Findings of one verification that are kept: whoever changed more is found out by these. */
export const FINDINGS_MAX = 1000

/** Disclosures handed to a sealing thread at once: a message costs as much as a few seals, and the
 * disk can begin with the first while others are sealed. */
export const SEAL_BATCH = 128

/** A witness cosigns just before the log publishes: so long an audit waits for the log to follow. */
export const WITNESS_AHEAD_WAIT_MS = 5000

/** A full bundle of the longest entries. */
export const BUNDLE_BYTES_MAX = 256 * (2 + ENTRY_BYTES_MAX)

/** A line of input: room for one disclosure of the most customers that one may have. */
export const LINE_BYTES_MAX = APPEND_BODY_BYTES_MAX

/** Disclosures from standard input on their way into the log at once: enough for the largest group
 * commits, few enough that the log is never too busy for them. */
export const APPEND_FLOW_MAX = 16_384
/** ... and their bytes. */
export const APPEND_FLOW_BYTES_MAX = 16 << 20

/** Publication takes a second, and witnesses a few more; a command does not wait longer for it. */
export const PUBLISH_WAIT_MS = 10_000

/** How soon a log that is served takes over writers and epochs that another command changed. */
export const KEYS_REFRESH_MS = 5000

/** How long a checkpoint that was signed may take until it is published, before it counts as kept
 * back: a writer waits as long for its witnesses. */
export const SIGNED_AHEAD_WAIT_MS = 3000

/** Tiles and bundles fetched ahead of a log that is served: hides the way there and back. */
export const LOG_READ_AHEAD = 8
/** One file of a log that is served. */
export const LOG_READ_TIMEOUT_MS = 30_000
/** How often it is tried. */
export const LOG_READ_ATTEMPTS_MAX = 3
