/** Named limits of the store, each with its reason. docs/store.md says what follows from them. */

/** initdb takes a second, and a minute on the slowest disk. */
export const INITDB_TIMEOUT_MS = 120_000
/** A server that recovers from a crash reads its whole write-ahead log first. */
export const SERVER_START_TIMEOUT_MS = 120_000
/** A fast shutdown writes what is in memory; the server is told to leave at once after this. */
export const SERVER_STOP_TIMEOUT_MS = 30_000
/** The path of a Unix socket has 108 bytes, of which the server's own name takes the rest. */
export const SOCKET_DIR_BYTES_MAX = 90
/** Lines of the server's log that an error shows. */
export const SERVER_LOG_LINES = 8
/** A log longer than this begins anew at the next start; one more is kept. */
export const SERVER_LOG_BYTES_MAX = 4 << 20

/** Of PostgreSQL, as it numbers itself: every column type and lock that we use. */
export const POSTGRES_VERSION_MIN = 150_000
/** Connections of one process: each is a process of the server. More statements at once than a few a
 * core only wait for each other. */
export const POOL_CONNECTIONS_MAX = 20
/** Until there is a connection, whether new or one that others use. Somebody waits for the answer. */
export const CONNECT_TIMEOUT_MS = 5000
/** Every statement of the desk takes milliseconds; one that does not holds what others wait for. */
export const STATEMENT_TIMEOUT_MS = 10_000
/** A lock that is not had by then is held by something that hangs. */
export const LOCK_TIMEOUT_MS = 5000
/** A transaction whose process hangs between two statements would hold its locks for ever. */
export const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000
/** The server has been told to give up by then; beyond this it, or the way to it, is gone. */
export const ANSWER_TIMEOUT_MARGIN_MS = 5000

/** Bytes of a table handed on at once. */
export const COPY_CHUNK_BYTES = 256 << 10
/** Of a backup's lines that describe, not of its rows: names of all tables and columns. */
export const BACKUP_LINE_BYTES_MAX = 1 << 20
/** One row of a backup: no record or request of the desk is nearly as long. */
export const BACKUP_ROW_BYTES_MAX = 256 << 20

/** Texts of statements that each connection keeps prepared: all of a desk's, but not those that grow
 * with what they are asked. */
export const STATEMENTS_PREPARED_MAX = 400
