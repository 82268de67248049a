import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SourcePort } from '../../src/disclosure/ports.ts'
import { presetMap } from '../../src/source/mapping.ts'
import type { TicketSource } from '../../src/source/ticket-source.ts'
import { type HelpDesk, helpDesk, utc } from './help.ts'
import { ZAMMAD_TABLES } from './zammad.sql.ts'
import { addArticle, addHistory, addTicket, seedZammad } from './zammad-seed.ts'

let desk: HelpDesk
let source: SourcePort & TicketSource
beforeAll(async () => {
  desk = await helpDesk(ZAMMAD_TABLES)
  await seedZammad(desk.admin)
  source = await desk.open({ ...presetMap('zammad'), region: 'DE' })
})
afterAll(() => desk.close())

let lastId = 0
const nextId = () => ++lastId

const [SYSTEM, ANNA, BEN, KAETHE, OTTO, FRITZ] = [1, 10, 11, 20, 21, 22]
const BY_CUSTOMER = 2

describe('tickets of a Zammad', () => {
  it('rests on the customer where they wrote, and on the router where a trigger assigned', async () => {
    const id = nextId()
    const number = await addTicket(desk.admin, {
      ...{ id, customer: KAETHE, owner: ANNA, createdBy: KAETHE, sender: BY_CUSTOMER, priority: 3 },
    })
    const at = '2026-03-02 09:30:00.25'
    await addHistory(desk.admin, {
      ticket: id,
      attribute: 'owner',
      from: 1,
      to: ANNA,
      by: SYSTEM,
      at,
    })
    await addArticle(desk.admin, { ticket: id, sender: 2, by: KAETHE, at: '2026-03-03 08:00:00' })
    expect(await source.ticket(number)).toEqual({
      number,
      customer: '20',
      queue: 'Users',
      state: 'open',
      origin: { kind: 'customer', agent: null },
      assignee: 'ANNA',
      assignment: { kind: 'router', agent: null },
      assignedAtMs: utc(at),
      contactAtMs: utc('2026-03-03 08:00:00'),
      codes: [],
    })
    expect(await source.row('ANNA', number)).toEqual({
      number,
      queue: 'Users',
      topic: null,
      channel: 'email',
      state: 'open',
      openedAtMs: utc('2026-03-02 09:00:00'),
      contactAtMs: utc('2026-03-03 08:00:00'),
      assignee: 'ANNA',
      priority: 3,
    })
    expect(await source.row('BEN', number)).toBeNull()
  })

  it("takes a call that an agent notes in the name of a customer for the agent's word", async () => {
    const id = nextId()
    const number = await addTicket(desk.admin, {
      ...{ id, customer: OTTO, owner: ANNA, createdBy: ANNA, sender: BY_CUSTOMER },
    })
    await addArticle(desk.admin, { ticket: id, sender: 2, by: ANNA, at: '2026-04-01 08:00:00' })
    expect(await source.ticket(number)).toMatchObject({
      origin: { kind: 'agent', agent: 'ANNA' },
      assignment: { kind: 'agent', agent: 'ANNA' },
      contactAtMs: utc('2026-03-02 09:00:00'),
    })
  })

  it('says who moved a ticket to another customer, whoever opened it', async () => {
    const id = nextId()
    const number = await addTicket(desk.admin, {
      ...{ id, customer: OTTO, owner: BEN, createdBy: FRITZ, sender: BY_CUSTOMER },
    })
    await addArticle(desk.admin, { ticket: id, sender: 2, by: FRITZ, at: '2026-04-01 08:00:00' })
    const at = '2026-03-02 10:00:00'
    const change = {
      ticket: id,
      attribute: 'customer',
      from: FRITZ,
      to: OTTO,
      by: BEN,
      at,
    } as const
    await addHistory(desk.admin, change)
    expect(await source.ticket(number)).toMatchObject({
      customer: '21',
      origin: { kind: 'agent', agent: 'BEN' },
      contactAtMs: utc('2026-03-02 09:00:00'),
    })
    // Without the history, whoever is not the customer is nobody we know.
    await desk.admin.query('delete from histories where o_id = $1', [id])
    expect(await source.ticket(number)).toMatchObject({ origin: { kind: 'agent', agent: null } })
  })

  it.each([
    ['taken', [['owner', 1, ANNA, ANNA]], { kind: 'agent', agent: 'ANNA' }, 0],
    ['given by a colleague', [['owner', 1, ANNA, BEN]], { kind: 'agent', agent: 'BEN' }, 0],
    ['given by a trigger', [['owner', 1, ANNA, SYSTEM]], { kind: 'router', agent: null }, 0],
    ['given by a mail filter', [['owner', 1, ANNA, KAETHE]], { kind: 'router', agent: null }, 0],
    [
      'routed, given away, taken back',
      [
        ['owner', 1, ANNA, SYSTEM],
        ['owner', ANNA, BEN, ANNA],
        ['owner', BEN, ANNA, ANNA],
      ],
      { kind: 'agent', agent: 'ANNA' },
      2,
    ],
    [
      'opened again by its owner',
      [
        ['owner', 1, ANNA, SYSTEM],
        ['state', 2, 4, ANNA],
        ['state', 4, 2, ANNA],
      ],
      { kind: 'agent', agent: 'ANNA' },
      2,
    ],
    [
      'opened again by the customer',
      [
        ['owner', 1, ANNA, SYSTEM],
        ['state', 2, 4, ANNA],
        ['state', 4, 2, KAETHE],
      ],
      { kind: 'router', agent: null },
      0,
    ],
    [
      'opened again by its owner, then routed',
      [
        ['state', 4, 2, ANNA],
        ['owner', BEN, ANNA, SYSTEM],
      ],
      { kind: 'router', agent: null },
      1,
    ],
    ['set by a mail filter when it came', [], { kind: 'router', agent: null }, null],
  ] as const)('tells an assignment: %s', async (_, changes, assignment, since) => {
    const id = nextId()
    const number = await addTicket(desk.admin, {
      ...{ id, customer: KAETHE, owner: ANNA, createdBy: KAETHE, sender: BY_CUSTOMER },
    })
    for (const [i, [attribute, from, to, by]] of changes.entries())
      await addHistory(desk.admin, {
        ...{ ticket: id, attribute, from, to, by, at: `2026-03-02 1${i}:00:00` },
      })
    const at = since === null ? '2026-03-02 09:00:00' : `2026-03-02 1${since}:00:00`
    expect(await source.ticket(number)).toMatchObject({ assignment, assignedAtMs: utc(at) })
  })

  it.each([
    [1, 'new', 'open'],
    [2, 'open', 'open'],
    [3, 'pending reminder', 'open'],
    [7, 'pending close', 'open'],
    [8, 'a state of their own', 'open'],
    [4, 'closed', 'closed'],
    [5, 'merged', 'closed'],
    [6, 'removed', 'closed'],
  ] as const)('takes state %i (%s) for %s', async (state, _, expected) => {
    const id = nextId()
    const number = await addTicket(desk.admin, {
      ...{ id, customer: KAETHE, state, createdBy: KAETHE, sender: BY_CUSTOMER },
    })
    expect(await source.ticket(number)).toMatchObject({
      state: expected,
      assignee: null,
      assignment: null,
    })
  })

  it('names an owner nobody knows as somebody else', async () => {
    const id = nextId()
    const number = await addTicket(desk.admin, {
      ...{ id, customer: KAETHE, owner: FRITZ, createdBy: SYSTEM, sender: 3 },
    })
    expect(await source.ticket(number)).toMatchObject({ assignee: '?', origin: { kind: 'system' } })
  })
})
