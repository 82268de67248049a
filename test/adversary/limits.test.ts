/** What a desk limits, and how one gets round it: each of these went through once. */
import { beforeEach, describe, expect, it } from 'vitest'
import {
  SEARCH_MISSES_PER_HOUR_MAX,
  SEARCHES_PER_HOUR_MAX,
  SESSION_IDLE_MS,
} from '../../src/base/desk-limits.ts'
import { createLookupStore } from '../../src/store/lookups.ts'
import { asked, exceptions, yes } from '../grants/exceptions.ts'
import { openDesk, present } from '../identity/desk.ts'

const at = exceptions()
const HOUR_MS = 3_600_000

/** Codes of those that were refused, `done` of the others. */
async function outcomes(all: readonly Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const one of await Promise.allSettled(all)) {
    const word = one.status === 'fulfilled' ? 'done' : one.reason.code
    counts[word] = (counts[word] ?? 0) + 1
  }
  return counts
}

describe('a larger budget', () => {
  const more = () => at.grants.ask(at.who.kim, asked(MORE))
  const MORE = { kind: 'budget', tickets: [], fields: [], extra: 80 } as const
  const hour = async () =>
    (await at.desk.ports.budget.limitsFor(at.who.kim.agent, at.desk.clock.nowMs)).hour

  it('is one at a time, not five that one lead says yes to in a minute', async () => {
    expect(await outcomes([more(), more(), more()])).toEqual({ done: 1, GRANT_LIMIT: 2 })
    const { id } = (await at.grants.mine(at.who.kim, null)).grants[0]
    await yes(at, at.who.lea, { id })
    expect(await outcomes([more()])).toEqual({ GRANT_LIMIT: 1 })
    expect(await hour()).toBe(100)
    const laterMs = at.desk.clock.nowMs + 24 * HOUR_MS
    at.desk.clock.nowMs = laterMs
    const seen = { seen_at_ms: laterMs, expires_at_ms: laterMs + HOUR_MS }
    await at.desk.db.updateTable('telltale.sessions').set(seen).execute()
    expect(await outcomes([more()])).toEqual({ done: 1 })
  })

  it('can be asked for again once the last one was taken back', async () => {
    const { id } = await more()
    await at.grants.end(at.who.kim, id)
    expect(await outcomes([more()])).toEqual({ done: 1 })
  })
})

describe('asking for exceptions about tickets of others', () => {
  const about = (...tickets: string[]) => at.grants.ask(at.who.kim, asked({ tickets }))
  const used = () => createLookupStore(at.desk.db).used('kim', at.desk.clock.nowMs)

  it('tells of ten numbers an hour that there is no such ticket, each in the log', async () => {
    const numbers = Array.from({ length: 25 }, (_, i) => `T-9${i}`)
    expect(await outcomes(numbers.map((number) => about(number)))).toEqual({
      TICKET_UNKNOWN: SEARCH_MISSES_PER_HOUR_MAX,
      SEARCH_TOO_MANY: 25 - SEARCH_MISSES_PER_HOUR_MAX,
    })
    const missed = at.desk.logged.filter((one) => 'act' in one && one.act === 'search.missed')
    expect(missed).toHaveLength(SEARCH_MISSES_PER_HOUR_MAX)
    expect(missed[0]).toMatchObject({ agent: 'kim', reason: expect.stringMatching(/^ticket: T-9/) })
    // What is there is told of no longer either.
    expect(await outcomes([about('T-2')])).toEqual({ SEARCH_TOO_MANY: 1 })
  })

  it('counts as a search where they are there, so that a refused request finds out no more', async () => {
    const text = 'The same words each time are refused, and so never wait'
    await at.grants.ask(at.who.kim, asked({ text }))
    const again = () => at.grants.ask(at.who.kim, asked({ text, tickets: ['T-2', 'T-1'] }))
    const counts = await outcomes(Array.from({ length: 40 }, again))
    expect(counts.SEARCH_TOO_MANY).toBeGreaterThanOrEqual(40 - SEARCHES_PER_HOUR_MAX)
    expect((await used()).searches).toBeLessThanOrEqual(SEARCHES_PER_HOUR_MAX)
  })

  it('takes none of the searches for tickets of their own', async () => {
    await about('T-1')
    await at.grants.ask(at.who.kim, asked({ ticket: 'T-1', tickets: [] }))
    expect(await used()).toEqual({ searches: 0, misses: 0 })
  })
})

describe('two accounts of one person', () => {
  beforeEach(async () => {
    const { db } = at.desk
    await db.updateTable('telltale.agents').set({ person: 'kim' }).where('id', '=', 'bo').execute()
    return async () => {
      await db.updateTable('telltale.agents').set({ person: 'bo' }).where('id', '=', 'bo').execute()
    }
  })
  const limits = { hour: 4, day: 80, week: 300 }

  it('have one budget, exact however many ask at once', async () => {
    const { budget, nowMs } = at.desk.ports
    const charges = Array.from({ length: 40 }, (_, i) =>
      budget.charge({
        agent: i % 2 === 0 ? 'kim' : 'bo',
        customers: [`x-${i}`],
        atMs: nowMs(),
        limits,
      }),
    )
    const done = (await Promise.all(charges)).filter(({ ok }) => ok)
    expect(done).toHaveLength(limits.hour)
    for (const agent of ['kim', 'bo']) {
      expect((await budget.used(agent, nowMs())).hour).toBe(limits.hour)
    }
    expect((await budget.used('lea', nowMs())).hour).toBe(0)
  })

  it('have the searches of one', async () => {
    const lookups = createLookupStore(at.desk.db)
    const atMs = at.desk.clock.nowMs
    const search = (i: number) =>
      lookups.charge({
        id: `search-${i}`,
        agent: i % 2 === 0 ? 'kim' : 'bo',
        atMs,
        limits: { searches: 30, misses: 10 },
      })
    const refused = await Promise.all(Array.from({ length: 24 }, (_, i) => search(i)))
    expect(refused.filter((one) => one === null)).toHaveLength(10)
    expect((await lookups.used('bo', atMs)).misses).toBe(10)
  })
})

describe('a screen that nobody sits at', () => {
  it('ends its session, whatever its page asks for by itself', async () => {
    const desk = await openDesk()
    try {
      const device = await desk.newDevice()
      await desk.addAgent('mara')
      const { secret, caller } = await desk.signIn('mara', device)
      const byItself = async () =>
        desk.sessions.callerOf(present(secret, await device.prove(), { isAttended: false }))
      for (let passed = 0; passed < SESSION_IDLE_MS; passed += SESSION_IDLE_MS / 5) {
        expect((await byItself()).agent.id).toBe('mara')
        desk.now.ms += SESSION_IDLE_MS / 5
      }
      await expect(byItself()).rejects.toMatchObject({ code: 'SESSION_ENDED' })
      expect(await desk.sessions.stands(caller)).toBe(false)
    } finally {
      await desk.close()
    }
  })
})
