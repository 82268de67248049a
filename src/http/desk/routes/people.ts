/** People and teams. Services of identity are told who does it; that it is an admin is checked here. */

import type { FastifyRequest } from 'fastify'
import { PAGE_ROWS_MAX } from '../../../base/desk-limits.ts'
import { TelltaleError } from '../../../base/errors.ts'
import type { AgentFacts } from '../../../guard/facts.ts'
import { requireStepUp } from '../../../identity/step-up.ts'
import { personOf } from '../answers.ts'
import { callerIn } from '../auth.ts'
import type { Cursors } from '../cursors.ts'
import { type DeskApp, describe, KEEP_ALL, type Kept, nothing } from '../describe.ts'
import type { DeskServices } from '../ports.ts'
import {
  colleagues,
  type Person,
  people,
  person,
  personParams,
  putPerson,
  suspend,
  teams,
} from '../shapes/people.ts'
import { pageQuery } from '../shapes/tickets.ts'

const tag = 'people'
type Needs = Pick<DeskServices, 'people' | 'budgets'>

/** Adds the routes of people and teams. */
export function addPeople(
  app: DeskApp,
  services: Needs,
  cursors: Cursors,
  nowMs: () => number,
): void {
  app.get(
    '/people',
    describe({
      id: 'listPeople',
      tag,
      summary: 'Agents',
      access: 'session',
      query: pageQuery,
      answer: [200, 'A page, by id', people],
      errors: ['CURSOR_INVALID', 'ROLE_NEEDED'],
    }),
    async (request) => {
      const { id } = adminIn(request)
      const from = cursors.open(request.query.cursor, 'people', id)
      const rows = await services.people.list(from, PAGE_ROWS_MAX)
      return { people: rows.map(personOf), cursor: cursors.seal(lastOf(rows), 'people', id) }
    },
  )

  addOthers(app, services, cursors)
  addChanges(app, services, nowMs)
}

function addOthers(app: DeskApp, services: Needs, cursors: Cursors): void {
  app.get(
    '/colleagues',
    describe({
      id: 'listColleagues',
      tag,
      summary: 'Who a ticket can be given to',
      access: 'session',
      query: pageQuery,
      answer: [200, 'A page, by id', colleagues],
      errors: ['CURSOR_INVALID'],
    }),
    async (request) => {
      const { id: me } = callerIn(request).agent
      const from = cursors.open(request.query.cursor, 'colleagues', me)
      const rows = await services.people.list(from, PAGE_ROWS_MAX)
      return {
        colleagues: rows
          .filter(isColleague)
          .filter(({ id }) => id !== me)
          .map(({ id, name, team }) => ({ id, name, team })),
        cursor: cursors.seal(lastOf(rows), 'colleagues', me),
      }
    },
  )

  app.get(
    '/teams',
    describe({
      id: 'listTeams',
      tag,
      summary: 'Teams and their budgets',
      access: 'session',
      answer: [200, 'All teams', teams],
      errors: ['ROLE_NEEDED'],
    }),
    async (request) => {
      adminIn(request)
      const [all, budgets] = await Promise.all([
        services.people.teams(),
        services.budgets.ofTeams(),
      ])
      return {
        teams: all.flatMap(({ id, name }) => {
          const budget = budgets.get(id)
          return budget === undefined
            ? []
            : [{ id, name, agents: budget.agents, budget: { ...budget.limits } }]
        }),
      }
    },
  )
}

/** Of a person the id alone is kept. */
function keepPerson(services: Needs): Kept {
  return {
    keep: (answer) => (answer as Person).id,
    again: async (id) => {
      const row = await services.people.agent(id as string)
      if (row === null) throw new TelltaleError('AGENT_UNKNOWN', { agent: id as string })
      return personOf(row)
    },
  }
}

function addChanges(app: DeskApp, services: Needs, nowMs: () => number): void {
  app.put(
    '/people/:id',
    describe({
      id: 'putPerson',
      tag,
      summary: 'Makes or changes an agent',
      access: 'session',
      writes: keepPerson(services),
      params: personParams,
      body: putPerson,
      answer: [200, 'The agent as it stands now', person],
      errors: ['AGENT_INVALID', 'ROLE_NEEDED', 'STEP_UP_NEEDED'],
    }),
    async (request) => {
      const admin = freshAdminIn(request, nowMs())
      return personOf(
        await services.people.put({ id: request.params.id, ...request.body }, admin.id),
      )
    },
  )

  app.post(
    '/people/:id/suspend',
    describe({
      id: 'suspendPerson',
      tag,
      summary: 'Suspends an agent and ends all their sessions',
      access: 'session',
      writes: KEEP_ALL,
      params: personParams,
      body: suspend,
      answer: [204, 'Suspended, on every path'],
      errors: ['AGENT_UNKNOWN', 'ROLE_NEEDED'],
    }),
    async (request, reply) => {
      const admin = adminIn(request)
      await services.people.suspend(request.params.id, admin.id, request.body.why)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/people/:id/resume',
    describe({
      id: 'resumePerson',
      tag,
      summary: 'Lets a suspended agent sign in again',
      access: 'session',
      writes: KEEP_ALL,
      params: personParams,
      body: nothing,
      answer: [204, 'Active again'],
      errors: ['AGENT_UNKNOWN', 'ROLE_NEEDED', 'STEP_UP_NEEDED'],
    }),
    async (request, reply) => {
      const admin = freshAdminIn(request, nowMs())
      await services.people.resume(request.params.id, admin.id)
      return reply.code(204).send(null)
    },
  )
}

function adminIn(request: FastifyRequest): AgentFacts {
  const { agent } = callerIn(request)
  if (!agent.roles.includes('admin')) throw new TelltaleError('ROLE_NEEDED', { role: 'admin' })
  return agent
}

/** Giving somebody access is as grave as using it; taking it away waits for nothing. */
function freshAdminIn(request: FastifyRequest, nowMs: number): AgentFacts {
  const admin = adminIn(request)
  requireStepUp(callerIn(request).session, nowMs)
  return admin
}

function isColleague({ kind, status, roles }: AgentFacts): boolean {
  return kind === 'person' && status === 'active' && roles.some((role) => role !== 'admin')
}

/** Where the next page begins: a full one may have more behind it. */
function lastOf(rows: readonly AgentFacts[]): string | null {
  return rows.length < PAGE_ROWS_MAX ? null : (rows.at(-1)?.id ?? null)
}
