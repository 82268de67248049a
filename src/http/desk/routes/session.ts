/** Who I am, and my sessions. Signing in is in ../identity. */

import { STEP_UP_MS } from '../../../base/desk-limits.ts'
import type { Caller } from '../../../guard/facts.ts'
import { callerIn } from '../auth.ts'
import type { SessionCookie } from '../cookie.ts'
import { type DeskApp, describe, KEEP_ALL, nothing } from '../describe.ts'
import type { DeskServices } from '../ports.ts'
import { endedSessions, type Session, session, sessionParams, sessions } from '../shapes/session.ts'
import { wordsOf } from '../words.ts'

const tag = 'session'

/** What a page is told of how one signs in here. */
export interface SignInWays {
  readonly demo: boolean
  readonly methods: readonly ('passkey' | 'oidc' | 'demo')[]
}

/** Adds the routes of sessions. */
export function addSession(
  app: DeskApp,
  services: Pick<DeskServices, 'sessions' | 'fields'>,
  cookie: SessionCookie,
  ways: SignInWays,
): void {
  const words = wordsOf(services.fields)
  const answer = ({ agent, session: { id, expiresAtMs, stepUpAtMs } }: Caller): Session => ({
    agent: {
      id: agent.id,
      name: agent.name,
      pseudonym: agent.pseudonym,
      team: agent.team,
      roles: [...agent.roles],
    },
    session: {
      id,
      expiresAtMs,
      stepUpUntilMs: stepUpAtMs === null ? null : stepUpAtMs + STEP_UP_MS,
    },
    demo: ways.demo,
    signIn: [...ways.methods],
    words,
  })

  app.get(
    '/session',
    describe({
      id: 'getSession',
      tag,
      summary: 'Who I am, and what there is to know',
      access: 'session',
      answer: [200, 'The session that asks', session],
    }),
    async (request) => answer(callerIn(request)),
  )

  app.post(
    '/session/device',
    describe({
      id: 'bindSession',
      tag,
      summary: "Binds a new session to the device's key, once",
      description: 'The key is the one that signs the proof of this request.',
      access: 'device',
      body: nothing,
      answer: [200, 'The session, bound', session],
    }),
    async (request) => answer(callerIn(request)),
  )

  app.delete(
    '/session',
    describe({
      id: 'endSession',
      tag,
      summary: 'Sign out',
      access: 'session',
      body: nothing,
      answer: [204, 'The session has ended, and its cookie is gone'],
    }),
    async (request, reply) => {
      const caller = callerIn(request)
      await services.sessions.end(caller.session.id, caller.agent, 'signed out')
      cookie.clear(reply)
      return reply.code(204).send(null)
    },
  )
  addOthers(app, services)
}

function addOthers(app: DeskApp, services: Pick<DeskServices, 'sessions'>): void {
  app.get(
    '/sessions',
    describe({
      id: 'listSessions',
      tag,
      summary: 'My sessions',
      access: 'session',
      answer: [200, 'The newest first, ended ones too', sessions],
    }),
    async (request) => {
      const { agent, session: mine } = callerIn(request)
      const rows = await services.sessions.list(agent.id)
      return {
        sessions: rows.map(({ id, method, createdAtMs, seenAtMs, expiresAtMs, endedAtMs }) => ({
          id,
          method,
          createdAtMs,
          seenAtMs,
          expiresAtMs,
          endedAtMs,
          current: id === mine.id,
        })),
      }
    },
  )

  app.delete(
    '/sessions/:id',
    describe({
      id: 'endOneSession',
      tag,
      summary: 'Ends one of my sessions',
      access: 'session',
      writes: KEEP_ALL,
      params: sessionParams,
      body: nothing,
      answer: [204, 'It has ended, for every path at once'],
      errors: ['SESSION_UNKNOWN'],
    }),
    async (request, reply) => {
      await services.sessions.end(request.params.id, callerIn(request).agent, 'ended by its owner')
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/sessions/end-others',
    describe({
      id: 'endOtherSessions',
      tag,
      summary: 'Ends all my sessions but this one',
      access: 'session',
      writes: KEEP_ALL,
      body: nothing,
      answer: [200, 'How many were ended', endedSessions],
    }),
    async (request) => {
      const { agent, session: mine } = callerIn(request)
      const ended = await services.sessions.endAll(agent.id, mine.id, agent, 'ended by its owner')
      return { ended }
    },
  )
}
