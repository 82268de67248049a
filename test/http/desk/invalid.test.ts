/** Whatever is sent, no route fails: it takes it or says what is wrong. As schemathesis tries an API. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeskClient } from '../../../simulate/guarded/client.ts'
import { CATALOGUE } from '../../../src/base/errors.ts'
import { startWholeDesk } from './whole.ts'

interface Schema {
  readonly type?: string
  readonly enum?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly [other: string]: unknown
}

interface Operation {
  readonly operationId: string
  readonly security: readonly Readonly<Record<string, unknown>>[]
  readonly parameters?: readonly { readonly in: string; readonly name: string }[]
  readonly requestBody?: { readonly content: { readonly 'application/json': { schema: Schema } } }
}

interface Route {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

let desk: Awaited<ReturnType<typeof startWholeDesk>>
let clients: readonly DeskClient[]
let routes: readonly Route[]
beforeAll(async () => {
  desk = await startWholeDesk()
  // An agent, a lead, an officer and an admin.
  clients = await Promise.all(['mika', 'lea', 'omar', 'ada'].map(desk.signIn))
  const document = (await (await fetch(`${desk.url}/api/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Operation>>
  }
  routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  )
})
afterAll(() => desk.close())

const TEXTS = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ maxLength: 30 }),
  fc.constantFrom('', '\u0000', '%', '../..', "';--", '{{7*7}}', '\ud800', 'x'.repeat(10_000)),
)
const ANYTHING = fc.oneof(
  TEXTS,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.json(),
)

/** Values that begin as the shape says, and go wrong somewhere, or nowhere. */
function nearly(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
  const right = rightly(schema, depth)
  return fc.oneof({ weight: 4, arbitrary: right }, { weight: 1, arbitrary: ANYTHING })
}

function rightly(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((one) => nearly(one, depth)))
  if (schema.type === 'object' && depth < 4) {
    const properties = Object.entries(schema.properties ?? {})
    const shape = Object.fromEntries(properties.map(([name, of]) => [name, nearly(of, depth + 1)]))
    return fc.record(shape, { requiredKeys: [] })
  }
  if (schema.type === 'array') {
    return fc.array(nearly(schema.items ?? {}, depth + 1), { maxLength: 3 })
  }
  if (schema.type === 'integer' || schema.type === 'number') return fc.nat(500)
  if (schema.type === 'boolean') return fc.boolean()
  return fc.oneof(TEXTS, fc.constantFrom('mail', 'T-20001', 'mika', 'a@b.example', '123456'))
}

/** Ends sessions or streams: tried elsewhere. */
const APART = ['endSession', 'endOneSession', 'endOtherSessions', 'followEvents', 'suspendPerson']

async function send(
  client: DeskClient,
  { method, path, operation }: Route,
  place: string,
  query: string,
  body: unknown,
) {
  const at = path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(place.toWellFormed()) || '-')
  const asks = operation.requestBody === undefined ? undefined : body
  const isOfSession = operation.security.some((one) => 'session' in one)
  if (isOfSession) return client.call(method, `${at.replace('/api/v1', '')}${query}`, asks)
  const response = await fetch(`${desk.url}${at}${query}`, {
    method,
    redirect: 'manual',
    headers: {
      origin: desk.url,
      ...(asks === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(asks === undefined ? {} : { body: JSON.stringify(asks) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') ?? false
  return { status: response.status, body: isJson && text !== '' ? JSON.parse(text) : null }
}

/** What a desk says that has no telephone: it is not asked for anything else. */
const NOT_HERE = 501

describe('a route', () => {
  it('answers anything with what was asked for, or with a problem', async () => {
    const tried = routes.filter(({ operation }) => !APART.includes(operation.operationId))
    expect(tried.length).toBeGreaterThan(40)
    const input = fc.nat(tried.length - 1).chain((which) => {
      const { schema = {} } =
        tried[which].operation.requestBody?.content['application/json'] ??
        ({} as { schema?: Schema })
      const query = TEXTS.map((text) => `?cursor=${encodeURIComponent(text.toWellFormed())}`)
      return fc.record({
        which: fc.constant(which),
        client: fc.nat(clients.length - 1),
        place: TEXTS,
        query: fc.oneof(fc.constant(''), query),
        body: nearly(schema),
      })
    })
    await fc.assert(
      fc.asyncProperty(input, async ({ which, client, place, query, body }) => {
        const route = tried[which]
        const answer = await send(clients[client], route, place, query, body)
        const { status } = answer
        if (status !== NOT_HERE) expect(status, `${route.method} ${route.path}`).toBeLessThan(500)
        if (status < 400) return
        expect(answer.body).toMatchObject({
          status,
          type: `urn:telltale:error:${answer.body.code}`,
        })
        expect(Object.keys(CATALOGUE)).toContain(answer.body.code)
      }),
      { numRuns: 600, endOnFailure: true },
    )
  })

  it('noted no fault of its own meanwhile', () => {
    expect(desk.lines.lines.length).toBeGreaterThan(500)
    expect(desk.lines.lines.filter((line) => line.includes('"fault"'))).toEqual([])
  })
})
