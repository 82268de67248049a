/** Routes as data: what one takes and answers, who may call it, and how it says no. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest, RawServerDefault } from 'fastify'
import type { TSchema } from 'typebox'
import { CATALOGUE, type ErrorCode } from '../../base/errors.ts'
import type { Scope } from '../../identity/ports.ts'
import { statusOf } from './problem.ts'
import { shape } from './shapes/base.ts'
import { problem } from './shapes/problem.ts'

/** An application whose routes are typed by their shapes. */
export type DeskApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/** Who may call a route: anybody; anybody, but not often; a new session that claims its device; a
 * session; a program with a token; whoever signs the body; an operator, from this machine or with a
 * token. */
export type Access =
  | 'open'
  | 'stranger'
  | 'device'
  | 'session'
  | `service:${Scope}`
  | 'signature'
  | 'operator'

/** What is kept of the answer of a write, for when it is sent again. */
export interface Kept {
  /** Holds no personal data. */
  keep(answer: unknown): unknown
  /** The answer again. */
  again(kept: unknown, request: FastifyRequest): unknown
}

/** The answer holds no personal data and is kept as it is; a 204 has none. */
export const KEEP_ALL: Kept = { keep: (answer) => answer, again: (kept) => kept }

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    /** Of a write that happens once per Idempotency-Key. */
    writes?: Kept
    /** Without a body it is as with `{}`. */
    bodyOptional?: boolean
  }
}

/** A body that says nothing. */
export const nothing = shape({}, 'Nothing; may be absent')

/** What a route answers when it does what was asked. */
type Answer =
  | readonly [status: 200 | 201 | 202, says: string, shape: TSchema, type?: string]
  | readonly [status: 204 | 302, says: string]

type AnyAnswer = readonly [status: number, says: string, shape?: TSchema, type?: string]

interface Route<B, Q, P> {
  readonly id: string
  readonly tag: string
  readonly summary: string
  readonly description?: string
  readonly access: Access
  readonly writes?: Kept
  readonly body?: B
  readonly query?: Q
  readonly params?: P
  readonly answer: Answer
  /** Another answer that is no error. */
  readonly otherwise?: readonly [status: number, says: string, shape: TSchema]
  /** Codes that the route's own service throws. */
  readonly errors?: readonly ErrorCode[]
}

/** Fastify's schema and configuration of a route. */
export function describe<B extends TSchema, Q extends TSchema, P extends TSchema>(
  route: Route<B, Q, P>,
) {
  const { id, tag, summary, description, access, writes, body, query, params } = route
  const schema = {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: SECURITY[access.split(':')[0] as keyof typeof SECURITY],
    ...(body === undefined ? {} : { body }),
    ...(query === undefined ? {} : { querystring: query }),
    ...(params === undefined ? {} : { params }),
    ...(writes === undefined ? {} : { headers: NUMBERED }),
    response: {
      ...refusals(errorsOf(route)),
      ...(route.otherwise === undefined ? {} : answerOf(route.otherwise)),
      ...answerOf(route.answer),
    },
  }
  return {
    schema: schema as unknown as { body: B; querystring: Q; params: P },
    config: {
      access,
      ...(writes === undefined ? {} : { writes }),
      ...((body as unknown) === nothing ? { bodyOptional: true } : {}),
    },
  }
}

function answerOf([status, description, answer, type = 'application/json']: AnyAnswer) {
  if (answer === undefined) return { [status]: { type: 'null', description } }
  return { [status]: { description, content: { [type]: { schema: answer } } } }
}

const SECURITY = {
  open: [],
  stranger: [],
  device: [{ session: [], proof: [] }],
  session: [{ session: [], proof: [] }],
  service: [{ token: [] }],
  signature: [{ signature: [] }],
  operator: [{ token: [] }],
}

const NUMBERED = {
  type: 'object',
  required: ['idempotency-key'],
  properties: {
    'idempotency-key': {
      type: 'string',
      description: 'Random, new with each act; the same when one is sent again within a day',
    },
  },
}

/** Codes that any route of this kind answers with. */
function errorsOf(route: Route<unknown, unknown, unknown>): ErrorCode[] {
  const { access, writes, body, query, params, errors = [] } = route
  const takes = body ?? query ?? params
  return [
    ...errors,
    ...(takes === undefined ? [] : (['REQUEST_INVALID'] as const)),
    ...(body === undefined ? [] : (['REQUEST_TOO_LARGE', 'MEDIA_UNSUPPORTED'] as const)),
    ...(access === 'session' || access === 'device' ? SESSION_ERRORS : []),
    ...(access.startsWith('service:') ? (['SERVICE_REFUSED'] as ErrorCode[]) : []),
    ...(writes === undefined ? [] : NUMBER_ERRORS),
    'RATE_LIMITED',
    'STORE_UNAVAILABLE',
    'INTERNAL',
  ]
}

const SESSION_ERRORS: readonly ErrorCode[] = ['SESSION_ENDED', 'DEVICE_REFUSED', 'ORIGIN_REFUSED']
const NUMBER_ERRORS: readonly ErrorCode[] = [
  'IDEMPOTENCY_KEY_MISSING',
  'IDEMPOTENCY_MISMATCH',
  'IDEMPOTENCY_RUNNING',
]

/** One response per status, which says the codes it may carry. */
function refusals(codes: readonly ErrorCode[]): Record<number, TSchema | object> {
  const statuses = new Set(codes.map(statusOf))
  return Object.fromEntries(
    [...statuses].map((status) => {
      const of = [...new Set(codes)].filter((code) => statusOf(code) === status)
      const description = of.map((code) => `\`${code}\`: ${CATALOGUE[code].says}`).join('\n\n')
      const content = { 'application/problem+json': { schema: problem } }
      return [status, { description, content }]
    }),
  )
}
