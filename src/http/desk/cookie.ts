/** The session's cookie. */
import '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { SESSION_MS } from '../../base/desk-limits.ts'

const MS_PER_S = 1000

/** Where the session's secret is kept in a browser. Over TLS its name has a prefix that no other
 * address and no plain page can set (RFC 6265bis, 4.1.3.2). */
export interface SessionCookie {
  readonly name: string
  set(reply: FastifyReply, secret: string): void
  clear(reply: FastifyReply): void
  /** null: the request has none. */
  read(request: FastifyRequest): string | null
}

/** `secure`: whether the desk is reached over TLS. */
export function sessionCookie(secure: boolean): SessionCookie {
  const name = secure ? '__Host-telltale' : 'telltale'
  const attributes = { path: '/', httpOnly: true, sameSite: 'strict', secure } as const
  return {
    name,
    set: (reply, secret) =>
      void reply.setCookie(name, secret, { ...attributes, maxAge: SESSION_MS / MS_PER_S }),
    clear: (reply) => void reply.clearCookie(name, attributes),
    read: (request) => request.cookies[name] ?? null,
  }
}
