import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SESSION_IDLE_MS, SESSION_MS } from '../../src/base/desk-limits.ts'
import { SESSION_SEEN_EVERY_MS, SESSIONS_LIVE_MAX } from '../../src/base/identity-limits.ts'
import { openDesk, present, type TestDesk } from './desk.ts'
import type { Device } from './device.ts'

let desk: TestDesk
let device: Device

beforeEach(async () => {
  desk = await openDesk()
  device = await desk.newDevice()
  await desk.addAgent('mara')
})
afterEach(() => desk.close())

const call = async (secret: string, by = device) =>
  desk.sessions.callerOf(present(secret, await by.prove()))
const refusal = (code: string) => expect.objectContaining({ code })
const rows = () => desk.db.selectFrom('telltale.sessions').selectAll().execute()

describe('a session', () => {
  it('is of whoever signed in, on the device that bound it', async () => {
    const { secret, session } = await desk.signIn('mara', device)
    const caller = await call(secret)
    expect(caller.agent).toMatchObject({ id: 'mara', person: 'mara', roles: ['agent'] })
    expect(caller.session).toEqual({ ...session, device: device.thumbprint })
    expect(await desk.sessions.stands(caller)).toBe(true)
    expect(desk.decided).toEqual([
      expect.objectContaining({
        act: 'session.begun',
        agent: 'mara',
        detail: 'passkey',
        reference: session.id,
      }),
    ])
  })

  it('is kept as a hash of its secret alone', async () => {
    const { secret } = await desk.signIn('mara', device)
    const [row] = await rows()
    expect(Buffer.from(row.secret_hash)).toEqual(createHash('sha256').update(secret).digest())
    expect(JSON.stringify(row)).not.toContain(secret)
    expect(row.device_key).toEqual({ ...device.jwk })
  })

  it('has a secret and an id of its own each time, so that none can be fixed beforehand', async () => {
    const [one, other] = [
      await desk.sessions.begin('mara', 'oidc'),
      await desk.sessions.begin('mara', 'oidc'),
    ]
    expect(one.secret).toMatch(/^[\w-]{43}$/)
    expect(new Set([one.secret, other.secret, one.session.id, other.session.id]).size).toBe(4)
  })

  it('does not begin where the log does not take it', async () => {
    desk.log.fails = true
    await expect(desk.sessions.begin('mara', 'oidc')).rejects.toThrow('the log takes nothing')
    expect(await rows()).toEqual([])
  })

  it('ends after a quarter of an hour without use, but not with use', async () => {
    const { secret } = await desk.signIn('mara', device)
    for (let i = 0; i < 3; i++) {
      desk.now.ms += SESSION_IDLE_MS - 1
      const caller = await call(secret)
      expect(caller.agent.id).toBe('mara')
    }
    desk.now.ms += SESSION_IDLE_MS
    await expect(call(secret)).rejects.toEqual(refusal('SESSION_ENDED'))
  })

  it('ends after a shift, however busy', async () => {
    const { secret, session, caller } = await desk.signIn('mara', device)
    const endsAtMs = desk.now.ms + SESSION_MS
    expect(session.expiresAtMs).toBe(endsAtMs)
    while (desk.now.ms + SESSION_IDLE_MS <= endsAtMs) {
      desk.now.ms += SESSION_IDLE_MS - 1
      await call(secret)
    }
    desk.now.ms = endsAtMs - 1
    expect(await desk.sessions.stands(caller)).toBe(true)
    desk.now.ms = endsAtMs
    await expect(call(secret)).rejects.toEqual(refusal('SESSION_ENDED'))
    expect(await desk.sessions.stands(caller)).toBe(false)
  })

  it('writes its use down at most every half minute', async () => {
    const { secret } = await desk.signIn('mara', device)
    const begunAtMs = desk.now.ms
    desk.now.ms += SESSION_SEEN_EVERY_MS - 1
    await call(secret)
    expect((await rows())[0].seen_at_ms).toBe(begunAtMs)
    desk.now.ms += 1
    await call(secret)
    expect((await rows())[0].seen_at_ms).toBe(begunAtMs + SESSION_SEEN_EVERY_MS)
  })

  it('costs one query while its use is fresh', async () => {
    const { secret } = await desk.signIn('mara', device)
    const proof = await device.prove()
    let queries = 0
    const counted = desk.counting(() => queries++)
    await counted.callerOf(present(secret, proof))
    expect(queries).toBe(1)
  })

  it('is one of a few: one more ends the oldest', async () => {
    const all: [string, Device][] = []
    for (let i = 0; i <= SESSIONS_LIVE_MAX; i++) {
      desk.now.ms += 1
      const one = await desk.newDevice()
      all.push([(await desk.signIn('mara', one)).secret, one])
    }
    await expect(call(...all[0])).rejects.toEqual(refusal('SESSION_ENDED'))
    for (const one of all.slice(1)) {
      const caller = await call(...one)
      expect(caller.agent.id).toBe('mara')
    }
  })

  it.each(['', 'x', 'a'.repeat(43), `${'a'.repeat(100_000)}`, "' or 1=1 --", 'ä'.repeat(43)])(
    'is not found by nonsense (%#)',
    async (secret) => {
      const proof = await device.prove()
      const { sessions } = desk
      await expect(sessions.callerOf(present(secret, proof))).rejects.toEqual(
        refusal('SESSION_ENDED'),
      )
      await expect(sessions.bind(present(secret, proof))).rejects.toEqual(refusal('SESSION_ENDED'))
      expect(desk.decided).toEqual([])
    },
  )
})

describe('ending', () => {
  it('ends every session at once, but for the one kept', async () => {
    const one = await desk.signIn('mara', device)
    const second = await desk.newDevice()
    const other = await desk.signIn('mara', second)
    const count = await desk.sessions.endAll('mara', one.session.id, one.caller.agent, 'asked')
    expect(count).toBe(1)
    await expect(call(other.secret, second)).rejects.toEqual(refusal('SESSION_ENDED'))
    expect((await call(one.secret)).session.id).toBe(one.session.id)
    expect(desk.acts()).toContain('session.ended asked, 1 at once')
  })

  it('is seen by whoever looks again after a disclosure', async () => {
    const { caller } = await desk.signIn('mara', device)
    await desk.sessions.end(caller.session.id, caller.agent, 'asked')
    expect(await desk.sessions.stands(caller)).toBe(false)
  })

  it('ends the session even where the log fails', async () => {
    const { caller } = await desk.signIn('mara', device)
    desk.log.fails = true
    const ending = desk.sessions.end(caller.session.id, caller.agent, 'asked')
    await expect(ending).rejects.toThrow('the log takes nothing')
    expect(await desk.sessions.stands(caller)).toBe(false)
  })

  it('of a colleague is for administrators', async () => {
    await desk.addAgent('lea', { roles: ['lead'] })
    await desk.addAgent('root', { roles: ['admin'] })
    const { caller } = await desk.signIn('mara', device)
    const lead = (await desk.signIn('lea', await desk.newDevice())).caller.agent
    const admin = (await desk.signIn('root', await desk.newDevice())).caller.agent
    const { id } = caller.session
    await expect(desk.sessions.end(id, lead, 'x')).rejects.toEqual(refusal('SESSION_UNKNOWN'))
    await expect(desk.sessions.endAll('mara', null, lead, 'x')).rejects.toEqual(
      refusal('SESSION_UNKNOWN'),
    )
    expect(await desk.sessions.stands(caller)).toBe(true)
    await desk.sessions.end(id, admin, 'left open')
    expect(await desk.sessions.stands(caller)).toBe(false)
    expect(desk.decided.at(-1)).toMatchObject({ agent: 'root', subject: 'mara', reference: id })
  })

  it('lists the newest, ended ones too', async () => {
    const one = await desk.signIn('mara', device)
    desk.now.ms += 1
    const other = await desk.signIn('mara', await desk.newDevice())
    await desk.sessions.end(one.session.id, one.caller.agent, 'asked')
    const list = await desk.sessions.list('mara')
    expect(list.map(({ id, endedAtMs }) => [id, endedAtMs])).toEqual([
      [other.session.id, null],
      [one.session.id, desk.now.ms],
    ])
  })
})

describe('a suspended agent', () => {
  const suspend = () =>
    desk.db.updateTable('telltale.agents').set({ status: 'suspended' }).execute()

  it('is refused with a live session', async () => {
    const { secret, caller } = await desk.signIn('mara', device)
    await suspend()
    await expect(call(secret)).rejects.toEqual(refusal('AGENT_SUSPENDED'))
    expect(await desk.sessions.stands(caller)).toBe(false)
    expect(desk.acts()).toContain('session.refused suspended')
  })

  it('begins none', async () => {
    await suspend()
    await expect(desk.sessions.begin('mara', 'demo')).rejects.toEqual(refusal('AGENT_SUSPENDED'))
    expect(await rows()).toEqual([])
    expect(desk.acts()).toEqual(['session.refused suspended'])
  })
})

describe('stepping up', () => {
  it('makes the sign-in fresh, of this session alone', async () => {
    const { secret, caller } = await desk.signIn('mara', device)
    const second = await desk.newDevice()
    const other = await desk.signIn('mara', second)
    desk.now.ms += 600_000
    expect((await call(secret)).session.stepUpAtMs).toBe(desk.now.ms - 600_000)
    const fresh = await desk.sessions.stepUp(caller, 'passkey')
    expect(fresh.session.stepUpAtMs).toBe(desk.now.ms)
    expect((await call(secret)).session.stepUpAtMs).toBe(desk.now.ms)
    const untouched = await call(other.secret, second)
    expect(untouched.session.stepUpAtMs).toBe(desk.now.ms - 600_000)
  })

  it('is not part of a sign-in that a provider only remembered', async () => {
    const { session } = await desk.sessions.begin('mara', 'oidc', null)
    expect(session.stepUpAtMs).toBeNull()
  })

  it('does not bring an ended session back', async () => {
    const { caller } = await desk.signIn('mara', device)
    await desk.sessions.end(caller.session.id, caller.agent, 'asked')
    await expect(desk.sessions.stepUp(caller, 'oidc')).rejects.toEqual(refusal('SESSION_ENDED'))
  })
})
