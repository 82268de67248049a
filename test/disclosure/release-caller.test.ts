import { describe, expect, it } from 'vitest'
import { type ReleaseRequest, serviceSession } from '../../src/disclosure/ports.ts'
import type { Caller } from '../../src/guard/facts.ts'
import { ask as askAt, kimsDesk, setTicket as setTicketAt } from './kim.ts'
import { HOUR_MS, NOW_MS } from './rows.ts'

const at = kimsDesk()
const ask = (change: Partial<ReleaseRequest> = {}) => askAt(at, change)
const reveal = (...fields: string[]) => ask({ act: 'reveal', fields })
const setTicket = (change: Record<string, unknown>) => setTicketAt(at, change)
const refusedWith = (code: string) => expect.objectContaining({ code })

describe('who asks', () => {
  it.each<[string, (caller: Caller) => Caller]>([
    [
      'with a session that never was',
      ({ agent, session }) => ({ agent, session: { ...session, id: 'x' } }),
    ],
    ['with a colleague’s session', ({ agent }) => ({ agent, session: at.lee.session })],
    ['as a colleague by one’s own session', ({ session }) => ({ agent: at.lee.agent, session })],
    [
      'from another device',
      ({ agent, session }) => ({ agent, session: { ...session, device: 'device-lee' } }),
    ],
    ['from no device', ({ agent, session }) => ({ agent, session: { ...session, device: null } })],
    ['as nobody', ({ agent, session }) => ({ agent: { ...agent, id: 'nobody' }, session })],
  ])('%s is not let in', async (_, change) => {
    await expect(ask({ caller: change(at.kim) })).rejects.toEqual(refusedWith('SESSION_ENDED'))
    expect(at.desk.logged).toEqual([])
  })

  it('after a quarter of an hour of silence, or eight hours, is not let in', async () => {
    at.desk.clock.nowMs = NOW_MS + 15 * 60_000
    await expect(ask()).rejects.toEqual(refusedWith('SESSION_ENDED'))
    at.desk.clock.nowMs = NOW_MS + 8 * HOUR_MS
    await at.desk.db
      .updateTable('telltale.sessions')
      .set({ seen_at_ms: at.desk.clock.nowMs })
      .execute()
    await expect(ask()).rejects.toEqual(refusedWith('SESSION_ENDED'))
  })

  it('has the roles that the store knows, not those of the caller', async () => {
    const { db } = at.desk
    await db
      .updateTable('telltale.agents')
      .set({ roles: ['admin'] })
      .where('id', '=', 'kim')
      .execute()
    await expect(reveal('phone')).rejects.toEqual(refusedWith('REVEAL_REFUSED'))
    await db
      .updateTable('telltale.agents')
      .set({ roles: ['agent'] })
      .where('id', '=', 'kim')
      .execute()
  })

  it('through another account of the same person is the same', async () => {
    await at.desk.db
      .updateTable('telltale.agents')
      .set({ person: 'lee' })
      .where('id', '=', 'kim')
      .execute()
    const byOther = { kind: 'agent', agent: 'lee' }
    await setTicket({
      origin_kind: byOther.kind,
      origin_agent: byOther.agent,
      assigned_kind: byOther.kind,
      assigned_agent: byOther.agent,
    })
    expect((await ask()).purpose.grade).toBe('self')
    await at.desk.db
      .updateTable('telltale.agents')
      .set({ person: 'kim' })
      .where('id', '=', 'kim')
      .execute()
    expect((await ask()).purpose.grade).toBe('colleague')
  })

  it('may be a service that stands in for a session, until its token is revoked', async () => {
    const row = {
      id: 's-1',
      name: 'tool',
      token_hash: Buffer.from('x'),
      scopes: ['decisions'],
      created_at_ms: 1,
    }
    await at.desk.db.insertInto('telltale.services').values(row).execute()
    const session = { ...at.kim.session, id: serviceSession('s-1'), device: null, stepUpAtMs: null }
    const caller = { agent: at.kim.agent, session }
    expect((await ask({ caller, path: 'api' })).entry).not.toBeNull()
    expect(at.desk.logged).toMatchObject([{ path: 'api', session: 'service:s-1' }])
    await at.desk.db.updateTable('telltale.services').set({ revoked_at_ms: NOW_MS }).execute()
    await expect(ask({ caller, path: 'api' })).rejects.toEqual(refusedWith('SESSION_ENDED'))
  })
})

describe('the code', () => {
  const passed = (agent: string, assignedAtMs: number | null) =>
    at.desk.db
      .insertInto('telltale.codes')
      .values({
        id: `${agent}-${assignedAtMs}`,
        ticket: 'T-1',
        agent,
        assigned_at_ms: assignedAtMs,
        field: 'mail',
        code_hash: Buffer.alloc(32),
        sent_at_ms: NOW_MS - 1000,
        expires_at_ms: NOW_MS + 1000,
        passed_at_ms: NOW_MS,
      })
      .execute()

  it('of this agent and assignment opens a ticket of their own making', async () => {
    const self = {
      origin_kind: 'agent',
      origin_agent: 'kim',
      assigned_kind: 'agent',
      assigned_agent: 'kim',
    }
    await setTicket(self)
    await expect(reveal('phone')).rejects.toMatchObject({
      details: { advice: 'Send the customer a code and let them read it back' },
    })
    await passed('lee', NOW_MS - HOUR_MS)
    await passed('kim', NOW_MS - 2 * HOUR_MS)
    await expect(reveal('phone')).rejects.toEqual(refusedWith('REVEAL_REFUSED'))
    await passed('kim', NOW_MS - HOUR_MS)
    expect((await reveal('phone')).purpose.grade).toBe('customer')
  })
})
