import { describe, expect, it } from 'vitest'
import type { Ask } from '../../src/grants/ports.ts'
import { HOUR_MS, NOW_MS } from '../disclosure/rows.ts'
import { asked, exceptions, yes } from './exceptions.ts'

const at = exceptions()
const ask = (change: Partial<Ask> = {}, caller = at.who.kim) => at.grants.ask(caller, asked(change))
const first = async (by = at.who.lea) => (await at.grants.requests(by, null)).requests[0]

describe('what waits', () => {
  it('is what one may decide, oldest first, without a customer’s key', async () => {
    const ids: string[] = []
    for (const [caller, change] of [
      [at.who.kim, {}],
      [at.who.bo, { kind: 'export' }],
      [at.who.lou, {}],
      [at.who.bo, {}],
    ] as const) {
      at.desk.clock.nowMs += 1
      ids.push((await ask(change, caller)).id)
    }
    const waits = async (who: 'lea' | 'lou' | 'ola') =>
      (await at.grants.requests(at.who[who], null)).requests.map(({ id }) => ids.indexOf(id))
    expect(await waits('lea')).toEqual([0, 3])
    expect(await waits('lou')).toEqual([0, 3])
    expect(await waits('ola')).toEqual([0, 1, 2, 3])
    expect(JSON.stringify(await at.grants.requests(at.who.ola, null))).not.toMatch(
      /c-1|device|person/,
    )
  })

  it('comes in pages, each once', async () => {
    const rows = Array.from({ length: 120 }, (_, i) => ({
      id: `many-${i}`,
      kind: 'see' as const,
      agent: 'kim',
      person: 'kim',
      reason: 'safety',
      text: 'x',
      customers: ['c-1'],
      fields: ['phone'],
      extra: 0,
      minutes: 5,
      emergency: false,
      state: 'asked' as const,
      asked_at_ms: NOW_MS - (i % 7),
    }))
    await at.desk.db.insertInto('telltale.grants').values(rows).execute()
    for (const list of [
      async (cursor: string | null) => {
        const page = await at.grants.requests(at.who.lea, cursor)
        return { ids: page.requests.map(({ id }) => id), cursor: page.cursor }
      },
      async (cursor: string | null) => {
        const page = await at.grants.mine(at.who.kim, cursor)
        return { ids: page.grants.map(({ id }) => id), cursor: page.cursor }
      },
    ]) {
      const seen: string[] = []
      let cursor: string | null = null
      do {
        const page: { ids: string[]; cursor: string | null } = await list(cursor)
        expect(page.ids.length).toBeLessThanOrEqual(50)
        seen.push(...page.ids)
        cursor = page.cursor
      } while (cursor !== null)
      expect([...seen].sort()).toEqual(rows.map(({ id }) => id).sort())
    }
    for (const cursor of ['', 'x', '1', '1.', '.x', `1.${'x'.repeat(65)}`, "1.a' or 1=1"]) {
      await expect(at.grants.mine(at.who.kim, cursor)).rejects.toMatchObject({
        code: 'CURSOR_INVALID',
      })
    }
  })
})

describe('what speaks against a request', () => {
  it('is nothing where everything is as usual', async () => {
    await ask()
    expect(await first()).toMatchObject({
      whyNot: [],
      blocked: null,
      asker: { asked30d: 1, approved30d: 0, peersMedian30d: 0, liveTickets: 1 },
      mine: { decidedToday: 0, approvedToday: 0, approvedForThem7d: 0, medianSeconds: null },
    })
  })

  it('is a customer of whom the agent has no ticket, or only of some', async () => {
    await ask({ tickets: ['T-2'] })
    expect((await first()).whyNot).toEqual(['no live ticket of these customers is theirs'])
    await at.desk.db.deleteFrom('telltale.grants').execute()
    await ask({ tickets: ['T-1', 'T-2'] })
    expect((await first()).whyNot).toEqual(['live tickets of theirs for 1 of 2 customers only'])
  })

  it('is how often they ask beside their peers, what others said, and what became of it', async () => {
    const { lea, lou, ola, kim } = at.who
    for (let i = 0; i < 3; i++) {
      const { id } = await ask()
      at.desk.clock.nowMs += 30_000
      if (i === 0) await at.grants.decide(lou, id, false, '')
      else await yes(at, lea, { id })
      if (i === 2)
        await at.grants.review(ola, id, 'wrong', 'The ticket says nothing of a call back')
    }
    await ask({ fields: ['phone', 'payment'] })
    expect(await first()).toMatchObject({
      asker: { asked30d: 4, approved30d: 2 },
      mine: { decidedToday: 2, approvedToday: 2, approvedForThem7d: 2, medianSeconds: 30 },
      whyNot: [
        'denied once in 7 days for a customer of these',
        '1 of theirs found wrong in 90 days',
        'asked 4 times in 30 days; peers 0',
        'asks for something sensitive: payment',
        'you approved 2 of theirs in 7 days, of at most 5',
      ],
    })
    expect((await at.grants.mine(kim, null)).grants).toHaveLength(4)
  })

  it('is that they are off roster, where there is one', async () => {
    await ask()
    const duty = (startsAtMs: number) =>
      at.desk.db
        .insertInto('telltale.rosters')
        .values({ agent: 'kim', starts_at_ms: startsAtMs, ends_at_ms: startsAtMs + HOUR_MS })
        .execute()
    await duty(NOW_MS + 3 * HOUR_MS)
    expect((await first()).whyNot).toEqual(['they are off roster now'])
    await duty(NOW_MS - HOUR_MS / 2)
    expect((await first()).whyNot).toEqual([])
  })

  it('is oneself, who approves everything', async () => {
    for (const caller of [at.who.kim, at.who.kim, at.who.bo, at.who.bo, at.who.bo]) {
      const tickets = caller === at.who.kim ? ['T-1'] : ['T-2']
      await yes(at, at.who.lea, await ask({ tickets }, caller))
    }
    await ask()
    const says = 'you approved all 5 that you decided in 24 hours'
    expect((await first()).whyNot).toContain(says)
    expect((await first(at.who.lou)).whyNot).not.toContain(says)
  })
})

describe('a review', () => {
  const review = (id: string, by = at.who.ola, verdict: 'fine' | 'wrong' = 'fine', text = '') =>
    at.grants.review(by, id, verdict, text)

  it('is an officer’s who neither asked nor decided, once, and stands in the log', async () => {
    const { id } = await ask({}, at.who.lou)
    await expect(review(id)).rejects.toMatchObject({ code: 'GRANT_DECIDED' })
    await yes(at, at.who.ola, { id })
    await expect(review(id)).rejects.toMatchObject({ code: 'GRANT_NOT_YOURS_TO_DECIDE' })
    await expect(review(id, at.who.lea)).rejects.toMatchObject({
      code: 'GRANT_NOT_YOURS_TO_DECIDE',
    })
    const all = await Promise.allSettled([review(id, at.who.oki), review(id, at.who.oki)])
    expect(all.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(at.desk.logged.at(-1)).toMatchObject({
      act: 'grant.reviewed',
      agent: 'oki',
      subject: 'lou',
      reason: 'fine.',
    })
    await expect(
      review(id, at.who.oki, 'wrong', 'I have thought about it again'),
    ).rejects.toMatchObject({
      code: 'GRANT_DECIDED',
    })
  })

  it('that finds something wrong says what', async () => {
    const { id } = await ask()
    await yes(at, at.who.lea, { id })
    await expect(review(id, at.who.ola, 'wrong', 'bad')).rejects.toMatchObject({
      code: 'GRANT_INVALID',
    })
    expect((await at.grants.one(at.who.kim, id)).state).toBe('approved')
  })
})

describe('a larger budget', () => {
  it('is decided by a second person and lasts a day', async () => {
    const grant = await ask({ kind: 'budget', tickets: [], fields: [], extra: 7 })
    const limits = async () =>
      (await at.desk.ports.budget.limitsFor(at.who.kim.agent, at.desk.clock.nowMs)).hour
    expect(grant).toMatchObject({ minutes: 1440, customerCount: 0, fields: [] })
    expect(await limits()).toBe(20)
    await yes(at, at.who.lea, grant)
    expect(await limits()).toBe(27)
    at.desk.clock.nowMs += 24 * HOUR_MS
    expect(await limits()).toBe(20)
  })

  it('shows nobody', async () => {
    const grant = await ask({ kind: 'budget', tickets: [], fields: [], extra: 7 })
    await yes(at, at.who.lea, grant)
    await expect(at.grants.reveal(at.who.kim, grant.id, 0, ['phone'])).rejects.toMatchObject({
      code: 'GRANT_UNKNOWN',
    })
  })
})
