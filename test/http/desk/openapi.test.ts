import { readFileSync } from 'node:fs'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CATALOGUE } from '../../../src/base/errors.ts'
import { scimRoutes } from '../../../src/http/desk/identity/scim.ts'
import { signInRoutes } from '../../../src/http/desk/identity/sign-in.ts'
import { syncRoutes } from '../../../src/http/desk/identity/sync.ts'
import { startApi } from './desk.ts'

/** What breaks a rule for a reason. */
const EXCEPTIONS = [
  // A browser goes there and is sent on, whatever comes of it.
  'operation-2xx-response /api/v1/sign-in/oidc/begin',
  'operation-2xx-response /api/v1/sign-in/oidc/callback',
]

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly security: readonly object[]
  readonly parameters?: readonly { readonly name: string; readonly in: string }[]
  readonly responses: Readonly<Record<string, { description: string; content?: object }>>
}

let desk: Awaited<ReturnType<typeof startApi>>
let text: string
let operations: (readonly [route: string, operation: Operation])[]
beforeAll(async () => {
  // Every way to sign in, whether or not it works here: the document only says what there is.
  const ways = { demo: true, people: {} as never, secure: true, nowMs: Date.now }
  const directory = { label: 'Directory', service: {} as never }
  const signIn = signInRoutes({ ...ways, passkeys: {} as never, directory })
  const more = [signIn, syncRoutes({} as never)]
  const beside = [scimRoutes({ people: {} as never, identities: {} as never })]
  desk = await startApi({}, { more, beside })
  text = (await desk.app.inject('/api/openapi.json')).body
  const { paths } = JSON.parse(text) as { paths: Record<string, Record<string, Operation>> }
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
    ),
  )
})
afterAll(() => desk.close())

/** Routes of the table in docs/desk.md, as the document spells them. */
function documented(): string[] {
  const page = readFileSync('docs/desk.md', 'utf8')
  const table = /## Routes\n([\s\S]*?)\n## /.exec(`${page}\n## `)?.[1] ?? ''
  return table
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => routesOf(line.split('|')[1]))
}

/** `POST /a`, `/b` is two routes of one method; `.../c` goes on where the one before ended. */
function routesOf(cell: string): string[] {
  const routes: string[] = []
  let method = 'GET'
  let before = ''
  for (const [, code] of cell.matchAll(/`([^`]+)`/g)) {
    const [, named, path] = /^(?:([A-Z]+) )?(.*)$/.exec(code) as RegExpExecArray
    method = named ?? method
    before = absolute(path, before)
    routes.push(`${method} ${isOutside(before) ? '' : '/api/v1'}${before}`)
  }
  return routes
}

function absolute(path: string, before: string): string {
  if (path.startsWith('...')) return before.replace(/\/[^/]*$/, '') + path.slice(3)
  return path
}

function isOutside(path: string): boolean {
  return /^\/(health|metrics|api|scim)\b/.test(path)
}

describe('the OpenAPI document', () => {
  it('has no error and no warning by the recommended rules', async () => {
    const config = await createConfig({ extends: ['recommended'] })
    const problems = await lintFromString({ source: text, config })
    const told = problems.map(({ ruleId, location }) => {
      const path = location[0]?.pointer?.split('/')[2] ?? ''
      return `${ruleId} ${path.replaceAll('~1', '/')}`
    })
    expect(told.sort()).toEqual(EXCEPTIONS)
  })

  it('has every route of docs/desk.md, and no other', () => {
    const routes = operations.map(([route]) => route)
    const isOfDirectory = (route: string) => route.includes(' /scim/')
    const own = (all: string[]) => all.filter((route) => !isOfDirectory(route)).sort()
    expect(own(routes)).toEqual(own(documented()))
  })

  it('says of every route what it is, who may call it and how it says no', () => {
    for (const [route, { summary, tags, security, responses, operationId }] of operations) {
      expect(summary, route).not.toBe('')
      expect(operationId, route).toMatch(/^[a-z]+([A-Z][a-z]+)*$/)
      expect(tags, route).toHaveLength(1)
      expect(security, route).toBeInstanceOf(Array)
      const refusals = Object.entries(responses).filter(([status]) => Number(status) >= 400)
      expect(refusals.length, route).toBeGreaterThan(1)
    }
    const ids = operations.map(([, { operationId }]) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('lets nobody call a route without a reason', () => {
    const open = operations.filter(([, { security }]) => security.length === 0)
    expect(open.map(([route]) => route).sort()).toEqual(
      ['GET /api/openapi.json', 'GET /health/live', 'GET /health/ready'].concat(SIGN_IN).sort(),
    )
  })

  it('asks for an Idempotency-Key wherever something is written but not shown', () => {
    const without = operations
      .filter(([route]) => !route.startsWith('GET '))
      .filter(
        ([, { parameters = [] }]) => !parameters.some(({ name }) => name === 'idempotency-key'),
      )
    expect(without.map(([route]) => route).sort()).toEqual(
      NOT_NUMBERED.concat(SIGN_IN_POSTS).sort(),
    )
  })

  it('names only codes of the catalogue', () => {
    const named = text.match(/`[A-Z][A-Z_]+`/g)?.map((code) => code.slice(1, -1)) ?? []
    expect(named.length).toBeGreaterThan(100)
    expect(named.filter((code) => !(code in CATALOGUE))).toEqual([])
  })
})

/** Routes by which somebody becomes known. */
const SIGN_IN_POSTS = ['demo', 'passkey/begin', 'passkey/finish'].map(
  (path) => `POST /api/v1/sign-in/${path}`,
)
const SIGN_IN = ['options', 'oidc/begin', 'oidc/callback']
  .map((path) => `GET /api/v1/sign-in/${path}`)
  .concat(SIGN_IN_POSTS)

/** What is done again does no harm, or shows somebody: its answer is not kept. */
const NOT_NUMBERED = [
  'DELETE /api/v1/passkeys/{id}',
  'DELETE /api/v1/session',
  'POST /api/v1/decisions',
  'POST /api/v1/grants/{id}/export',
  'POST /api/v1/grants/{id}/reveal',
  'POST /api/v1/hooks/{source}',
  'POST /api/v1/passkeys/begin',
  'POST /api/v1/passkeys/finish',
  'POST /api/v1/people/sync',
  'POST /api/v1/search',
  'POST /api/v1/session/device',
  'POST /api/v1/tickets/{number}/reveal',
]
