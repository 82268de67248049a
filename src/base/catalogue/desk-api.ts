import type { CatalogueEntry } from './entry.ts'

/** Errors of the desk's API that no service knows of. `status` is what the API answers. */
export const DESK_API_ERRORS = {
  ROUTE_UNKNOWN: {
    says: 'The desk has nothing at this address.',
    next: 'Check the address; docs/api.md lists what there is.',
    exit: 2,
    status: 404,
  },
  ORIGIN_REFUSED: {
    says: "This request does not come from the desk's own pages.",
    next: 'Nothing was done. Open the desk at its own address; a program sends that address as Origin.',
    exit: 2,
    status: 403,
  },
  MEDIA_UNSUPPORTED: {
    says: 'The body of this request is not JSON.',
    next: 'Nothing was done. Send it as application/json.',
    exit: 2,
    status: 415,
  },
  RATE_LIMITED: {
    says: 'Too many requests: {limit} are taken in {window}.',
    next: 'Nothing was done. Wait {seconds} seconds, then send again.',
    exit: 3,
    status: 429,
  },
  CURSOR_INVALID: {
    says: 'This page of the list cannot be found any more.',
    next: 'Begin at the first page.',
    exit: 2,
    status: 400,
  },
  IDEMPOTENCY_KEY_MISSING: {
    says: 'This request changes something and carries no Idempotency-Key.',
    next: 'Nothing was done. Send a new random key with each act, and the same one when repeating it.',
    exit: 2,
    status: 400,
  },
  IDEMPOTENCY_MISMATCH: {
    says: 'This Idempotency-Key was used for another request.',
    next: 'Nothing was done. Send a new random key with each act.',
    exit: 2,
    status: 422,
  },
  IDEMPOTENCY_RUNNING: {
    says: 'The same request is under way, or its end is not known.',
    next: 'Look whether it was done before you send it with a new key.',
    exit: 2,
    status: 409,
  },
  HOOK_REFUSED: {
    says: 'This webhook is not taken: its source or its signature is not known, or it is too old.',
    next: 'Nothing was done. Compare the secret, and the clocks of both machines.',
    exit: 2,
    status: 401,
  },
  STREAMS_TOO_MANY: {
    says: 'This session follows {limit} streams of updates already.',
    next: 'Close one of them, such as an old tab.',
    exit: 2,
    status: 429,
  },
  DESK_CONFIG_INVALID: {
    says: 'The desk cannot run as {file} says: {problems}.',
    next: 'Nothing was started. What it may hold is in docs/api.md, "Running a desk".',
    exit: 2,
  },
} as const satisfies Readonly<Record<string, CatalogueEntry>>
