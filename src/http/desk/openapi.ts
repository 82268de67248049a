/** The OpenAPI 3.1 document, from the same shapes that requests are checked by. */
import swagger from '@fastify/swagger'
import Type from 'typebox'
import type { DeskApp } from './describe.ts'
import { describe } from './describe.ts'
import { COMPONENTS } from './shapes/base.ts'

/** Where the document is. */
const OPENAPI_PATH = '/api/openapi.json'

/** Notes each route that is added after this. */
export async function addOpenApi(app: DeskApp, about: { version: string; cookie: string }) {
  for (const shape of COMPONENTS) app.addSchema(shape)
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Telltale: the guarded desk',
        summary: 'Support tickets whose customers are shown by purpose, and logged before shown.',
        description: 'How it is used: docs/api.md. Errors: docs/errors.md.',
        version: about.version,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      } as never,
      servers: [{ url: '/', description: 'The desk that serves this document' }],
      tags: TAGS.map(([name, description]) => ({ name, description })),
      components: { securitySchemes: schemes(about.cookie) },
    },
    refResolver: { buildLocalReference: ({ $id }, _, __, i) => String($id ?? `Shape${i}`) },
  })
}

/** Adds the route of the document, when all others stand. */
export function addOpenApiRoute(app: DeskApp): void {
  let document: string | undefined
  app.get(
    OPENAPI_PATH,
    describe({
      id: 'getOpenApi',
      tag: 'operators',
      summary: 'This document',
      access: 'open',
      answer: [
        200,
        'OpenAPI 3.1',
        Type.Unsafe<object>({ type: 'object', additionalProperties: true }),
      ],
    }),
    async (_, reply) => {
      document ??= JSON.stringify(app.swagger())
      return reply
        .type('application/json')
        .serializer((text: string) => text)
        .send(document as never)
    },
  )
}

const TAGS = [
  ['session', 'Signing in, and sessions'],
  ['tickets', 'Tickets, and what they show of their customers'],
  ['search', 'Finding a customer by exactly one identifier'],
  ['grants', 'Exceptions: asked for, and used'],
  ['requests', 'Exceptions: decided and reviewed'],
  ['access', 'What one was shown oneself'],
  ['people', 'People and teams'],
  ['events', 'Live updates'],
  ['decisions', 'For other support tools'],
  ['hooks', 'What other help desks tell'],
  ['scim', 'People from the directory'],
  ['operators', 'For whoever runs the desk'],
] as const

function schemes(cookie: string) {
  return {
    session: {
      type: 'apiKey' as const,
      in: 'cookie' as const,
      name: cookie,
      description: 'The session; set by signing in. Writes name the address of the desk as Origin.',
    },
    proof: {
      type: 'apiKey' as const,
      in: 'header' as const,
      name: 'DPoP',
      description:
        'A proof of the key that the session is bound to, new for each request (RFC 9449).',
    },
    token: { type: 'http' as const, scheme: 'bearer', description: 'The token of a program' },
    signature: {
      type: 'apiKey' as const,
      in: 'header' as const,
      name: 'webhook-signature',
      description: 'Over id, time and body, as Standard Webhooks says.',
    },
  }
}
