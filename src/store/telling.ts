/** Ends of sessions, told to the consoles that follow. */
import type { Kysely } from 'kysely'
import type { PeopleStore, SessionStore } from '../identity/stores.ts'
import { tell } from './events.ts'
import type { Tables } from './tables.ts'

/** The same store, which also tells of each end. Telling is no part of ending: who is not told finds
 * out by the next request. */
export function tellingSessions(store: SessionStore, db: Kysely<Tables>): SessionStore {
  return {
    ...store,
    bind: async (id, ...rest) => {
      const bound = await store.bind(id, ...rest)
      for (const one of bound.ended) await ended(db, one.agent, one.id, rest[2])
      return bound
    },
    end: async (id, atMs, why) => {
      const known = await store.byId(id)
      const isEnded = await store.end(id, atMs, why)
      if (isEnded && known !== null) await ended(db, known.agent.id, id, atMs)
      return isEnded
    },
    endAll: async (agent, exceptId, atMs, why) => {
      const count = await store.endAll(agent, exceptId, atMs, why)
      if (count > 0) await ended(db, agent, null, atMs)
      return count
    },
  }
}

/** The same for agents who are suspended. */
export function tellingPeople(store: PeopleStore, db: Kysely<Tables>): PeopleStore {
  return {
    ...store,
    suspend: async (...given) => {
      const suspended = await store.suspend(...given)
      await ended(db, given[0], null, given[2])
      return suspended
    },
  }
}

async function ended(
  db: Kysely<Tables>,
  agent: string,
  session: string | null,
  atMs: number,
): Promise<void> {
  await tell(db, { kind: 'session', atMs, agent, session }).catch(() => {})
}
