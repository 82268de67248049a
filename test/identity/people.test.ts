import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PersonSpec } from '../../src/identity/ports.ts'
import { openDesk, present, type TestDesk } from './desk.ts'

let desk: TestDesk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk.close())

const MARA: PersonSpec = {
  id: 'mara',
  person: 'p-1',
  name: 'Mara Lind',
  mail: 'mara@desk.example',
  team: null,
  roles: ['agent'],
  externalId: null,
}
const put = (more: Partial<PersonSpec> = {}, by = 'root') =>
  desk.people.put({ ...MARA, ...more }, by)
const invalid = (problem: RegExp) =>
  expect.objectContaining({ code: 'AGENT_INVALID', message: expect.stringMatching(problem) })
const nothing = async () => {
  expect(await desk.people.list(null, 10)).toEqual([])
  expect(desk.decided).toEqual([])
}

describe('people', () => {
  it('are made, with a pseudonym that says nothing of them', async () => {
    const mara = await put()
    expect(mara).toEqual({
      ...MARA,
      pseudonym: expect.stringMatching(/^A-[0-9A-HJKMNP-TV-Z]{4}$/),
      kind: 'person',
      status: 'active',
      createdAtMs: desk.now.ms,
      changedAtMs: desk.now.ms,
      suspendedBy: null,
    })
    expect(desk.decided).toEqual([
      expect.objectContaining({
        act: 'agent.changed',
        agent: 'root',
        subject: 'mara',
        detail: 'made; roles agent; no team',
      }),
    ])
  })

  it('are made only where the log takes it', async () => {
    desk.log.fails = true
    await expect(put()).rejects.toThrow('the log takes nothing')
    await nothing()
  })

  it('have pseudonyms of their own, even where the first drawn is taken', async () => {
    for (let i = 0; i < 40; i++) await put({ id: `a${i}`, person: `p${i}` })
    const all = await desk.people.list(null, 100)
    expect(new Set(all.map(({ pseudonym }) => pseudonym)).size).toBe(40)
  })

  it('change, and the log tells what, without values of theirs', async () => {
    await desk.people.putTeam({ id: 'billing', name: 'Billing' }, 'root')
    const before = await put()
    desk.now.ms += 1
    const after = await put({ mail: 'm@desk.example', team: 'billing', roles: ['lead', 'agent'] })
    expect(after).toMatchObject({ team: 'billing', roles: ['lead', 'agent'] })
    expect(after.pseudonym).toBe(before.pseudonym)
    expect(desk.decided.at(-1)?.detail).toBe('roles agent, lead; team billing; mail')
    const count = desk.decided.length
    await put({ mail: 'm@desk.example', team: 'billing', roles: ['agent', 'lead'] })
    expect(desk.decided).toHaveLength(count)
  })

  it.each<[string, Partial<PersonSpec>, RegExp]>([
    ['an unknown role', { roles: ['root' as never] }, /no role root/],
    ['admin beside another role', { roles: ['admin', 'officer'] }, /no other role/],
    ['a team that is not there', { team: 'nowhere' }, /no team nowhere/],
    ['the id of a program', { id: 'service:hr' }, /for programs/],
    ['no name', { name: '  ' }, /name is empty/],
    ['a name of two lines', { name: 'a\nb' }, /nobody can read/],
    ['half a character', { name: '\ud800' }, /nobody can read/],
    ['a long id', { id: 'x'.repeat(201) }, /more than 200/],
    ['a mail address that is none', { mail: 'mara' }, /mail address/],
  ])('are not made with %s', async (_, more, problem) => {
    await expect(put(more)).rejects.toEqual(invalid(problem))
    await nothing()
  })

  it('keep whose account it is: nobody becomes two persons who approve each other', async () => {
    await put()
    await expect(put({ person: 'p-2' })).rejects.toEqual(invalid(/whose account/))
  })

  it('are not changed by themselves', async () => {
    await put()
    await expect(put({ roles: ['officer'] }, 'mara')).rejects.toEqual(invalid(/their own account/))
    await expect(desk.people.suspend('mara', 'mara', 'x')).rejects.toEqual(invalid(/their own/))
    await expect(desk.people.resume('mara', 'mara')).rejects.toEqual(invalid(/their own/))
  })

  it('do not share an external id', async () => {
    await put({ externalId: 'e1' })
    await expect(put({ id: 'other', externalId: 'e1' })).rejects.toEqual(invalid(/somebody else/))
    const racing = ['x', 'y', 'z'].map((id) => put({ id, person: id, externalId: 'e2' }))
    const outcomes = await Promise.allSettled(racing)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('are listed page by page', async () => {
    for (const id of ['c', 'a', 'b']) await put({ id, person: id })
    const first = await desk.people.list(null, 2)
    expect(first.map(({ id }) => id)).toEqual(['a', 'b'])
    const second = await desk.people.list('b', 2)
    expect(second.map(({ id }) => id)).toEqual(['c'])
  })
})

describe('suspending', () => {
  const device = () => desk.newDevice()

  it('ends every session with it, and is told with its reason', async () => {
    await put()
    const [one, other] = [await device(), await device()]
    const { secret } = await desk.signIn('mara', one)
    const second = await desk.signIn('mara', other)
    await desk.people.suspend('mara', 'root', 'left the company')
    for (const [of, by] of [
      [secret, one],
      [second.secret, other],
    ] as const) {
      const called = desk.sessions.callerOf(present(of, await by.prove()))
      await expect(called).rejects.toMatchObject({ code: 'SESSION_ENDED' })
    }
    expect(await desk.sessions.stands(second.caller)).toBe(false)
    expect(desk.decided.at(-1)).toMatchObject({
      act: 'agent.suspended',
      agent: 'root',
      subject: 'mara',
      reason: 'left the company',
      detail: '2 sessions ended',
    })
  })

  it('holds even where the log fails', async () => {
    await put()
    const { caller } = await desk.signIn('mara', await device())
    desk.log.fails = true
    await expect(desk.people.suspend('mara', 'root', 'x')).rejects.toThrow('takes nothing')
    expect(await desk.sessions.stands(caller)).toBe(false)
    expect((await desk.people.agent('mara'))?.status).toBe('suspended')
  })

  it('leaves no session behind, however the two race', async () => {
    await put()
    for (let i = 0; i < 10; i++) {
      await desk.people.resume('mara', 'root')
      const signingIn = Array.from({ length: 4 }, () => desk.sessions.begin('mara', 'oidc'))
      await Promise.allSettled([...signingIn, desk.people.suspend('mara', 'root', 'race')])
      const live = await desk.db
        .selectFrom('telltale.sessions')
        .select('id')
        .where('ended_at_ms', 'is', null)
        .execute()
      expect(live).toEqual([])
    }
  })

  it('ends with resuming, which brings no session back', async () => {
    await put()
    const { caller } = await desk.signIn('mara', await device())
    await desk.people.suspend('mara', 'root', 'x')
    await desk.people.resume('mara', 'root')
    expect(desk.decided.at(-1)).toMatchObject({ act: 'agent.changed', detail: 'resumed' })
    expect(await desk.sessions.stands(caller)).toBe(false)
    const again = await desk.signIn('mara', await device())
    expect(await desk.sessions.stands(again.caller)).toBe(true)
  })

  it('by a person is not undone by a directory, whichever of them came first', async () => {
    await put()
    const status = async () => (await desk.people.agent('mara'))?.status
    await desk.people.suspend('mara', 'service:hr', 'left')
    await desk.people.resume('mara', 'service:hr')
    expect(await status()).toBe('active')
    await desk.people.suspend('mara', 'service:hr', 'left')
    await desk.people.suspend('mara', 'root', 'an incident')
    await desk.people.resume('mara', 'service:hr')
    expect(await status()).toBe('suspended')
    await desk.people.resume('mara', 'root')
    expect(await status()).toBe('active')
  })

  it('of nobody is refused', async () => {
    const unknown = expect.objectContaining({ code: 'AGENT_UNKNOWN' })
    await expect(desk.people.suspend('nobody', 'root', 'x')).rejects.toEqual(unknown)
    await expect(desk.people.resume('nobody', 'root')).rejects.toEqual(unknown)
  })
})

describe('rosters', () => {
  const HOUR = 3_600_000
  const day = Date.UTC(2026, 0, 5)
  const duty = (agent: string, from: number, to: number) => ({
    agent,
    startsAtMs: day + from * HOUR,
    endsAtMs: day + to * HOUR,
  })
  beforeEach(async () => {
    await put()
    await put({ id: 'lea', person: 'p-2' })
  })

  it('say who is on duty when, and nothing where they know nothing', async () => {
    await desk.rosters.put([duty('mara', 8, 12), duty('mara', 13, 17)], 'root')
    const at = (hours: number) => desk.rosters.onDuty('mara', day + hours * HOUR)
    expect(await Promise.all([7.9, 8, 11.9, 12, 13, 17].map(at))).toEqual([
      false,
      true,
      true,
      false,
      true,
      false,
    ])
    expect(await at(24 * 30)).toBeNull()
    expect(await desk.rosters.onDuty('lea', day + 8 * HOUR)).toBeNull()
    expect(desk.decided.at(-1)?.detail).toBe('roster of 1 agents, 2 spans')
  })

  it('replace what each agent had within the span', async () => {
    await desk.rosters.put([duty('mara', 8, 12), duty('lea', 8, 12), duty('mara', 32, 40)], 'root')
    await desk.rosters.put([duty('mara', 10, 14)], 'root')
    expect(await desk.rosters.onDuty('mara', day + 9 * HOUR)).toBe(false)
    expect(await desk.rosters.onDuty('mara', day + 13 * HOUR)).toBe(true)
    expect(await desk.rosters.onDuty('mara', day + 33 * HOUR)).toBe(true)
    expect(await desk.rosters.onDuty('lea', day + 9 * HOUR)).toBe(true)
  })

  it.each([
    ['of nobody', [duty('nobody', 1, 2)], 'AGENT_UNKNOWN'],
    ['that end before they start', [duty('mara', 2, 1)], 'ROSTER_INVALID'],
    ['of more than a day', [duty('mara', 0, 25)], 'ROSTER_INVALID'],
    ['that are no times', [duty('mara', Number.NaN, 2)], 'ROSTER_INVALID'],
    ['that start together', [duty('mara', 1, 2), duty('mara', 1, 3)], 'ROSTER_INVALID'],
  ])('with spans %s are refused', async (_, duties, code) => {
    await expect(desk.rosters.put(duties, 'root')).rejects.toMatchObject({ code })
  })
})
