/** For other support tools: may this agent see this now? If so it is logged and given. */

import { TelltaleError } from '../../../base/errors.ts'
import { HTTP_REQUEST_TIMEOUT_MS } from '../../../base/limits.ts'
import { serviceSession } from '../../../disclosure/ports.ts'
import type { Caller } from '../../../guard/facts.ts'
import type { ServiceCaller } from '../../../identity/ports.ts'
import { releasedOf } from '../answers.ts'
import { type DeskApp, describe } from '../describe.ts'
import type { DeskServices } from '../ports.ts'
import { decision } from '../shapes/decisions.ts'
import { released } from '../shapes/shown.ts'
import { REVEALING } from './tickets.ts'

/** Adds the route of decisions. */
export function addDecisions(
  app: DeskApp,
  { release, people }: Pick<DeskServices, 'release' | 'people'>,
  nowMs: () => number,
): void {
  app.post(
    '/decisions',
    describe({
      id: 'decide',
      tag: 'decisions',
      summary: 'Decides, logs and gives, for an agent who works in another tool',
      description:
        'The token proves the tool, and the tool vouches for its agent being there. The rest is ' +
        'judged by what the guarded source says: the ticket has to be assigned to that agent. ' +
        'Budgets, grades and the log are the same as in the console; step-up cannot be had here, so ' +
        'sensitive fields are not given.',
      access: 'service:decisions',
      body: decision,
      answer: [200, 'The fields, as far as they may be shown', released],
      errors: ['AGENT_UNKNOWN', 'AGENT_SUSPENDED', 'TICKET_UNKNOWN', ...REVEALING],
    }),
    async (request) => {
      const { agent, ticket, customer, fields, act } = request.body
      const caller = await callerFor(people, agent, request.service as ServiceCaller, nowMs())
      const because = {
        kind: 'ticket',
        number: ticket,
        ...(typeof customer === 'string' ? { customer } : {}),
      } as const
      return releasedOf(await release({ caller, because, fields, act, path: 'api' }))
    },
  )
}

/** What is asked for an agent has no session of theirs: the tool's token stands in for it, and is named
 * in the log by it. */
async function callerFor(
  people: DeskServices['people'],
  id: string,
  service: ServiceCaller,
  nowMs: number,
): Promise<Caller> {
  const agent = await people.agent(id)
  if (agent === null) throw new TelltaleError('AGENT_UNKNOWN', { agent: id })
  if (agent.status !== 'active') throw new TelltaleError('AGENT_SUSPENDED', {})
  const session = {
    id: serviceSession(service.id),
    agent: agent.id,
    device: null,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + HTTP_REQUEST_TIMEOUT_MS,
    stepUpAtMs: null,
  }
  return { agent, session }
}
