/** The way to the organisation's directory and back. Both ends are pages that a browser goes to, not
 * requests of the console: what is wrong is told by the console, at the end of the way. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { TelltaleError } from '../../../base/errors.ts'
import { CEREMONY_MS } from '../../../base/identity-limits.ts'
import type { Directory } from '../../../identity/directory.ts'
import { API } from '../app.ts'
import type { AuthOptions } from '../auth.ts'
import { type DeskApp, describe } from '../describe.ts'
import { noteFault } from '../log.ts'
import { requireOwnPage } from '../origin.ts'
import { tellable } from '../problem.ts'
import { oidcBeginQuery, oidcCallbackQuery } from '../shapes/session.ts'
import { isStepUp } from './step-up.ts'

const tag = 'session'

/** Where a directory sends browsers back to, after the desk's origin. */
export const CALLBACK_PATH = `${API}/sign-in/oidc/callback`

/** Adds the way there and back. */
export function addDirectory(
  app: DeskApp,
  auth: AuthOptions,
  directory: Directory,
  secure: boolean,
): void {
  const browser = browserCookie(secure)
  const home = (to: string) => safePath(to, auth.origin())

  /** What failed goes back to the console with its code. */
  const orBack = async (reply: FastifyReply, act: () => Promise<string>): Promise<string> => {
    try {
      return await act()
    } catch (error) {
      const { error: told } = tellable(error, (fault) => noteFault(app, fault, reply.request.id))
      browser.clear(reply)
      return `/?sign-in=${told.code}`
    }
  }

  app.get(
    '/sign-in/oidc/begin',
    describe({
      id: 'beginDirectory',
      tag,
      summary: 'Goes to the directory to sign in',
      access: 'stranger',
      query: oidcBeginQuery,
      answer: [302, 'To the directory; or to the console with ?sign-in=CODE'],
      errors: ['ORIGIN_REFUSED'],
    }),
    async (request, reply) => {
      requireOwnPage(request, auth.origin())
      const place = await orBack(reply, async () => {
        const caller = isStepUp(request) ? await holderOf(request, auth) : null
        const { url, browser: secret } = await directory.begin(
          caller,
          home(request.query.to ?? '/'),
        )
        browser.set(reply, secret)
        return url
      })
      return reply.redirect(place, 302)
    },
  )

  app.get(
    '/sign-in/oidc/callback',
    describe({
      id: 'finishDirectory',
      tag,
      summary: 'Comes back from the directory',
      access: 'stranger',
      query: oidcCallbackQuery,
      answer: [302, 'To the console; where it failed with ?sign-in=CODE'],
    }),
    async (request, reply) => {
      const place = await orBack(reply, async () => {
        const [, query = ''] = request.url.split(/\?(.*)/s)
        const finished = await directory.finish(
          request.query.state ?? null,
          query,
          browser.read(request),
        )
        browser.clear(reply)
        if (finished.begun !== null) auth.cookie.set(reply, finished.begun.secret)
        return home(finished.to)
      })
      return reply.redirect(place, 302)
    },
  )
}

/** A browser that goes somewhere carries no proof. Whose cookie it is only names the session that its
 * own agent then refreshes at the directory. */
function holderOf(request: FastifyRequest, { sessions, cookie }: AuthOptions) {
  const secret = cookie.read(request)
  if (secret === null) throw new TelltaleError('SESSION_ENDED', {})
  return sessions.holderOf(secret)
}

/** A path of this console, or its beginning: never another site. */
function safePath(to: string, origin: string): string {
  const url = /^\/(?![/\\])/.test(to) && URL.canParse(to, origin) ? new URL(to, origin) : null
  return url?.origin === origin ? `${url.pathname}${url.search}` : '/'
}

/** Ties the way back to the browser that went. Sent along when another site, the directory, sends the
 * browser here, which the session's own cookie is not. */
function browserCookie(secure: boolean) {
  const name = secure ? '__Host-telltale-sign-in' : 'telltale-sign-in'
  const attributes = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const
  return {
    set: (reply: FastifyReply, secret: string) =>
      void reply.setCookie(name, secret, { ...attributes, maxAge: CEREMONY_MS / 1000 }),
    clear: (reply: FastifyReply) => void reply.clearCookie(name, attributes),
    read: (request: FastifyRequest) => request.cookies[name] ?? null,
  }
}
