import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EVENTS_WAITING_MAX } from '../../src/base/ticket-limits.ts'
import {
  type Change,
  type EventFeed,
  forgetEvents,
  openEventFeed,
  tell,
} from '../../src/store/events.ts'
import { freshDatabase, type TestDatabase } from './database.ts'

let database: TestDatabase
let feed: EventFeed
beforeEach(async () => {
  database = await freshDatabase()
  feed = await openEventFeed(database.url, database.db)
})
afterEach(async () => {
  await feed.close()
  await database.close()
})

function hear(on: EventFeed = feed) {
  const heard: (Change | null)[] = []
  const end = on.follow((change) => heard.push(change))
  return { heard, end }
}

/** Waits for what must come. */
async function until(isThere: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !isThere(); i++) await sleep(10)
  expect(isThere()).toBe(true)
}

const ticket = (number: string) =>
  ({ kind: 'ticket', atMs: 1000, agent: 'ann', ticket: number }) as const

describe('live updates', () => {
  it('reach everybody who follows, from any desk, in order', async () => {
    const other = await openEventFeed(database.url, database.db)
    const [one, two] = [hear(), hear(other)]
    for (let i = 0; i < 5; i++) await tell(database.db, ticket(`T-${i}`))
    await until(() => one.heard.length === 5 && two.heard.length === 5)
    const numbers = ['T-0', 'T-1', 'T-2', 'T-3', 'T-4']
    expect(one.heard.map((change) => change?.ticket)).toEqual(numbers)
    expect(two.heard[0]).toEqual({
      kind: 'ticket',
      atMs: 1000,
      agent: 'ann',
      session: null,
      ticket: 'T-0',
      grant: null,
    })
    await other.close()
  })

  it('tell only what counts', async () => {
    const { heard } = hear()
    const undone = database.db.transaction().execute(async (trx) => {
      await tell(trx, ticket('T-undone'))
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    await tell(database.db, ticket('T-done'))
    await until(() => heard.length > 0)
    expect(heard.map((change) => change?.ticket)).toEqual(['T-done'])
  })

  it('end with who follows, and one who throws keeps no other from them', async () => {
    feed.follow(() => {
      throw new Error('gone')
    })
    const [ended, follows] = [hear(), hear()]
    ended.end()
    await tell(database.db, ticket('T-1'))
    await until(() => follows.heard.length === 1)
    expect(ended.heard).toEqual([])
  })

  it('tell to ask for all anew where too many came at once, and go on', async () => {
    const { heard } = hear()
    await database.db.transaction().execute(async (trx) => {
      for (let i = 0; i < EVENTS_WAITING_MAX * 2; i++) await tell(trx, ticket(`T-${i}`))
    })
    await until(() => heard.includes(null))
    await tell(database.db, ticket('T-after'))
    await until(() => heard.some((change) => change?.ticket === 'T-after'))
  })

  it('come back after the connection was lost, and say that some were missed', async () => {
    const { heard } = hear()
    const admin = new pg.Client({ connectionString: database.url })
    await admin.connect()
    await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'telltale events' and datname = current_database()`,
    )
    await admin.end()
    await until(() => heard.includes(null) && feed.isHearing())
    await tell(database.db, ticket('T-after'))
    await until(() => heard.some((change) => change?.ticket === 'T-after'))
  })

  it('are forgotten after a while', async () => {
    await tell(database.db, ticket('T-1'))
    expect(await forgetEvents(database.db, 1000)).toBe(0)
    expect(await forgetEvents(database.db, 1001)).toBe(1)
  })
})

describe('a change of a ticket', () => {
  it('names no customer', async () => {
    await tell(database.db, ticket('T-1'))
    const rows = await database.db.selectFrom('telltale.events').select('payload').execute()
    expect(rows).toEqual([{ payload: { session: null, ticket: 'T-1', grant: null } }])
  })
})
