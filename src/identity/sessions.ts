/** Sessions: one agent, one device, one shift at most. docs/identity.md, "Sessions". */
import { TelltaleError } from '../base/errors.ts'
import { SESSIONS_LISTED_MAX, SESSIONS_LIVE_MAX } from '../base/identity-limits.ts'
import type { AgentFacts } from '../guard/facts.ts'
import { decisionOf } from './decisions.ts'
import { createGate } from './gate.ts'
import type { Method, NewSession, Sessions } from './ports.ts'
import { hashOf, newSecret } from './secrets.ts'
import { createEndings, factsOf, isLive, newSession, type SessionsDeps } from './session.ts'

/** The one place that says who calls. */
export function createSessions(deps: SessionsDeps): Sessions {
  const { store, decisions, nowMs } = deps
  const endings = createEndings(deps)

  async function begin(
    id: string,
    method: Method,
    presentAtMs: number | null = nowMs(),
  ): Promise<NewSession> {
    const atMs = nowMs()
    const known = await store.agent(id)
    if (known === null) throw new TelltaleError('AGENT_UNKNOWN', { agent: id })
    const [secret, session] = [newSecret(), newSession(id, atMs, presentAtMs)]
    const said = { agent: id, atMs, detail: method, reference: session.id }
    if (known.status === 'active') {
      await decisions.decide(decisionOf({ act: 'session.begun', ...said }))
      const agent = await store.add(session, method, hashOf(secret), SESSIONS_LIVE_MAX)
      if (agent !== null) return { secret, session, agent }
    }
    await decisions.decide(decisionOf({ act: 'session.refused', ...said, detail: 'suspended' }))
    throw new TelltaleError('AGENT_SUSPENDED', {})
  }

  return {
    begin,
    ...createGate(deps, endings),
    async stands({ agent, session }) {
      const known = await store.byId(session.id)
      if (known === null || !isLive(known.session, nowMs())) return false
      return known.agent.status === 'active' && known.agent.id === agent.id
    },
    async stepUp({ agent, session }, method) {
      const atMs = nowMs()
      const said = { agent: agent.id, atMs, detail: `step-up ${method}`, reference: session.id }
      await decisions.decide(decisionOf({ act: 'session.begun', ...said }))
      if (!(await store.stepUp(session.id, atMs))) throw new TelltaleError('SESSION_ENDED', {})
      return { agent, session: { ...session, stepUpAtMs: atMs } }
    },
    list: (agent) => store.list(agent, SESSIONS_LISTED_MAX),
    async end(id, by, why) {
      const known = await store.byId(id)
      if (known === null || !mayEnd(by, known.agent.id))
        throw new TelltaleError('SESSION_UNKNOWN', {})
      await endings.endNow(factsOf(known.session), by.id, why)
    },
    async endAll(agent, exceptId, by, why) {
      if (!mayEnd(by, agent)) throw new TelltaleError('SESSION_UNKNOWN', {})
      const atMs = nowMs()
      const count = await store.endAll(agent, exceptId, atMs, why)
      const subject = agent === by.id ? null : agent
      const said = { agent: by.id, atMs, detail: `${why}, ${count} at once`, subject }
      if (count > 0) await decisions.decide(decisionOf({ act: 'session.ended', ...said }))
      return count
    },
  }
}

function mayEnd(by: AgentFacts, owner: string): boolean {
  return by.id === owner || by.roles.includes('admin')
}
