/** Signing in anew within a session, beside beginning one. */
import type { FastifyRequest } from 'fastify'
import type { Caller } from '../../../guard/facts.ts'
import type { NewSession } from '../../../identity/ports.ts'
import { type AuthOptions, presentedBy } from '../auth.ts'
import type { SignedIn } from '../shapes/session.ts'

/** Whose session is to be refreshed; null: nobody's, one is begun. */
export async function steppingUp(
  request: FastifyRequest,
  auth: AuthOptions,
): Promise<Caller | null> {
  if (!isStepUp(request)) return null
  return auth.sessions.callerOf(presentedBy(request, auth))
}

/** Whether a request asks to refresh a session instead of beginning one. */
export function isStepUp({ query }: FastifyRequest): boolean {
  return Object.hasOwn(query as object, 'step-up')
}

/** What a sign-in answers beside the cookie. */
export function begunAnswer({ agent }: NewSession): SignedIn {
  return { agent: agent.id, bound: false }
}

/** What a step-up answers. */
export function steppedAnswer({ agent }: Caller): SignedIn {
  return { agent: agent.id, bound: true }
}
