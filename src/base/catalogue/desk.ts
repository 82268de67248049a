import type { CatalogueEntry } from './entry.ts'

/** Errors of the guarded desk. `status` is what the API answers. */
export const DESK_ERRORS = {
  PURPOSE_ENDED: {
    says: 'This purpose does not hold any more: {why}.',
    next: 'Take the next ticket, or ask your lead if you need to go on with this one.',
    exit: 2,
    status: 403,
  },
  REVEAL_REFUSED: {
    says: 'The {field} cannot be shown for this purpose: {why}.',
    next: '{advice}.',
    exit: 2,
    status: 403,
  },
  BUDGET_EXCEEDED: {
    says: 'You were shown {used} customers in the last {window}; your budget is {limit}.',
    next: 'Ask your lead for more; the request takes a reason and stands in the log.',
    exit: 2,
    status: 429,
  },
  STEP_UP_NEEDED: {
    says: 'This needs a sign-in within the last {minutes} minutes.',
    next: 'Sign in once more; what you typed is kept.',
    exit: 2,
    status: 401,
  },
  SESSION_ENDED: {
    says: 'You are not signed in, or your session has ended.',
    next: 'Sign in again; what you typed is kept.',
    exit: 2,
    status: 401,
  },
  TICKET_UNKNOWN: {
    says: 'There is no such ticket for you.',
    next: 'Check the number. A ticket of somebody else has to be assigned to you first.',
    exit: 2,
    status: 404,
  },
  GUARD_POLICY_INVALID: {
    says: 'The policy file {file} cannot be used: {problem}.',
    next: 'Correct it and start again. Until then nobody is shown anything.',
    exit: 2,
  },
  GRANT_UNKNOWN: {
    says: 'There is no such exception for you.',
    next: 'Look through your own, or through the requests that wait for you.',
    exit: 2,
    status: 404,
  },
  GRANT_INVALID: {
    says: 'This cannot be asked or said so: {why}.',
    next: 'Change it and send it again; what you typed is kept.',
    exit: 2,
    status: 422,
  },
  GRANT_NOT_YOURS_TO_DECIDE: {
    says: 'This is not yours to decide: {why}.',
    next: 'Somebody else has to: another lead, or an officer.',
    exit: 2,
    status: 403,
  },
  GRANT_DECIDED: {
    says: 'This exception does not wait for this any more: {why}.',
    next: 'Look at it again. If it is still needed, it can be asked for once more.',
    exit: 2,
    status: 409,
  },
  GRANT_LIMIT: {
    says: 'That is more than one person may: {why}.',
    next: 'Wait, or ask somebody else: a colleague with the same case, another lead, an officer.',
    exit: 2,
    status: 429,
  },
  EXPORT_TOO_LARGE: {
    says: 'This file would be larger than {limit}.',
    next: 'Ask for fewer customers or fields.',
    exit: 2,
    status: 413,
  },
  EXPORT_UNMARKED: {
    says: 'There are too few unused marker records left for a file of its own.',
    next: 'Ask an admin to make more; without them no file leaves.',
    exit: 3,
    status: 503,
  },
} as const satisfies Readonly<Record<string, CatalogueEntry>>
