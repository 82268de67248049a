import type { CatalogueEntry } from './entry.ts'

/** Errors of signing in, sessions, people and services. `status` is what the API answers. */
export const IDENTITY_ERRORS = {
  DEVICE_REFUSED: {
    says: 'This request does not come from the device that the session belongs to.',
    next: 'Sign in again on this device; what you typed is kept. If its clock is wrong, set it right first.',
    exit: 2,
    status: 401,
  },
  AGENT_SUSPENDED: {
    says: 'This account is suspended.',
    next: 'Ask whoever manages the desk.',
    exit: 2,
    status: 403,
  },
  SESSION_UNKNOWN: {
    says: 'There is no such session of yours.',
    next: 'Look at the list of sessions again: it may have ended.',
    exit: 2,
    status: 404,
  },
  SIGN_IN_REFUSED: {
    says: 'You could not be signed in: {why}.',
    next: 'Ask whoever manages the desk whether your account is set up.',
    exit: 2,
    status: 403,
  },
  SIGN_IN_OVER: {
    says: 'This sign-in took too long, was used already, or began in another browser.',
    next: 'Begin it again.',
    exit: 2,
    status: 400,
  },
  SIGN_IN_BUSY: {
    says: 'Too many sign-ins are under way.',
    next: 'Try again in a minute.',
    exit: 3,
    status: 503,
  },
  PROVIDER_UNAVAILABLE: {
    says: 'The identity provider does not answer as it should: {reason}.',
    next: 'Try again in a moment, or sign in by a passkey. If it lasts, whoever runs Telltale has to look at it.',
    exit: 3,
    status: 503,
  },
  PASSKEY_REFUSED: {
    says: 'This passkey cannot be used: {why}.',
    next: 'Try again, with another passkey if you have one.',
    exit: 2,
    status: 400,
  },
  PASSKEY_UNKNOWN: {
    says: 'There is no such passkey of yours.',
    next: 'Look at the list of passkeys again: it may be gone.',
    exit: 2,
    status: 404,
  },
  ROLE_NEEDED: {
    says: 'Only the role {role} may do this.',
    next: 'Ask somebody who has it.',
    exit: 2,
    status: 403,
  },
  AGENT_UNKNOWN: {
    says: 'There is no agent {agent}.',
    next: 'Check the name.',
    exit: 2,
    status: 404,
  },
  AGENT_INVALID: {
    says: 'The agent cannot be made or changed like this: {problem}.',
    next: 'Correct it; nothing was changed.',
    exit: 2,
    status: 400,
  },
  ROSTER_INVALID: {
    says: 'The roster does not work: {problem}.',
    next: 'Correct it; nothing was changed.',
    exit: 2,
    status: 400,
  },
  SERVICE_REFUSED: {
    says: 'This needs the token of a service that may do {scope}.',
    next: 'Send "Authorization: Bearer" with a token that was not revoked.',
    exit: 2,
    status: 401,
  },
  SERVICE_INVALID: {
    says: 'The service cannot be like this: {problem}.',
    next: 'Correct it; nothing was changed.',
    exit: 2,
    status: 400,
  },
  IDENTITY_CONFIG_INVALID: {
    says: 'Signing in cannot work like this: {problem}.',
    next: 'See docs/identity.md; nothing was started.',
    exit: 2,
  },
  DESK_UNREACHABLE: {
    says: 'The desk at {url} does not answer: {reason}.',
    next: 'Check the address and that the desk serves. What it did before is done; the same command goes on.',
    exit: 3,
  },
  DESK_REFUSED: {
    says: 'The desk at {url} refuses this ({code}): {detail}',
    next: 'Correct what it names. What it did before is done; the same command goes on.',
    exit: 2,
  },
  PEOPLE_FILE_INVALID: {
    says: '{file} cannot be taken over: {problem}.',
    next: 'Correct it and try again; nothing was changed.',
    exit: 2,
  },
} as const satisfies Readonly<Record<string, CatalogueEntry>>
