/** Signed webhooks in: what other help desks, routers and mailboxes tell. */
import type { FastifyRequest } from 'fastify'
import { Webhook } from 'standardwebhooks'
import { HOOK_BODY_BYTES_MAX } from '../../../base/desk-http-limits.ts'
import { TelltaleError } from '../../../base/errors.ts'
import { type DeskApp, describe } from '../describe.ts'
import { parseJson } from '../json.ts'
import type { DeskServices } from '../ports.ts'
import { hook, hookParams, hookTaken } from '../shapes/hooks.ts'

/** Secrets of each source, `whsec_...`: several while one is replaced by another. */
export type HookSecrets = ReadonlyMap<string, readonly string[]>

/** Adds the route of webhooks: https://www.standardwebhooks.com, version 1. */
export async function addHooks(
  app: DeskApp,
  { inbound }: Pick<DeskServices, 'inbound'>,
  secrets: HookSecrets,
): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: HOOK_BODY_BYTES_MAX },
    (request, body, done) => {
      try {
        // What is signed are the bytes, before anything reads them.
        requireSignature(request, body as string, secrets)
        done(null, parseJson(body as string))
      } catch (error) {
        done(error as Error)
      }
    },
  )

  app.post(
    '/hooks/:source',
    describe({
      id: 'takeHook',
      tag: 'hooks',
      summary: 'Takes a signed webhook: a ticket began, moved or closed, a customer wrote',
      description:
        'Signed as Standard Webhooks says: headers `webhook-id`, `webhook-timestamp` (within five ' +
        'minutes) and `webhook-signature`. What is sent again changes nothing.',
      access: 'signature',
      params: hookParams,
      body: hook,
      answer: [200, 'It is taken', hookTaken],
      errors: ['HOOK_REFUSED', 'HOOK_INVALID'],
    }),
    async (request) => {
      const { type, timestamp, data } = request.body
      const { customer = null, queue = null, assignee = null, by, contactAtMs = null } = data
      const { topic = null, text = null, mailId = null } = data
      const taken = await inbound.take({
        source: request.params.source,
        id: idOf(request) as string,
        kind: type,
        atMs: Date.parse(timestamp),
        ticket: data.ticket,
        customer,
        queue,
        assignee,
        by: by === undefined ? null : { kind: by.kind, agent: by.agent ?? null },
        contactAtMs,
        topic,
        text,
        mailId,
      })
      return { taken }
    },
  )
}

function requireSignature(request: FastifyRequest, body: string, secrets: HookSecrets): void {
  const { source } = request.params as { source: string }
  const headers = {
    'webhook-id': idOf(request) ?? '',
    'webhook-timestamp': String(request.headers['webhook-timestamp'] ?? ''),
    'webhook-signature': String(request.headers['webhook-signature'] ?? ''),
  }
  const isSigned = (secrets.get(source) ?? []).some((secret) => {
    try {
      new Webhook(secret).verify(body, headers, { jsonParse: false })
      return true
    } catch {
      return false
    }
  })
  if (!isSigned) throw new TelltaleError('HOOK_REFUSED', {})
}

function idOf({ headers }: FastifyRequest): string | null {
  const id = headers['webhook-id']
  return typeof id === 'string' && /^[\w.:-]{1,200}$/.test(id) ? id : null
}
