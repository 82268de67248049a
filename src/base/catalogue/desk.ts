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
    next: '{advice}',
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
} as const satisfies Readonly<Record<string, CatalogueEntry>>
