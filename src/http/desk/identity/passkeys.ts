/** My passkeys. */
import type { Passkeys } from '../../../identity/passkeys.ts'
import { callerIn } from '../auth.ts'
import { type DeskApp, describe, nothing } from '../describe.ts'
import { ceremony, passkey, passkeyAdd, passkeyParams, passkeys } from '../shapes/session.ts'

const tag = 'session'

/** Adds the routes of passkeys. */
export function addMyPasskeys(app: DeskApp, mine: Passkeys): void {
  app.get(
    '/passkeys',
    describe({
      id: 'listPasskeys',
      tag,
      summary: 'My passkeys',
      access: 'session',
      answer: [200, 'The oldest first', passkeys],
    }),
    async (request) => ({
      passkeys: (await mine.list(callerIn(request).agent.id)).map(shownOf),
    }),
  )

  app.post(
    '/passkeys/begin',
    describe({
      id: 'beginAddingPasskey',
      tag,
      summary: 'Asks for a new passkey',
      access: 'session',
      body: nothing,
      answer: [200, 'What the browser is to ask for', ceremony],
      errors: ['STEP_UP_NEEDED', 'SIGN_IN_BUSY'],
    }),
    async (request) => {
      const { challenge, options } = await mine.beginAdding(callerIn(request))
      return { challenge, options: { ...options } }
    },
  )

  app.post(
    '/passkeys/finish',
    describe({
      id: 'finishAddingPasskey',
      tag,
      summary: 'Adds a new passkey',
      access: 'session',
      body: passkeyAdd,
      answer: [201, 'The passkey', passkey],
      errors: ['STEP_UP_NEEDED', 'SIGN_IN_OVER', 'PASSKEY_REFUSED'],
    }),
    async (request, reply) => {
      const { challenge, credential, label } = request.body
      const added = await mine.finishAdding(callerIn(request), challenge, credential, label)
      return reply.code(201).send(shownOf(added))
    },
  )

  app.delete(
    '/passkeys/:id',
    describe({
      id: 'removePasskey',
      tag,
      summary: 'Removes one of my passkeys',
      access: 'session',
      params: passkeyParams,
      body: nothing,
      answer: [204, 'It opens nothing any more'],
      errors: ['STEP_UP_NEEDED', 'PASSKEY_UNKNOWN'],
    }),
    async (request, reply) => {
      await mine.remove(callerIn(request), request.params.id)
      return reply.code(204).send(null)
    },
  )
}

function shownOf({ id, label, createdAtMs, usedAtMs }: Awaited<ReturnType<Passkeys['list']>>[0]) {
  return { id, label, createdAtMs, usedAtMs }
}
