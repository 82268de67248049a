/** Live updates: what to ask for anew, never what it is. Written within the change that they tell of. */
import type { Kysely } from 'kysely'
import { EVENTS_WAITING_MAX } from '../base/ticket-limits.ts'
import { listen } from './listening.ts'
import type { Tables } from './tables.ts'

/** What a live update can be about. */
export type EventKind = 'queue' | 'ticket' | 'grant' | 'request' | 'budget' | 'session'

/** Something changed: numbers and ids alone, nothing of a customer. */
export interface Change {
  readonly kind: EventKind
  readonly atMs: number
  /** Whom it concerns; null: everybody. */
  readonly agent: string | null
  /** The session that ended. */
  readonly session: string | null
  readonly ticket: string | null
  readonly grant: string | null
}

/** Tells whoever listens, once the transaction it is part of counts. */
export async function tell(
  db: Kysely<Tables>,
  change: Pick<Change, 'kind' | 'atMs' | 'agent'> & Partial<Change>,
): Promise<void> {
  const { kind, atMs, agent, session = null, ticket = null, grant = null } = change
  const payload = JSON.stringify({ session, ticket, grant })
  await db.insertInto('telltale.events').values({ at_ms: atMs, kind, agent, payload }).execute()
}

/** Forgets updates that nobody waits for; answers how many. */
export async function forgetEvents(db: Kysely<Tables>, beforeMs: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('telltale.events')
    .where('at_ms', '<', beforeMs)
    .executeTakeFirst()
  return Number(numDeletedRows)
}

/** Changes, from all desks on this store. */
export interface EventFeed {
  /** Calls back until the returned function is called; null: some may have been missed, ask for all
   * anew. What a listener throws is its own business. */
  follow(onChange: (change: Change | null) => void): () => void
  /** Whether changes are heard now. */
  isHearing(): boolean
  close(): Promise<void>
}

/** Hears what all desks tell; one connection for all who follow. */
export async function openEventFeed(url: string, db: Kysely<Tables>): Promise<EventFeed> {
  const listeners = new Set<(change: Change | null) => void>()
  const heard: number[] = []
  let reading: Promise<void> | null = null

  function give(change: Change | null): void {
    for (const listener of listeners) {
      try {
        listener(change)
      } catch {
        // One page that is gone keeps no other from its news.
      }
    }
  }

  /** One read at a time, of all that came meanwhile: many changes at once cost few reads. */
  async function read(): Promise<void> {
    while (heard.length > 0) {
      const ids = heard.splice(0)
      const changes = ids.length > EVENTS_WAITING_MAX ? [] : await changesOf(db, ids)
      if (changes.length < ids.length) give(null)
      for (const change of changes) give(change)
    }
  }

  const listening = await listen(url, 'telltale_events', {
    onNotice: (payload) => {
      // Beyond this, everybody is told to ask anew, whatever it was.
      if (heard.length <= EVENTS_WAITING_MAX) heard.push(Number(payload))
      reading ??= read()
        .catch(() => {
          heard.length = 0
          give(null)
        })
        .finally(() => (reading = null))
    },
    onBack: () => give(null),
  })
  return {
    follow: (onChange) => {
      listeners.add(onChange)
      return () => listeners.delete(onChange)
    },
    isHearing: listening.isHearing,
    close: async () => {
      listeners.clear()
      await listening.close()
      await reading
    },
  }
}

async function changesOf(db: Kysely<Tables>, ids: readonly number[]): Promise<Change[]> {
  const rows = await db
    .selectFrom('telltale.events')
    .select(['at_ms', 'kind', 'agent', 'payload'])
    .where('id', 'in', ids)
    .orderBy('id')
    .execute()
  return rows.map(({ at_ms, kind, agent, payload }) => ({
    kind: kind as EventKind,
    atMs: at_ms,
    agent,
    ...(payload as Pick<Change, 'session' | 'ticket' | 'grant'>),
  }))
}
