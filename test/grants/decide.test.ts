import { describe, expect, it } from 'vitest'
import { TelltaleError } from '../../src/base/errors.ts'
import type { Ask, Grant } from '../../src/grants/ports.ts'
import type { Caller } from '../../src/guard/facts.ts'
import { HOUR_MS, NOW_MS } from '../disclosure/rows.ts'
import { asked, exceptions, stale, yes } from './exceptions.ts'

const at = exceptions()
const ask = (change: Partial<Ask> = {}, caller = at.who.kim) => at.grants.ask(caller, asked(change))
const no = (by: Caller, { id }: Pick<Grant, 'id'>) => at.grants.decide(by, id, false, '')
const rejected = (code: string, why?: RegExp) =>
  expect.objectContaining({
    code,
    ...(why && { details: { why: expect.stringMatching(why) } }),
  })

describe('a second person', () => {
  it('says yes, in the log before it holds, and the fields can be revealed until it ends', async () => {
    const grant = await ask({ minutes: 30 })
    at.desk.forget()
    const reveal = () => at.grants.reveal(at.who.kim, grant.id, 0, ['phone'])
    at.desk.before('decide', 1, async () =>
      expect((await at.grants.one(at.who.kim, grant.id)).state).toBe('asked'),
    )
    const approved = await yes(at, at.who.lea, grant)
    expect(approved).toMatchObject({
      state: 'approved',
      decidedBy: 'lea',
      liveFromMs: NOW_MS,
      liveUntilMs: NOW_MS + 30 * 60_000,
    })
    expect(at.desk.logged).toMatchObject([
      {
        act: 'grant.approved',
        agent: 'lea',
        subject: 'kim',
        customers: ['c-1'],
        reference: grant.id,
      },
    ])
    expect((await reveal()).purpose).toMatchObject({ grade: 'colleague', reference: grant.id })
    at.desk.clock.nowMs += 30 * 60_000
    await at.desk.db
      .updateTable('telltale.sessions')
      .set({ seen_at_ms: at.desk.clock.nowMs })
      .execute()
    await expect(reveal()).rejects.toEqual(rejected('PURPOSE_ENDED'))
  })

  it('says no without a word, and nothing is shown', async () => {
    const grant = await ask()
    expect(await no(at.who.lea, grant)).toMatchObject({ state: 'denied', liveFromMs: null })
    expect(at.desk.logged.at(-1)).toMatchObject({ act: 'grant.denied', agent: 'lea' })
    await expect(at.grants.reveal(at.who.kim, grant.id, 0, ['phone'])).rejects.toEqual(
      rejected('PURPOSE_ENDED'),
    )
  })

  it('agrees to nothing where the log takes nothing', async () => {
    const grant = await ask()
    at.desk.before('decide', 1, () => {
      throw new TelltaleError('LOG_UNWRITABLE', { reason: 'ENOSPC' })
    })
    await expect(yes(at, at.who.lea, grant)).rejects.toEqual(rejected('LOG_UNWRITABLE'))
    expect((await at.grants.one(at.who.kim, grant.id)).state).toBe('asked')
  })

  it('shows only what was named, to whom it was for', async () => {
    const grant = await ask({ tickets: ['T-1', 'T-2'] })
    await yes(at, at.who.lea, grant)
    const { kim, bo } = at.who
    await expect(at.grants.reveal(kim, grant.id, 0, ['mail'])).rejects.toEqual(
      rejected('REVEAL_REFUSED'),
    )
    for (const which of [2, -1, 0.5, Number.NaN, 1e9]) {
      const other = at.grants.reveal(kim, grant.id, which, ['phone'])
      if (which === 0.5 || Number.isNaN(which)) expect((await other).customer).toBe('c-1')
      else await expect(other).rejects.toEqual(rejected('GRANT_UNKNOWN'))
    }
    await expect(at.grants.reveal(bo, grant.id, 0, ['phone'])).rejects.toEqual(
      rejected('GRANT_UNKNOWN'),
    )
    await expect(at.grants.reveal(at.who.lea, grant.id, 0, ['phone'])).rejects.toEqual(
      rejected('GRANT_UNKNOWN'),
    )
  })
})

describe('nobody decides', () => {
  it('on their own, by whichever account', async () => {
    const grant = await ask({}, at.who.lou)
    await expect(yes(at, at.who.lou, grant)).rejects.toEqual(
      rejected('GRANT_NOT_YOURS_TO_DECIDE', /own|themselves/),
    )
    const second = await at.desk.addAgent('lou-2', { person: 'lou', roles: ['lead'] })
    await expect(yes(at, second, grant)).rejects.toEqual(
      rejected('GRANT_NOT_YOURS_TO_DECIDE', /themselves/),
    )
    await expect(no(second, grant)).rejects.toEqual(rejected('GRANT_NOT_YOURS_TO_DECIDE'))
    await at.desk.db.deleteFrom('telltale.sessions').where('agent', '=', 'lou-2').execute()
    await at.desk.db.deleteFrom('telltale.agents').where('id', '=', 'lou-2').execute()
  })

  it('from an account whose device the asker used in the last 30 days', async () => {
    const grant = await ask()
    const fake = await at.desk.addAgent('lea-x', { roles: ['lead'] })
    const { db } = at.desk
    const row = (id: string, createdAtMs: number) => ({
      id,
      secret_hash: Buffer.from(id),
      agent: 'kim',
      device: 'device-lea-x',
      method: 'demo',
      created_at_ms: createdAtMs,
      seen_at_ms: createdAtMs,
      expires_at_ms: createdAtMs,
      ended_at_ms: createdAtMs,
    })
    await db
      .insertInto('telltale.sessions')
      .values(row('long-ago', NOW_MS - 30 * 24 * HOUR_MS))
      .execute()
    const first = await ask()
    expect((await yes(at, fake, first)).state).toBe('approved')
    await db
      .insertInto('telltale.sessions')
      .values(row('lately', NOW_MS - 29 * 24 * HOUR_MS))
      .execute()
    await expect(yes(at, fake, grant)).rejects.toEqual(
      rejected('GRANT_NOT_YOURS_TO_DECIDE', /device/),
    )
    const { requests } = await at.grants.requests(fake, null)
    expect(
      requests.map(({ blocked, whyNot }) => [/device/.test(blocked ?? ''), whyNot[0]]),
    ).toEqual([[true, 'you and they worked on one device in the last 30 days']])
    await db.deleteFrom('telltale.sessions').where('device', '=', 'device-lea-x').execute()
    await db.deleteFrom('telltale.agents').where('id', '=', 'lea-x').execute()
  })

  it('without a rank above that of the person, whichever account asked', async () => {
    const byLead = await ask({}, at.who.lou)
    await expect(yes(at, at.who.lea, byLead)).rejects.toEqual(
      rejected('GRANT_NOT_YOURS_TO_DECIDE', /lead/),
    )
    const side = await at.desk.addAgent('lou-3', { person: 'lou' })
    const bySide = await ask({}, side)
    await expect(yes(at, at.who.lea, bySide)).rejects.toEqual(
      rejected('GRANT_NOT_YOURS_TO_DECIDE', /lead/),
    )
    expect((await yes(at, at.who.ola, bySide)).state).toBe('approved')
    const file = await ask({ kind: 'export' })
    await expect(yes(at, at.who.lea, file)).rejects.toEqual(
      rejected('GRANT_NOT_YOURS_TO_DECIDE', /file/),
    )
    await at.desk.db.deleteFrom('telltale.sessions').where('agent', '=', 'lou-3').execute()
    await at.desk.db.deleteFrom('telltale.agents').where('id', '=', 'lou-3').execute()
  })

  it('who is an agent, and they learn of no request whether it exists', async () => {
    const grant = await ask()
    for (const id of [grant.id, 'no-such-grant']) {
      await expect(yes(at, at.who.bo, { id })).rejects.toEqual(
        rejected('GRANT_NOT_YOURS_TO_DECIDE', /only leads and officers/),
      )
      await expect(at.grants.one(at.who.bo, id)).rejects.toEqual(rejected('GRANT_UNKNOWN'))
      await expect(at.grants.end(at.who.bo, id)).rejects.toEqual(rejected('GRANT_UNKNOWN'))
    }
    await expect(at.grants.requests(at.who.bo, null)).rejects.toEqual(
      rejected('GRANT_NOT_YOURS_TO_DECIDE'),
    )
    await expect(yes(at, at.who.lea, { id: 'no-such-grant' })).rejects.toEqual(
      rejected('GRANT_UNKNOWN'),
    )
  })

  it('with roles that were taken away a moment ago', async () => {
    const grant = await ask()
    const set = (roles: ('agent' | 'lead')[]) =>
      at.desk.db.updateTable('telltale.agents').set({ roles }).where('id', '=', 'lea').execute()
    await set(['agent'])
    await expect(yes(at, at.who.lea, grant)).rejects.toEqual(rejected('GRANT_NOT_YOURS_TO_DECIDE'))
    await set(['lead'])
    await at.desk.db.updateTable('telltale.sessions').set({ ended_at_ms: NOW_MS }).execute()
    await expect(yes(at, at.who.lea, grant)).rejects.toEqual(rejected('SESSION_ENDED'))
  })

  it('yes without a fresh sign-in; no takes none', async () => {
    const grant = await ask()
    await expect(yes(at, stale(at.who.lea), grant)).rejects.toEqual(rejected('STEP_UP_NEEDED'))
    expect((await no(stale(at.who.lea), grant)).state).toBe('denied')
  })

  it('yes with a word, or with those of last time', async () => {
    const text = 'I looked at the ticket and called their number'
    for (const said of ['ok', 'ok ok ok ok ok ok ok ok ok']) {
      const { id } = await ask()
      await expect(at.grants.decide(at.who.lea, id, true, said)).rejects.toEqual(
        rejected('GRANT_INVALID'),
      )
      if (said === 'ok') await at.grants.decide(at.who.lea, id, true, text)
    }
    const { id } = await ask()
    await expect(at.grants.decide(at.who.lea, id, true, `${text}!`)).rejects.toEqual(
      rejected('GRANT_INVALID', /same as one before/),
    )
  })
})

describe('ending', () => {
  it('is anybody’s who may decide, and the agent’s own, at once', async () => {
    for (const by of [at.who.kim, at.who.lea, at.who.oki]) {
      const grant = await ask()
      await yes(at, at.who.lou, grant)
      await at.grants.end(by, grant.id)
      expect(at.desk.logged.at(-1)).toMatchObject({ act: 'grant.ended', agent: by.agent.id })
      await expect(at.grants.reveal(at.who.kim, grant.id, 0, ['phone'])).rejects.toEqual(
        rejected('PURPOSE_ENDED'),
      )
      await expect(at.grants.end(by, grant.id)).rejects.toEqual(rejected('GRANT_DECIDED'))
    }
  })

  it('takes a request back, which then nobody approves', async () => {
    const grant = await ask()
    await at.grants.end(at.who.kim, grant.id)
    await expect(yes(at, at.who.lea, grant)).rejects.toEqual(rejected('GRANT_DECIDED'))
  })
})
