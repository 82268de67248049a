/** A desk's identity on a database of its own, with a clock that tests set. */
import type { KyselyPlugin } from 'kysely'
import { createCeremonies } from '../../src/identity/ceremonies.ts'
import { createPasskeys } from '../../src/identity/passkeys.ts'
import { createPeople } from '../../src/identity/people.ts'
import type { Presented } from '../../src/identity/ports.ts'
import { createRosters } from '../../src/identity/rosters.ts'
import { createServices } from '../../src/identity/services.ts'
import { createSessions } from '../../src/identity/sessions.ts'
import { createPeopleStore } from '../../src/store/identity/people.ts'
import { createRosterStore } from '../../src/store/identity/rosters.ts'
import { createServiceStore } from '../../src/store/identity/services.ts'
import { createSessionStore } from '../../src/store/identity/sessions.ts'
import {
  createChallengeStore,
  createIdentityStore,
  createPasskeyStore,
} from '../../src/store/identity/sign-ins.ts'
import type { Decision } from '../../src/tlog/decision.ts'
import { freshDatabase } from '../store/database.ts'
import { type Device, newDevice } from './device.ts'

/** Where the desk of the tests is. */
export const ORIGIN = 'https://desk.example'
/** What a proof is about where a test does not say otherwise. */
export const URL_OF_SESSION = `${ORIGIN}/api/v1/session`

/** `now.ms` is the time. */
export async function openDesk() {
  const database = await freshDatabase()
  const { db } = database
  const now = { ms: Date.now() }
  const nowMs = () => now.ms
  const decided: Decision[] = []
  const log = { fails: false }
  const decisions = {
    decide: async (decision: Decision) => {
      if (log.fails) throw new Error('the log takes nothing')
      decided.push(decision)
    },
  }
  const deps = { store: createSessionStore(db), decisions, nowMs }
  const sessions = createSessions(deps)
  const ceremonies = createCeremonies(createChallengeStore(db), nowMs)
  const site = { rpId: 'desk.example', origin: ORIGIN, name: 'Telltale' }
  const passkeys = { store: createPasskeyStore(db), ceremonies, sessions, decisions, site, nowMs }
  return {
    ...database,
    now,
    nowMs,
    log,
    decided,
    decisions,
    sessions,
    ceremonies,
    identities: createIdentityStore(db),
    passkeys: createPasskeys(passkeys),
    people: createPeople({ store: createPeopleStore(db), decisions, nowMs }),
    rosters: createRosters({ store: createRosterStore(db), decisions, nowMs }),
    services: createServices({ store: createServiceStore(db), decisions, nowMs }),
    /** The sessions after a restart. */
    restarted: () => createSessions(deps),
    /** The sessions, where each query is counted. */
    counting: (count: () => void) =>
      createSessions({ ...deps, store: createSessionStore(db.withPlugin(countingPlugin(count))) }),
    newDevice: () => newDevice(URL_OF_SESSION, nowMs),
    addAgent: (id: string, more: Partial<{ roles: string[]; mail: string; person: string }> = {}) =>
      db
        .insertInto('telltale.agents')
        .values({
          id,
          person: id,
          name: `Name of ${id}`,
          pseudonym: `A-${id.toUpperCase()}`,
          roles: ['agent'],
          kind: 'person',
          status: 'active',
          created_at_ms: now.ms,
          changed_at_ms: now.ms,
          ...more,
        })
        .execute(),
    /** Begins a session and binds it to a device. */
    signIn: async (agent: string, device: Device) => {
      const { secret, session } = await sessions.begin(agent, 'passkey')
      const caller = await sessions.bind(present(secret, await device.prove()))
      return { secret, session, caller }
    },
    acts: () => decided.map(({ act, detail }) => `${act} ${detail}`),
  }
}

function countingPlugin(count: () => void): KyselyPlugin {
  return {
    transformQuery: ({ node }) => {
      count()
      return node
    },
    transformResult: async ({ result }) => result,
  }
}

/** An open desk. */
export type TestDesk = Awaited<ReturnType<typeof openDesk>>

/** A request with these credentials. */
export function present(
  secret: string,
  proof: string | null,
  more?: Partial<Presented>,
): Presented {
  return { secret, proof, method: 'GET', url: URL_OF_SESSION, isAttended: true, ...more }
}
