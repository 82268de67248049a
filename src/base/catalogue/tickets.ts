import type { CatalogueEntry } from './entry.ts'

/** Errors of working on tickets, of codes and of searches. `status` is what the API answers. */
export const TICKET_ERRORS = {
  TICKET_CLOSED: {
    says: 'This ticket is closed.',
    next: 'Reopen it if there is more to do, or take the next.',
    exit: 2,
    status: 409,
  },
  QUEUE_EMPTY: {
    says: 'Nothing waits in your queues.',
    next: 'Take a breath; what comes is announced.',
    exit: 2,
    status: 404,
  },
  QUEUE_NONE: {
    says: 'You work in no queue, so a ticket of yours would be in none.',
    next: 'Ask your lead to put you into one.',
    exit: 2,
    status: 409,
  },
  QUEUE_NOT_YOURS: {
    says: 'You do not work in that queue.',
    next: 'Choose one of yours.',
    exit: 2,
    status: 422,
  },
  TICKETS_TOO_MANY: {
    says: 'You have {limit} open tickets already.',
    next: 'Close what is done, or have some assigned to somebody else.',
    exit: 2,
    status: 409,
  },
  SOURCE_READ_ONLY: {
    says: 'The tickets of the guarded help desk are worked on there; Telltale reads them only.',
    next: 'Do it in the help desk: the change is seen here at once.',
    exit: 2,
    status: 409,
  },
  ASSIGNEE_UNKNOWN: {
    says: 'Nobody by that id works in the queue of this ticket.',
    next: 'Choose somebody who does.',
    exit: 2,
    status: 422,
  },
  TICKETS_DIFFER: {
    says: 'Only two tickets of one customer can become one.',
    next: 'Nothing was changed. Check the numbers.',
    exit: 2,
    status: 409,
  },
  TEXT_INVALID: {
    says: 'The {what} is empty, too long or holds characters that are no text.',
    next: 'Nothing was changed. Correct it and send it again.',
    exit: 2,
    status: 422,
  },
  MESSAGES_UNAVAILABLE: {
    says: 'This customer cannot be written to: {why}.',
    next: 'Nothing was kept. Write a note, or reach them another way.',
    exit: 2,
    status: 409,
  },
  MESSAGES_TOO_MANY: {
    says: 'You sent {limit} replies within an hour.',
    next: 'Nothing was kept. Wait {minutes} minutes, or have a colleague answer.',
    exit: 2,
    status: 429,
  },
  HANDLE_ENDED: {
    says: 'That search result cannot be used any more.',
    next: 'Search again: a result is good for ten minutes, in the session that searched.',
    exit: 2,
    status: 410,
  },
  CALLS_UNAVAILABLE: {
    says: 'No telephone system is connected.',
    next: 'Ask your administrator to connect one; until then reveal the number, if you may.',
    exit: 2,
    status: 501,
  },
  CALL_NO_NUMBER: {
    says: 'There is no such number on record.',
    next: 'Choose another way to reach the customer.',
    exit: 2,
    status: 422,
  },
  CALL_FAILED: {
    says: 'The telephone system did not place the call.',
    next: 'Try again in a moment; the attempt stands in the log.',
    exit: 3,
    status: 502,
  },
  CODE_NO_CONTACT: {
    says: 'A code cannot be sent there.',
    next: 'Choose another contact on record. If there is none, ask your lead.',
    exit: 2,
    status: 422,
  },
  CODE_TOO_MANY: {
    says: 'Too many codes: {what}.',
    next: 'Wait {minutes} minutes, or ask your lead.',
    exit: 2,
    status: 429,
  },
  CODE_WRONG: {
    says: 'That is not the code; {left} attempts are left.',
    next: 'Ask the customer to read the newest message once more.',
    exit: 2,
    status: 422,
  },
  CODE_EXPIRED: {
    says: 'There is no code of yours on this ticket that can still be read back.',
    next: 'Send a new one: a code is good for ten minutes and three attempts, once, for whoever sent it.',
    exit: 2,
    status: 410,
  },
  CODE_NOT_SENT: {
    says: 'The code could not be sent.',
    next: 'Try again in a moment, or choose another contact on record.',
    exit: 3,
    status: 502,
  },
  SEARCH_TOO_MANY: {
    says: 'Too many {what}: {limit} an hour are allowed.',
    next: 'Wait {minutes} minutes, or ask your lead to search.',
    exit: 2,
    status: 429,
  },
  SEARCH_AMBIGUOUS: {
    says: 'More than {limit} customers have this; none is shown.',
    next: 'Search by something that only one of them has.',
    exit: 2,
    status: 422,
  },
  SEARCH_INVALID: {
    says: 'This is no whole {by}.',
    next: 'Give one identifier as it is written: no part of it, no wildcard. A phone number needs its country, as in +81.',
    exit: 2,
    status: 422,
  },
  HOOK_INVALID: {
    says: 'This webhook cannot be taken: {problem}.',
    next: 'Nothing was changed. Correct what sends it.',
    exit: 2,
    status: 422,
  },
} as const satisfies Readonly<Record<string, CatalogueEntry>>
