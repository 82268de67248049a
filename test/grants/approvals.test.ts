import { describe, expect, it } from 'vitest'
import type { Ask, Grant } from '../../src/grants/ports.ts'
import type { Caller } from '../../src/guard/facts.ts'
import { HOUR_MS, NOW_MS } from '../disclosure/rows.ts'
import { asked, exceptions, yes } from './exceptions.ts'

const at = exceptions()
const ask = (change: Partial<Ask> = {}, caller = at.who.kim) => at.grants.ask(caller, asked(change))
const no = (by: Caller, { id }: Pick<Grant, 'id'>) => at.grants.decide(by, id, false, '')
const rejected = (code: string, why?: RegExp) =>
  expect.objectContaining({
    code,
    ...(why && { details: { why: expect.stringMatching(why) } }),
  })
/** Many grants of kim's that lea decided before, at hours from now. */
const earlier = (count: number, hoursAgo: number, change: Record<string, unknown> = {}) =>
  at.desk.db
    .insertInto('telltale.grants')
    .values(
      Array.from({ length: count }, (_, i) => ({
        id: `old-${hoursAgo}-${i}`,
        kind: 'see' as const,
        agent: 'kim',
        person: 'kim',
        reason: 'safety',
        text: 'x',
        customers: ['c-9'],
        fields: ['phone'],
        extra: 0,
        minutes: 5,
        emergency: false,
        state: 'ended' as const,
        asked_at_ms: NOW_MS - hoursAgo * HOUR_MS - 60_000,
        decided_by: 'lea',
        decided_person: 'lea',
        decided_at_ms: NOW_MS - hoursAgo * HOUR_MS,
        live_from_ms: NOW_MS - hoursAgo * HOUR_MS,
        live_until_ms: NOW_MS - hoursAgo * HOUR_MS + 300_000,
        ...change,
      })),
    )
    .execute()

describe('an approval', () => {
  it('counts once: sent again, by somebody else, after a no, at once', async () => {
    const grant = await ask()
    const tries = [at.who.lea, at.who.lou, at.who.ola, at.who.lea, at.who.oki].map((by) =>
      yes(at, by, grant),
    )
    const results = await Promise.allSettled([...tries, no(at.who.lou, grant)])
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const acts = at.desk.logged.map((one) => ('act' in one ? one.act : 'shown'))
    expect(acts).toHaveLength(2)
    const { decidedAtMs, liveUntilMs } = await at.grants.one(at.who.kim, grant.id)
    at.desk.clock.nowMs += 60_000
    await expect(yes(at, at.who.lea, grant)).rejects.toEqual(rejected('GRANT_DECIDED'))
    await expect(no(at.who.oki, grant)).rejects.toEqual(rejected('GRANT_DECIDED'))
    expect(await at.grants.one(at.who.kim, grant.id)).toMatchObject({ decidedAtMs, liveUntilMs })
  })

  it('comes within a day', async () => {
    const grant = await ask()
    await at.desk.db
      .updateTable('telltale.grants')
      .set({ asked_at_ms: NOW_MS - 24 * HOUR_MS })
      .execute()
    await expect(yes(at, at.who.lea, grant)).rejects.toEqual(
      rejected('GRANT_DECIDED', /within a day/),
    )
    expect((await at.grants.requests(at.who.lea, null)).requests).toEqual([])
  })

  it('is none for somebody who is suspended; a no is', async () => {
    const grant = await ask()
    await at.desk.db
      .updateTable('telltale.agents')
      .set({ status: 'suspended' })
      .where('id', '=', 'kim')
      .execute()
    await expect(yes(at, at.who.lea, grant)).rejects.toEqual(rejected('GRANT_DECIDED', /suspended/))
    expect((await no(at.who.lea, grant)).state).toBe('denied')
  })

  it('of one lead for one person is the last of five a week', async () => {
    await earlier(4, 100)
    await earlier(3, 7 * 24)
    const [last, more] = [await ask(), await ask()]
    const results = await Promise.allSettled([yes(at, at.who.lea, last), yes(at, at.who.lea, more)])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const left = (await at.grants.one(at.who.kim, last.id)).state === 'asked' ? last : more
    await expect(yes(at, at.who.lea, left)).rejects.toEqual(rejected('GRANT_LIMIT', /5 of theirs/))
    expect((await yes(at, at.who.lou, left)).state).toBe('approved')
  })

  it('is one of at most twenty decisions of a lead in a day, by all their accounts', async () => {
    await earlier(18, 1, { agent: 'bo', person: 'bo' })
    const lea2 = await at.desk.addAgent('lea-2', { person: 'lea', roles: ['lead'] })
    await no(lea2, await ask())
    await yes(at, at.who.lea, await ask())
    const grant = await ask()
    await expect(no(lea2, grant)).rejects.toEqual(rejected('GRANT_LIMIT', /20 requests/))
    const { requests } = await at.grants.requests(at.who.lea, null)
    expect(requests[0].blocked).toMatch(/20 requests/)
    expect((await yes(at, at.who.lou, grant)).state).toBe('approved')
    await at.desk.db.deleteFrom('telltale.sessions').where('agent', '=', 'lea-2').execute()
    await at.desk.db.deleteFrom('telltale.agents').where('id', '=', 'lea-2').execute()
  })
})
