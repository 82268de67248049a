/** The rogue agent at work: a valid login, time, and knowledge of the rules. docs/threat-model.md. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Caller } from '../../src/guard/facts.ts'
import { DAY_MS, type Desk, MINUTE_MS, openDesk, viewsOf } from './desk.ts'

let desk: Desk
let eve: Caller
beforeEach(async () => {
  desk = await openDesk()
  eve = await desk.agent('eve')
  await desk.agent('bob')
})
afterEach(() => desk.close())

const MASKED = {
  name: 'masked',
  mail: 'masked',
  phone: 'masked',
  notes: 'hidden',
  payment: 'hidden',
}

const reveal = (number: string, caller = eve) =>
  desk.release({
    caller,
    because: { kind: 'ticket', number },
    fields: ['mail'],
    act: 'reveal',
    path: 'desk',
  })

/** What matters of every attack: the page is masked and a reveal is refused. */
async function expectMasked(number: string, grade: string) {
  const page = await desk.tickets.page(eve, number)
  expect(page.released.purpose).toMatchObject({ grade, ended: null })
  expect(viewsOf(page.released)).toMatchObject(MASKED)
  expect(page.released.conversation).toBeNull()
  expect(JSON.stringify(page)).not.toMatch(/customer\.example|\+81312345678/)
  await expect(reveal(number)).rejects.toMatchObject({ code: 'REVEAL_REFUSED' })
}

async function genuine(number: string) {
  await desk.ticket(number, { assignee: 'eve' })
  expect((await reveal(number)).fields[0].value).toBe('c1@customer.example')
}

async function ownTicket(customer: string): Promise<string> {
  await desk.customer(customer)
  const handle = desk.handles.seal(eve, customer, desk.now())
  return (await desk.tickets.open(eve, handle, { topic: 'a call', channel: 'phone', queue: null }))
    .number
}

describe('the rogue agent', () => {
  it('is shown what the router gave', async () => {
    await genuine('T-1')
  })

  it('opens a ticket themself', async () => {
    await expectMasked(await ownTicket('C5'), 'self')
  })

  it('takes one by its number', async () => {
    await desk.ticket('T-1')
    await desk.tickets.take(eve, 'T-1')
    await expectMasked('T-1', 'self')
  })

  it('assigns their own, genuine one to themself', async () => {
    await genuine('T-1')
    await desk.tickets.assign(eve, 'T-1', 'eve')
    await expectMasked('T-1', 'self')
  })

  it('sends one to a colleague and has it sent back', async () => {
    const bob = await desk.session((await desk.agent('ben')).agent)
    const number = await ownTicket('C5')
    await desk.tickets.assign(eve, number, 'ben')
    await desk.tickets.assign(bob, number, 'eve')
    await expectMasked(number, 'self')
    await genuine('T-1')
    await desk.tickets.assign(eve, 'T-1', 'ben')
    await desk.tickets.assign(bob, 'T-1', 'eve')
    await expectMasked('T-1', 'colleague')
  })

  it('gives it to themself from a second account', async () => {
    const second = await desk.agent('eve2', { person: 'eve', roles: ['lead'] })
    await desk.ticket('T-1', { assignee: 'bob' })
    await desk.tickets.assign(second, 'T-1', 'eve')
    expect(await desk.row('T-1')).toMatchObject({ assigned_agent: 'eve' })
    await expectMasked('T-1', 'self')
  })

  it('opens it as a second account and lets the router give it', async () => {
    await desk.agent('eve2', { person: 'eve' })
    await desk.ticket('T-1', { origin: ['agent', 'eve2'] })
    await desk.tickets.next(eve)
    await expectMasked('T-1', 'self')
  })

  it('assigns a ticket of a colleague, or as a lead of another team', async () => {
    const lead = await desk.agent('lee', { roles: ['lead'], team: 'blue' })
    await desk.ticket('T-1', { assignee: 'bob' })
    for (const caller of [eve, lead]) {
      const asked = desk.tickets.assign(caller, 'T-1', caller.agent.id)
      await expect(asked).rejects.toMatchObject({ code: 'TICKET_UNKNOWN' })
    }
  })

  it('claims a role that the directory does not give them', async () => {
    await desk.ticket('T-1', { assignee: 'bob' })
    const claimed: Caller = { ...eve, agent: { ...eve.agent, roles: ['lead'] } }
    const asked = desk.tickets.assign(claimed, 'T-1', 'eve')
    await expect(asked).rejects.toMatchObject({ code: 'TICKET_UNKNOWN' })
  })

  it('reopens an old one', async () => {
    await genuine('T-1')
    await desk.tickets.close(eve, 'T-1')
    await expect(reveal('T-1')).rejects.toMatchObject({ code: 'PURPOSE_ENDED' })
    await desk.tickets.reopen(eve, 'T-1')
    await expectMasked('T-1', 'self')
    desk.clock.ms += 15 * DAY_MS
    await expect(reveal('T-1')).rejects.toMatchObject({ code: 'PURPOSE_ENDED' })
    await desk.tickets.close(eve, 'T-1')
    await desk.tickets.reopen(eve, 'T-1')
    await expect(desk.tickets.page(eve, 'T-1')).rejects.toMatchObject({ code: 'PURPOSE_ENDED' })
  })

  it('merges one of their own with a genuine one, either way', async () => {
    for (const isOwnKept of [true, false]) {
      const number = isOwnKept ? 'T-1' : 'T-2'
      await genuine(number)
      const own = await ownTicket('C1')
      const [goes, stays] = isOwnKept ? [number, own] : [own, number]
      await desk.tickets.merge(eve, goes, stays)
      await expectMasked(stays, 'self')
      await expect(reveal(goes)).rejects.toMatchObject({ code: 'PURPOSE_ENDED' })
    }
  })

  it('merges a fresh one of their own to keep an old one alive', async () => {
    await desk.ticket('T-1', { assignee: 'eve', by: ['agent', 'bob'] })
    desk.clock.ms += 20 * DAY_MS
    await desk.tickets.merge(eve, await ownTicket('C1'), 'T-1')
    await expect(desk.tickets.page(eve, 'T-1')).rejects.toMatchObject({ code: 'PURPOSE_ENDED' })
  })

  it('merges two that others opened, to hide who', async () => {
    await desk.ticket('T-1', { assignee: 'eve', origin: ['agent', 'bob'] })
    await desk.ticket('T-2', { assignee: 'eve', origin: ['agent', 'eve'] })
    await desk.tickets.merge(eve, 'T-2', 'T-1')
    expect(await desk.row('T-1')).toMatchObject({ origin_kind: 'agent', origin_agent: null })
    await expectMasked('T-1', 'self')
  })

  it('writes to themself to seem to have heard of the customer', async () => {
    const number = await ownTicket('C5')
    await desk.tickets.write(eve, number, 'out', 'as agreed on the telephone')
    await expectMasked(number, 'self')
    desk.clock.ms += 15 * DAY_MS
    await expect(desk.tickets.page(eve, number)).rejects.toMatchObject({ code: 'PURPOSE_ENDED' })
  })

  it('closes while a reveal is under way', async () => {
    await desk.ticket('T-1', { assignee: 'eve' })
    desk.log.state.onWrite = async () => {
      desk.log.state.onWrite = async () => {}
      await desk.tickets.close(eve, 'T-1')
    }
    await expect(reveal('T-1')).rejects.toMatchObject({ code: 'PURPOSE_ENDED' })
    // It was in the log before, and stays.
    expect(desk.log.disclosures).toHaveLength(1)
  })

  it('never gets more than the log holds, whichever way closes and reveals race', async () => {
    for (let i = 0; i < 10; i++) {
      const number = await desk.ticket(`T-${i}`, { assignee: 'eve', customer: `K${i}` })
      const [shown] = await Promise.all([
        reveal(number).catch(() => null),
        desk.tickets.close(eve, number),
      ])
      const logged = desk.log.disclosures.some(({ reference }) => reference === number)
      if (shown !== null) expect(logged).toBe(true)
    }
  })

  it('works the queue fast: next, close, next', async () => {
    for (let i = 0; i < 4; i++) await desk.ticket(`T-${i}`, { customer: `K${i}` })
    for (let i = 0; i < 4; i++) {
      const { number } = await desk.tickets.next(eve)
      await reveal(number)
      await desk.tickets.close(eve, number)
    }
    const closed = desk.log.decisions.filter(({ act }) => act === 'ticket.closed')
    expect(closed.map(({ detail }) => detail)).toEqual(Array(4).fill('closed without contact'))
    expect((await desk.budget.used('eve', desk.now())).hour).toBe(4)
  })

  it('uses what a session found in another, after it ended', async () => {
    await desk.customer('C5')
    const handle = desk.handles.seal(eve, 'C5', desk.now())
    const later = await desk.session(eve.agent)
    const asked = desk.tickets.open(later, handle, {
      topic: 'a call',
      channel: 'phone',
      queue: null,
    })
    await expect(asked).rejects.toMatchObject({ code: 'HANDLE_ENDED' })
  })

  it('makes an appointment with the future', async () => {
    const number = await ownTicket('C5')
    desk.clock.ms -= 60 * MINUTE_MS
    await expectMasked(number, 'self')
  })
})
