import { setTimeout } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { TelltaleError } from '../../src/base/errors.ts'
import type { Ask } from '../../src/grants/ports.ts'
import { CUSTOMER, HOUR_MS, NOW_MS } from '../disclosure/rows.ts'
import { asked, exceptions, stale, yes } from './exceptions.ts'

const at = exceptions()
const CANARIES = ['k-1', 'k-2', 'k-3', 'k-4']
beforeEach(async () => {
  const rows = CANARIES.map((customer) => ({ customer, created_at_ms: NOW_MS }))
  await at.desk.db.insertInto('telltale.canaries').values(rows).execute()
})

const allowed = async (change: Partial<Ask> = {}) => {
  const request = {
    kind: 'export',
    tickets: ['T-1', 'T-2'],
    fields: ['mail', 'phone'],
    ...change,
  } as const
  const grant = await at.grants.ask(at.who.kim, asked(request))
  await yes(at, at.who.ola, grant)
  at.desk.forget()
  return grant
}
const exports = () => at.desk.db.selectFrom('telltale.exports').selectAll().execute()

describe('a file', () => {
  it('holds the customers and canaries of its own, and one disclosure names them all first', async () => {
    const grant = await allowed()
    const { csv, name, rows } = await at.grants.export(at.who.kim, grant.id)
    const [{ canaries, ...kept }] = await exports()
    expect(canaries).toHaveLength(3)
    expect(kept).toMatchObject({ grant_id: grant.id, agent: 'kim', rows: 5, made_at_ms: NOW_MS })
    expect(name).toBe(`telltale-${grant.id}.csv`)
    expect(rows).toBe(5)
    const row = `${CUSTOMER.mail},'${CUSTOMER.phone}\r\n`
    expect(csv).toBe(`mail,phone\r\n${row.repeat(5)}`)
    expect(at.desk.logged).toEqual([
      expect.objectContaining({ act: 'export.made', reference: grant.id, agent: 'kim' }),
      expect.objectContaining({
        path: 'export',
        purpose: 'grant',
        grade: 'colleague',
        reference: grant.id,
        customers: ['c-1', 'c-2', ...canaries].sort(),
        fields: ['mail', 'phone'],
        masked: [],
      }),
    ])
    expect(at.desk.shown).toMatchObject([{ path: 'export', customers: 5 }])
  })

  it('does not tell canaries by their place', async () => {
    const places = new Set<string>()
    for (const key of ['c-1', 'c-2', ...CANARIES]) {
      await at.desk.db
        .updateTable('support.customers')
        .set({ alias: key, product: key })
        .where('key', '=', key)
        .execute()
    }
    for (let i = 0; i < 12; i++) {
      await at.desk.db.updateTable('telltale.canaries').set({ export_id: null }).execute()
      const grant = await allowed({ fields: ['product'] })
      const { csv } = await at.grants.export(at.who.kim, grant.id)
      places.add(
        csv
          .split('\r\n')
          .slice(1, 6)
          .map((key) => key[0])
          .join(''),
      )
      await at.desk.db.deleteFrom('telltale.exports').execute()
      await at.desk.db.deleteFrom('telltale.grants').execute()
    }
    expect(places.size).toBeGreaterThan(3)
  })

  it('is made once, also when it is asked for many times at once', async () => {
    const more = Array.from({ length: 20 }, (_, i) => `m-${i}`)
    for (const key of more) await at.desk.addCustomer(key)
    const rows = more.map((customer) => ({ customer, created_at_ms: NOW_MS }))
    await at.desk.db.insertInto('telltale.canaries').values(rows).execute()
    const grant = await allowed()
    // All of them have been allowed before the first one counts.
    at.desk.before('decide', 1, async () => {
      while (at.desk.calls.filter((one) => one === 'facts').length < 6) await setTimeout(5)
    })
    const all = await Promise.allSettled(
      Array.from({ length: 6 }, () => at.grants.export(at.who.kim, grant.id)),
    )
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await exports()).toHaveLength(1)
    expect(at.desk.logged).toHaveLength(
      2 + at.desk.calls.filter((one) => one === 'decide').length - 1,
    )
    await expect(at.grants.export(at.who.kim, grant.id)).rejects.toMatchObject({
      code: 'PURPOSE_ENDED',
    })
    await at.desk.db.deleteFrom('support.customers').where('key', 'in', more).execute()
  })

  it('shares no canary with another, and is not lost where there are too few', async () => {
    await at.grants.export(at.who.kim, (await allowed()).id)
    const [{ canaries }] = await exports()
    const next = await allowed()
    const make = () => at.grants.export(at.who.kim, next.id)
    await expect(make()).rejects.toMatchObject({ code: 'EXPORT_UNMARKED' })
    expect(await exports()).toHaveLength(1)
    expect(at.desk.logged).toEqual([])
    const more = ['m-1', 'm-2']
    for (const key of more) await at.desk.addCustomer(key)
    const rows = more.map((customer) => ({ customer, created_at_ms: NOW_MS }))
    await at.desk.db.insertInto('telltale.canaries').values(rows).execute()
    expect((await make()).rows).toBe(5)
    const [one, two] = (await exports()).map((made) => made.canaries)
    expect(new Set([...one, ...two]).size).toBe(6)
    expect([one, two]).toContainEqual(canaries)
    await at.desk.db.deleteFrom('support.customers').where('key', 'in', more).execute()
  })

  it('does not leave where a canary is none of the customers', async () => {
    await at.desk.db.updateTable('telltale.canaries').set({ export_id: 'other' }).execute()
    const rows = ['x-1', 'x-2', 'x-3'].map((customer) => ({ customer, created_at_ms: NOW_MS }))
    await at.desk.db.insertInto('telltale.canaries').values(rows).execute()
    const grant = await allowed()
    await expect(at.grants.export(at.who.kim, grant.id)).rejects.toMatchObject({
      code: 'EXPORT_UNMARKED',
    })
    expect(at.desk.calls).not.toContain('record')
  })

  it('leaves out customers who are no more, and names only who is in it', async () => {
    await at.desk.addCustomer('c-gone')
    const grant = await allowed({
      tickets: [],
      handles: [at.handle(at.who.kim, 'c-gone'), at.handle(at.who.kim, 'c-3')],
    })
    await at.desk.db.deleteFrom('support.customers').where('key', '=', 'c-gone').execute()
    expect((await at.grants.export(at.who.kim, grant.id)).rows).toBe(4)
    expect(at.desk.logged[1].customers).not.toContain('c-gone')
  })

  const refused = async (grant: { id: string }, code: string, caller = at.who.kim) => {
    await expect(at.grants.export(caller, grant.id)).rejects.toMatchObject({ code })
    expect(await exports()).toEqual([])
    expect(at.desk.calls).not.toContain('values')
  }

  it('takes a fresh sign-in, and the refusal is in the log', async () => {
    await refused(await allowed(), 'STEP_UP_NEEDED', stale(at.who.kim))
    expect(at.desk.logged).toMatchObject([{ act: 'reveal.refused' }])
  })

  it('is nobody else’s, not of a grant to see, not of a request, not of one that ended', async () => {
    const grant = await allowed()
    await refused(grant, 'GRANT_UNKNOWN', at.who.bo)
    await refused(grant, 'GRANT_UNKNOWN', at.who.ola)
    await refused(await at.grants.ask(at.who.kim, asked({ kind: 'export' })), 'PURPOSE_ENDED')
    const see = await at.grants.ask(at.who.kim, asked())
    await yes(at, at.who.lea, see)
    await refused(see, 'REVEAL_REFUSED')
    await at.grants.end(at.who.ola, grant.id)
    await refused(grant, 'PURPOSE_ENDED')
  })

  it('does not let its customers be revealed', async () => {
    const grant = await allowed()
    await expect(at.grants.reveal(at.who.kim, grant.id, 0, ['phone'])).rejects.toMatchObject({
      code: 'REVEAL_REFUSED',
    })
  })

  it('is over when its time is', async () => {
    const grant = await allowed()
    at.desk.clock.nowMs += HOUR_MS
    await at.desk.db
      .updateTable('telltale.sessions')
      .set({ seen_at_ms: at.desk.clock.nowMs })
      .execute()
    const caller = {
      ...at.who.kim,
      session: { ...at.who.kim.session, stepUpAtMs: at.desk.clock.nowMs },
    }
    await refused(grant, 'PURPOSE_ENDED', caller)
  })

  it('does not leave where the log does not take it, or the session ended meanwhile', async () => {
    const grant = await allowed()
    at.desk.before('decide', 1, () => {
      throw new TelltaleError('LOG_UNWRITABLE', { reason: 'ENOSPC' })
    })
    await refused(grant, 'LOG_UNWRITABLE')
    at.desk.before('record', 1, () => {
      throw new TelltaleError('LOG_UNWRITABLE', { reason: 'ENOSPC' })
    })
    await expect(at.grants.export(at.who.kim, grant.id)).rejects.toMatchObject({
      code: 'LOG_UNWRITABLE',
    })
    await at.desk.db.updateTable('telltale.canaries').set({ export_id: null }).execute()
    const next = await allowed()
    at.desk.before('facts', 2, () =>
      at.desk.db.updateTable('telltale.sessions').set({ ended_at_ms: NOW_MS }).execute(),
    )
    await expect(at.grants.export(at.who.kim, next.id)).rejects.toMatchObject({
      code: 'SESSION_ENDED',
    })
    expect(at.desk.logged.at(-1)).toMatchObject({ path: 'export' })
  })
})
