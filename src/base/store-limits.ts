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
