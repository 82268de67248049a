/**
 * People and teams. What takes rights away happens first and is told to the log afterwards, so that a
 * log that fails keeps nobody in; what gives rights is told first.
 */
import { randomBytes } from 'node:crypto'
import { TelltaleError } from '../base/errors.ts'
import { PSEUDONYM_ATTEMPTS } from '../base/identity-limits.ts'
import type { Act } from '../tlog/header.ts'
import { decisionOf } from './decisions.ts'
import { changeOf, checkPerson, checkTeam, invalid, SERVICE_PREFIX } from './people-rules.ts'
import type { Decisions, People, PersonRow, PersonSpec } from './ports.ts'
import type { PeopleStore } from './stores.ts'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const PSEUDONYM_CHARS = 4
const DETAIL_BYTES_MAX = 256

/** What people need. */
export interface PeopleDeps {
  readonly store: PeopleStore
  readonly decisions: Decisions
  nowMs(): number
}

/** People of one desk. */
export function createPeople({ store, decisions, nowMs }: PeopleDeps): People {
  const tell = (act: Act, by: string, subject: string, detail: string, reason?: string) =>
    decisions.decide(
      decisionOf({
        act,
        agent: by,
        atMs: nowMs(),
        detail: cut(detail),
        subject: by === subject ? null : subject,
        reason: reason ?? null,
      }),
    )

  async function known(id: string): Promise<PersonRow> {
    const agent = await store.agent(id)
    if (agent === null) throw new TelltaleError('AGENT_UNKNOWN', { agent: id })
    return agent
  }

  /** Pseudonyms are drawn, so that nobody who has the list of agents can work one out. */
  async function write(spec: PersonSpec): Promise<PersonRow> {
    for (let attempt = 0; ; attempt++) {
      const pseudonym = drawPseudonym(PSEUDONYM_CHARS + Math.floor(attempt / PSEUDONYM_ATTEMPTS))
      const outcome = await store.put(spec, pseudonym, nowMs())
      if (outcome === 'done') return known(spec.id)
      if (outcome === 'team-unknown') throw invalid(`there is no team ${spec.team}`)
      if (outcome === 'external-id-taken') throw invalid('the external id is somebody else’s')
    }
  }

  return {
    ...readsOf(store),
    async putTeam(team, by) {
      checkTeam(team)
      const before = (await store.teams()).find(({ id }) => id === team.id)
      if (before?.name === team.name) return team
      const said = { agent: by, atMs: nowMs(), detail: cut(`team ${team.id}`) }
      await decisions.decide(decisionOf({ act: 'settings.changed', ...said }))
      await store.putTeam(team, nowMs())
      return team
    },
    async put(spec, by) {
      refuseOwn(by, spec.id)
      const before = await store.agent(spec.id)
      checkPerson(spec, before)
      const change = changeOf(spec, before)
      if (before !== null && change === null) return before
      await checkFree(store, spec)
      await tell('agent.changed', by, spec.id, change ?? '')
      return write(spec)
    },
    async suspend(id, by, why) {
      refuseOwn(by, id)
      const done = await store.suspend(id, by, nowMs(), 'suspended')
      if (done === null) throw new TelltaleError('AGENT_UNKNOWN', { agent: id })
      if (!done.wasActive && done.sessions === 0) return
      await tell('agent.suspended', by, id, `${done.sessions} sessions ended`, why)
    },
    async resume(id, by) {
      refuseOwn(by, id)
      const { status, suspendedBy } = await known(id)
      const isHeld = isService(by) && suspendedBy !== null && !isService(suspendedBy)
      if (status === 'active' || isHeld) return
      await tell('agent.changed', by, id, 'resumed')
      await store.resume(id, nowMs())
    },
    async removeTeam(id, by) {
      const said = { agent: by, atMs: nowMs(), detail: cut(`team ${id} removed`) }
      await decisions.decide(decisionOf({ act: 'settings.changed', ...said }))
      if (!(await store.removeTeam(id))) throw invalid(`the team ${id} still has agents`)
    },
  }
}

function isService(by: string): boolean {
  return by.startsWith(SERVICE_PREFIX)
}

type Reads = Pick<People, 'agent' | 'list' | 'teams' | 'at' | 'members' | 'byExternalId'>

function readsOf(store: PeopleStore): Reads {
  return {
    agent: (id) => store.agent(id),
    list: (after, limit) => store.list(after, limit),
    teams: () => store.teams(),
    at: (from, limit) => store.at(from, limit),
    members: (of, limit) => store.members(of, limit),
    byExternalId: (externalId) => store.byExternalId(externalId),
  }
}

/** Nobody makes themself more than they are. */
function refuseOwn(by: string, id: string): void {
  if (by === id) throw invalid('nobody changes their own account')
}

/** So that the log is not told of a change that then cannot be made. */
async function checkFree(store: PeopleStore, { id, team, externalId }: PersonSpec): Promise<void> {
  if (team !== null && !(await store.teams()).some((one) => one.id === team))
    throw invalid(`there is no team ${team}`)
  const owner = externalId === null ? null : await store.byExternalId(externalId)
  if (owner !== null && owner.id !== id) throw invalid('the external id is somebody else’s')
}

function drawPseudonym(chars: number): string {
  return `A-${[...randomBytes(chars)].map((byte) => ALPHABET[byte & 31]).join('')}`
}

/** As much as a decision's detail takes, without half a character. */
function cut(text: string): string {
  let out = ''
  for (const char of text) {
    if (Buffer.byteLength(out + char) > DETAIL_BYTES_MAX) break
    out += char
  }
  return out
}
