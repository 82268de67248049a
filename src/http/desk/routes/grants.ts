/** My exceptions. */
import { grantOf, releasedOf } from '../answers.ts'
import { callerIn } from '../auth.ts'
import type { Cursors } from '../cursors.ts'
import { type DeskApp, describe, KEEP_ALL, type Kept, nothing } from '../describe.ts'
import type { DeskServices } from '../ports.ts'
import { csv } from '../shapes/base.ts'
import { ask, type Grant, grant, grantParams, grantReveal, grants } from '../shapes/grants.ts'
import { released } from '../shapes/shown.ts'
import { pageQuery } from '../shapes/tickets.ts'
import { REVEALING } from './tickets.ts'

const tag = 'grants'
type Needs = Pick<DeskServices, 'grants'>

/** Of a grant its id alone is kept: its texts may speak of somebody. */
export function keepGrant(services: Needs): Kept {
  return {
    keep: (answer) => (answer as Grant).id,
    again: async (id, request) =>
      grantOf(await services.grants.one(callerIn(request), id as string)),
  }
}

/** Adds the routes of my exceptions. */
export function addGrants(app: DeskApp, services: Needs, cursors: Cursors): void {
  app.post(
    '/grants',
    describe({
      id: 'askGrant',
      tag,
      summary: 'Asks for an exception',
      access: 'session',
      writes: keepGrant(services),
      body: ask,
      answer: [201, 'The request, which somebody else decides', grant],
      errors: ['GRANT_INVALID', 'GRANT_LIMIT', 'STEP_UP_NEEDED', 'HANDLE_ENDED', 'TICKET_UNKNOWN'],
    }),
    async (request, reply) =>
      reply.code(201).send(grantOf(await services.grants.ask(callerIn(request), request.body))),
  )

  app.get(
    '/grants',
    describe({
      id: 'listGrants',
      tag,
      summary: 'My exceptions',
      access: 'session',
      query: pageQuery,
      answer: [200, 'A page, newest first', grants],
      errors: ['CURSOR_INVALID'],
    }),
    async (request) => {
      const caller = callerIn(request)
      const from = cursors.open(request.query.cursor, 'grants', caller.agent.id)
      const page = await services.grants.mine(caller, from)
      return {
        grants: page.grants.map(grantOf),
        cursor: cursors.seal(page.cursor, 'grants', caller.agent.id),
      }
    },
  )

  app.get(
    '/grants/:id',
    describe({
      id: 'getGrant',
      tag,
      summary: 'One exception',
      access: 'session',
      params: grantParams,
      answer: [200, 'The exception', grant],
      errors: ['GRANT_UNKNOWN'],
    }),
    async (request) => grantOf(await services.grants.one(callerIn(request), request.params.id)),
  )
  addUse(app, services)
}

function addUse(app: DeskApp, services: Needs): void {
  app.post(
    '/grants/:id/reveal',
    describe({
      id: 'revealByGrant',
      tag,
      summary: "Fields of one of an exception's customers",
      access: 'session',
      params: grantParams,
      body: grantReveal,
      answer: [200, 'The fields', released],
      errors: ['GRANT_UNKNOWN', ...REVEALING],
    }),
    async (request) => {
      const { which, fields } = request.body
      const { id } = request.params
      return releasedOf(await services.grants.reveal(callerIn(request), id, which, fields))
    },
  )

  app.post(
    '/grants/:id/export',
    describe({
      id: 'exportByGrant',
      tag,
      summary: "An export's rows, marked with records of nobody",
      description: 'Stands in the log before it is sent. Not repeated by Idempotency-Key.',
      access: 'session',
      params: grantParams,
      body: nothing,
      answer: [200, 'The rows', csv, 'text/csv'],
      errors: ['GRANT_UNKNOWN', 'EXPORT_TOO_LARGE', ...REVEALING],
    }),
    async (request, reply) => {
      const { name, csv: rows } = await services.grants.export(callerIn(request), request.params.id)
      reply.header('content-disposition', `attachment; filename="${fileName(name)}"`)
      return reply.type('text/csv; charset=utf-8').send(rows)
    },
  )

  app.post(
    '/grants/:id/end',
    describe({
      id: 'endGrant',
      tag,
      summary: 'Ends an exception before its time',
      access: 'session',
      writes: KEEP_ALL,
      params: grantParams,
      body: nothing,
      answer: [204, 'It has ended'],
      errors: ['GRANT_UNKNOWN', 'GRANT_DECIDED'],
    }),
    async (request, reply) => {
      await services.grants.end(callerIn(request), request.params.id)
      return reply.code(204).send(null)
    },
  )
}

/** A name that no header and no folder takes for something else. */
function fileName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._-]/g, '-').replace(/^\.+/, '')
}
