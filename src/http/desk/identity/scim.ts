/** SCIM 2.0 (RFC 7644): a directory keeps people, teams and roles, by the token of a service. */
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import SCIMMY from 'scimmy'
import { TelltaleError } from '../../../base/errors.ts'
import {
  SCIM_BODY_BYTES_MAX,
  SCIM_FILTER_MAX,
  SCIM_PAGE_MAX,
} from '../../../base/identity-limits.ts'
import { SERVICE_PREFIX } from '../../../identity/people-rules.ts'
import type { MoreRoutes } from '../app.ts'
import { takeJson } from '../json.ts'
import { noteFault } from '../log.ts'
import { tellable } from '../problem.ts'
import {
  declareScim,
  listGroups,
  listUsers,
  type Page,
  type ScimContext,
  type ScimDeps,
  scimErrorOf,
} from './scim-handlers.ts'

const BASE = '/scim/v2'
const TYPE = 'application/scim+json'
const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'

/** The routes of a directory; beside `/api/v1`. */
export function scimRoutes(deps: ScimDeps): MoreRoutes {
  declareScim(BASE)
  SCIMMY.Config.set({
    patch: true,
    filter: { supported: true, maxResults: SCIM_PAGE_MAX },
    bulk: false,
    sort: false,
    changePassword: false,
    etag: false,
    authenticationSchemes: [
      { type: 'oauthbearertoken', name: 'Token', description: 'The token of a service' },
    ],
  } as never)
  return async (app) => {
    await app.register(async (inner) => addScim(inner as unknown as FastifyInstance, deps), {
      prefix: BASE,
    })
  }
}

function addScim(app: FastifyInstance, deps: ScimDeps): void {
  takeJson(app, [TYPE, 'application/json'])
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof SCIMMY.Types.Error) return sendError(reply, error as never)
    const { error: told } = tellable(error, (fault) => noteFault(app, fault, request.id))
    request.refusal = told.code
    return sendError(reply, scimErrorOf(told))
  })
  addResource(app, deps, 'Users', SCIMMY.Resources.User, listUsers)
  addResource(app, deps, 'Groups', SCIMMY.Resources.Group, listGroups)
  const { ServiceProviderConfig, Schema, ResourceType } = SCIMMY.Resources
  addRoute(app, 'GET', '/ServiceProviderConfig', async () => new ServiceProviderConfig().read())
  addRoute(app, 'GET', '/Schemas', async () => new Schema().read())
  addRoute(app, 'GET', '/ResourceTypes', async () => new ResourceType().read())
}

type Kind = typeof SCIMMY.Resources.User | typeof SCIMMY.Resources.Group
type List = (resource: InstanceType<Kind>, ctx: ScimContext) => Promise<Page>

function addResource(
  app: FastifyInstance,
  deps: ScimDeps,
  path: string,
  Kind: Kind,
  list: List,
): void {
  const idOf = (request: FastifyRequest) => (request.params as { id: string }).id
  const asked = (request: FastifyRequest) => queryOf(request)
  const ctx = (request: FastifyRequest): ScimContext => ({
    ...deps,
    by: `${SERVICE_PREFIX}${request.service!.name}`,
  })
  const shown = (row: object, resource: InstanceType<Kind>) =>
    new (Kind.schema as never as new (...args: unknown[]) => object)(
      row,
      'out',
      (Kind.basepath as never as () => string)(),
      resource.attributes,
    )

  addRoute(app, 'GET', `/${path}`, async (request) => {
    const resource = parsed(() => new Kind(asked(request) as never))
    const { all, from, rows } = await list(resource, ctx(request))
    return {
      schemas: [LIST],
      totalResults: all,
      startIndex: from,
      itemsPerPage: rows.length,
      Resources: rows.map((row) => shown(row, resource)),
    }
  })
  addRoute(app, 'POST', `/${path}`, async (request, reply) => {
    const made = await new Kind(asked(request) as never).write(request.body as never, ctx(request))
    reply.code(201)
    return made
  })
  addRoute(app, 'GET', `/${path}/:id`, async (request) =>
    new Kind(idOf(request), asked(request) as never).read(ctx(request)),
  )
  addRoute(app, 'PUT', `/${path}/:id`, async (request) =>
    new Kind(idOf(request), asked(request) as never).write(request.body as never, ctx(request)),
  )
  addRoute(app, 'PATCH', `/${path}/:id`, async (request, reply) => {
    const resource = new Kind(idOf(request), asked(request) as never)
    const changed = await resource.patch(asBooleans(request.body) as never, ctx(request))
    // Nothing changed (RFC 7644, section 3.5.2).
    if (changed === undefined) reply.code(204)
    return changed
  })
  addRoute(app, 'DELETE', `/${path}/:id`, async (request, reply) => {
    await new Kind(idOf(request)).dispose(ctx(request))
    reply.code(204)
    return undefined
  })
}

function addRoute(
  app: FastifyInstance,
  method: RouteOptions['method'],
  url: string,
  act: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>,
): void {
  app.route({
    method,
    url,
    bodyLimit: SCIM_BODY_BYTES_MAX,
    config: { access: 'service:scim' },
    schema: { hide: true } as never,
    handler: async (request, reply) => {
      const answer = await act(request, reply)
      if (answer === undefined) return reply.send()
      return reply.type(TYPE).send(JSON.stringify(answer))
    },
  })
}

/** Entra ID writes whether an account is active as a text. */
function asBooleans(body: unknown): unknown {
  const operations = (body as { Operations?: unknown } | null)?.Operations
  if (!Array.isArray(operations)) return body
  const patched = operations.map((operation: { path?: unknown; value?: unknown } | null) => {
    const { path, value } = operation ?? {}
    const isActive = typeof path === 'string' && path.toLowerCase() === 'active'
    if (isActive) return { ...operation, value: BOOLEANS.get(String(value).toLowerCase()) ?? value }
    const active = BOOLEANS.get(
      String((value as { active?: unknown } | null)?.active).toLowerCase(),
    )
    if (path !== undefined || active === undefined) return operation
    return { ...operation, value: { ...(value as object), active } }
  })
  return { ...(body as object), Operations: patched }
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
])

/** What of a query the library takes, as it takes it. */
function queryOf({ query }: FastifyRequest): Record<string, string | number> {
  const given = query as Record<string, unknown>
  const texts = ['filter', 'attributes', 'excludedAttributes'] as const
  const asked: Record<string, string | number> = {}
  for (const name of texts) if (typeof given[name] === 'string') asked[name] = given[name]
  for (const name of ['startIndex', 'count'] as const) {
    const value = given[name]
    if (typeof value === 'string' && /^\d{1,9}$/.test(value)) asked[name] = Number(value)
  }
  if (texts.some((name) => String(asked[name] ?? '').length > SCIM_FILTER_MAX))
    throw new SCIMMY.Types.Error(400, 'invalidFilter', 'The filter is too long')
  return asked
}

/** What the library cannot read of a query is the sender's fault. */
function parsed<Result>(make: () => Result): Result {
  try {
    return make()
  } catch (error) {
    if (error instanceof SCIMMY.Types.Error) throw error
    throw new TelltaleError('REQUEST_INVALID', { reason: 'its filter cannot be read' })
  }
}

function sendError(reply: FastifyReply, error: Error & { status: number; scimType: string }) {
  return reply
    .code(error.status)
    .type(TYPE)
    .send(JSON.stringify(new SCIMMY.Messages.Error(error as never)))
}
