import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SESSION_BIND_MS } from '../../src/base/desk-limits.ts'
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

describe('binding', () => {
  it('is needed before anything else', async () => {
    const { secret } = await desk.sessions.begin('mara', 'oidc')
    await expect(call(secret)).rejects.toEqual(refusal('DEVICE_REFUSED'))
    expect(desk.acts()).toContain('session.refused not-bound')
  })

  it('is over after a minute', async () => {
    const { secret } = await desk.sessions.begin('mara', 'oidc')
    desk.now.ms += SESSION_BIND_MS + 1
    const late = present(secret, await device.prove())
    await expect(desk.sessions.bind(late)).rejects.toEqual(refusal('DEVICE_REFUSED'))
    expect((await rows())[0].device).toBeNull()
  })

  it('may be asked for again by the same device, whose answer got lost', async () => {
    const { secret, caller } = await desk.signIn('mara', device)
    const again = await desk.sessions.bind(present(secret, await device.prove()))
    expect(again).toEqual(caller)
  })

  it('by a second device ends the session for both: the secret is known to two', async () => {
    const { secret } = await desk.signIn('mara', device)
    const thief = await desk.newDevice()
    const second = present(secret, await thief.prove())
    await expect(desk.sessions.bind(second)).rejects.toEqual(refusal('DEVICE_REFUSED'))
    await expect(call(secret)).rejects.toEqual(refusal('SESSION_ENDED'))
    expect(desk.acts().slice(1)).toEqual([
      'session.ended two-devices',
      'session.refused second-device',
    ])
  })

  it('by another device later changes nothing, but is told', async () => {
    const { secret } = await desk.signIn('mara', device)
    desk.now.ms += SESSION_BIND_MS + 1
    const thief = await desk.newDevice()
    const second = present(secret, await thief.prove())
    await expect(desk.sessions.bind(second)).rejects.toEqual(refusal('DEVICE_REFUSED'))
    expect((await call(secret)).session.device).toBe(device.thumbprint)
    expect(desk.acts()).toContain('session.refused second-device')
  })

  it('raced by many devices leaves none of them in', async () => {
    const { secret } = await desk.sessions.begin('mara', 'oidc')
    const devices = await Promise.all(Array.from({ length: 8 }, () => desk.newDevice()))
    const proofs = await Promise.all(devices.map((one) => one.prove()))
    const outcomes = await Promise.allSettled(
      proofs.map((proof) => desk.sessions.bind(present(secret, proof))),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1)
    for (const one of devices)
      await expect(call(secret, one)).rejects.toEqual(refusal('SESSION_ENDED'))
  })

  it('raced by one device with itself binds once', async () => {
    const { secret } = await desk.sessions.begin('mara', 'oidc')
    const proofs = await Promise.all(Array.from({ length: 8 }, () => device.prove()))
    const callers = await Promise.all(
      proofs.map((proof) => desk.sessions.bind(present(secret, proof))),
    )
    expect(new Set(callers.map(({ session }) => session.device))).toEqual(
      new Set([device.thumbprint]),
    )
  })
})

describe('a device', () => {
  it('has one session at a time, since its proofs say nothing else of whose they are', async () => {
    await desk.addAgent('lea')
    const one = await desk.signIn('mara', device)
    const other = await desk.signIn('lea', device)
    await expect(call(one.secret)).rejects.toEqual(refusal('SESSION_ENDED'))
    expect((await call(other.secret)).agent.id).toBe('lea')
    expect(desk.decided.at(-1)).toMatchObject({
      act: 'session.ended',
      agent: 'lea',
      subject: 'mara',
      detail: 'signed-in-again',
      reference: one.session.id,
    })
  })

  it('has one session even where it binds several at the same time', async () => {
    const begun = await Promise.all(
      Array.from({ length: 4 }, () => desk.sessions.begin('mara', 'oidc')),
    )
    const proofs = await Promise.all(begun.map(() => device.prove()))
    await Promise.all(begun.map(({ secret }, i) => desk.sessions.bind(present(secret, proofs[i]))))
    const live = (await rows()).filter(({ ended_at_ms }) => ended_at_ms === null)
    expect(live).toHaveLength(1)
  })
})
