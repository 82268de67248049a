import type { CatalogueEntry } from './entry.ts'

/** Errors of servers, writers and witnesses. */
export const NETWORK_ERRORS = {
  WITNESS_STATE_MISSING: {
    says: '{dir} is not the folder of a witness, or its file "origins" is gone.',
    next: 'Restore it whole, or begin a new witness with a new key: one that forgot what it cosigned could cosign a fork.',
    exit: 2,
  },
  WITNESS_EXISTS: {
    says: 'There is a witness in {dir} already.',
    next: 'Choose another folder; nothing was changed.',
    exit: 2,
  },
  WITNESS_STATE_BROKEN: {
    says: 'What this witness last cosigned for {origin} cannot be relied on: {reason}.',
    next: "Restore the newest copy of the witness's folder. Until then nothing is cosigned for this log.",
    exit: 3,
  },
  LISTEN_NEEDS_TLS: {
    says: 'Listening on {host} without TLS would send tokens in the clear.',
    next: 'Give a TLS key and certificate, or listen on 127.0.0.1 behind a proxy that has them.',
    exit: 2,
  },
  LISTEN_FAILED: {
    says: 'Cannot listen on {host}, port {port}: {reason}.',
    next: 'Choose another port, or stop what uses this one.',
    exit: 3,
  },
  WRITER_UNKNOWN: {
    says: 'The request carries no token that this log knows.',
    next: 'Send it as "Authorization: Bearer TOKEN"; whoever keeps the log gives out tokens.',
    exit: 2,
  },
  WRITER_BUSY: {
    says: 'This writer already has {limit} requests under way.',
    next: 'Nothing was logged. Wait for one of them, then send again.',
    exit: 3,
  },
  WRITER_NAME: {
    says: 'The writer "{name}" is not taken: {problem}.',
    next: 'List the writers to see who there is; nothing was changed.',
    exit: 2,
  },
  REQUEST_TOO_LARGE: {
    says: 'The request is larger than {limit} bytes.',
    next: 'Nothing was done. Send less at once.',
    exit: 2,
    status: 413,
  },
  REQUEST_INVALID: {
    says: 'The request is not understood: {reason}.',
    next: 'Nothing was done. Correct it and send again.',
    exit: 2,
    status: 400,
  },
  LINES_COUNT: {
    says: 'The request has {count} lines; 1 to {limit} are taken at once.',
    next: 'Nothing was logged. Send fewer lines at once.',
    exit: 2,
  },
  LINE_INVALID: {
    says: 'Line {line} is not understood: {reason}.',
    next: 'Nothing was logged, none of the other lines either. Correct the line and send again.',
    exit: 2,
  },
  NOT_SERVED: {
    says: 'There is nothing at this address.',
    next: 'A log serves /checkpoint and /tile/...; a witness serves /add-checkpoint.',
    exit: 2,
  },
  METHOD_NOT_ALLOWED: {
    says: 'This address takes {allowed} only.',
    next: 'Use another method.',
    exit: 2,
    status: 405,
  },
  LOG_UNREACHABLE: {
    says: 'The log at {url} cannot be reached: {reason}.',
    next: 'Nothing was logged, so show nothing. Check the address and the network, then send again.',
    exit: 3,
  },
  LOG_UNREADABLE: {
    says: 'Cannot read {url}: {reason}.',
    next: 'Check the address and the network, then try again. Nothing is known of the log by this.',
    exit: 2,
  },
  LOG_REFUSED: {
    says: 'The log at {url} refused the disclosures ({status}): {reason}',
    next: 'Nothing was logged, so show nothing. Do what the log says, then send again.',
    exit: 3,
  },
  APPEND_UNCERTAIN: {
    says: 'It is not known whether the disclosures were logged: {reason}.',
    next: 'Show nothing on their strength. You may send them again: at worst they are logged twice.',
    exit: 3,
  },
} as const satisfies Record<string, CatalogueEntry>
