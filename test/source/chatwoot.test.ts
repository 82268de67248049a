import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SourcePort } from '../../src/disclosure/ports.ts'
import { parseSourceMap } from '../../src/source/mapping.ts'
import type { TicketSource } from '../../src/source/ticket-source.ts'
import { CHATWOOT_TABLES } from './chatwoot.sql.ts'
import { addConversation, addMessage, seedChatwoot } from './chatwoot-seed.ts'
import { type HelpDesk, helpDesk, utc } from './help.ts'

const YAML = `
format: telltale-source/1
preset: chatwoot
region: JP
customers:
  only: { account_id: 1 }
tickets:
  only: { account_id: 1 }
`

let desk: HelpDesk
let source: SourcePort & TicketSource
beforeAll(async () => {
  desk = await helpDesk(CHATWOOT_TABLES)
  await seedChatwoot(desk.admin)
  source = await desk.open(parseSourceMap(YAML, 'telltale.yaml'))
})
afterAll(() => desk.close())

let lastId = 0
const nextId = () => ++lastId
const CONTACT = ['Contact', 10] as const
const ANNA = ['User', 1] as const

describe('contacts of a Chatwoot', () => {
  it('shows fields of columns and of JSON, and never the rest of it', async () => {
    const names = source.fields.map(({ name }) => name)
    expect(await source.values('10', names)).toEqual({
      name: 'Aiko Tanaka',
      mail: 'aiko@kunde.example',
      phone: '+815000012345',
      number: 'C-100',
      company: 'Kranich KK',
      city: 'Tokyo',
      country: null,
    })
  })

  it('does not know the contacts and tickets of another account', async () => {
    expect(await source.values('12', ['name'])).toBeNull()
    const number = await addConversation(desk.admin, { id: nextId(), account: 2, contact: 12 })
    expect(await source.ticket(number)).toBeNull()
    expect(await source.conversation(number, 5)).toEqual([])
    expect(await source.find('ticket', number, 5)).toEqual([])
  })

  it.each([
    ['mail', 'AIKO@kunde.example', ['10']],
    ['mail', 'olivia@kunde.example', ['11']],
    ['phone', '050-0001-2345', ['10']],
    ['customer', 'C-100', ['10']],
    ['customer', 'c-100', []],
    ['customer', '10', []],
  ] as const)('finds by %s %s exactly %j', async (by, value, keys) => {
    expect(await source.find(by, value, 6)).toEqual(keys)
  })
})

describe('conversations of a Chatwoot', () => {
  it.each([
    ['a mail of the contact', 1, 1, [[0, CONTACT]], { kind: 'customer', agent: null }],
    ['an activity, then a mail', 1, 1, [[2], [0, CONTACT]], { kind: 'customer', agent: null }],
    ['a mail of somebody else', 1, 1, [[0, ['Contact', 11]]], null],
    [
      'an agent',
      1,
      1,
      [
        [1, ANNA],
        [0, CONTACT],
      ],
      { kind: 'agent', agent: 'ANNA' },
    ],
    ['an agent nobody knows', 1, 1, [[1, ['User', 99]]], { kind: 'agent', agent: null }],
    ['a bot, as which agents can write', 1, 1, [[1, ['AgentBot', 1]]], null],
    ['a template', 1, 1, [[3]], null],
    ['nobody yet', 1, 1, [], null],
    ['a visitor of the widget, who says who they are', 2, 2, [[0, CONTACT]], null],
    ['one whom the site signed', 2, 3, [[0, CONTACT]], { kind: 'customer', agent: null }],
    ['the API, by which agents can write as contacts', 3, 4, [[0, CONTACT]], null],
  ] as const)('began with %s', async (_, inbox, contactInbox, messages, origin) => {
    const id = nextId()
    const number = await addConversation(desk.admin, { id, inbox, contactInbox, assignee: 1 })
    for (const [type, from] of messages)
      await addMessage(desk.admin, { conversation: id, type, ...(from ? { from } : {}) })
    expect(await source.ticket(number)).toMatchObject({
      origin,
      assignee: 'ANNA',
      assignment: null,
    })
  })

  it('believes the channels that the mapping trusts', async () => {
    const trusting = await desk.open(
      parseSourceMap(`${YAML}trust: ["Channel::WebWidget"]\n`, 'telltale.yaml'),
    )
    const id = nextId()
    const number = await addConversation(desk.admin, { id, inbox: 2, contactInbox: 2 })
    await addMessage(desk.admin, {
      conversation: id,
      type: 0,
      from: CONTACT,
      at: '2026-03-05 09:00:00',
    })
    const at = utc('2026-03-05 09:00:00')
    expect(await source.ticket(number)).toMatchObject({
      origin: null,
      contactAtMs: utc('2026-03-02 09:00:00'),
    })
    expect(await trusting.ticket(number)).toMatchObject({
      origin: { kind: 'customer' },
      contactAtMs: at,
    })
  })

  it("takes every assignment for the router's only where the mapping says so", async () => {
    const routed = await desk.open(parseSourceMap(`${YAML}  assignment: routed\n`, 'telltale.yaml'))
    const number = await addConversation(desk.admin, { id: nextId(), assignee: 2 })
    const free = await addConversation(desk.admin, { id: nextId() })
    expect(await routed.ticket(number)).toMatchObject({
      assignee: 'BEN',
      assignment: { kind: 'router', agent: null },
    })
    expect(await routed.ticket(free)).toMatchObject({ assignee: null, assignment: null })
    expect(await source.ticket(number)).toMatchObject({ assignee: 'BEN', assignment: null })
  })

  it.each([
    [0, 'open', 'open'],
    [1, 'resolved', 'closed'],
    [2, 'pending with a bot', 'closed'],
    [3, 'snoozed', 'open'],
    [4, 'a status of a later release', 'closed'],
  ] as const)('takes status %i (%s) for %s', async (status, _, state) => {
    const number = await addConversation(desk.admin, { id: nextId(), status })
    expect(await source.ticket(number)).toMatchObject({ state })
  })

  it('lists by priority, with the inbox as queue, and counts what waits', async () => {
    await desk.admin.query('update conversations set assignee_id = 1 where assignee_id is null')
    const mine = { assignee: 2, at: '2026-04-01 09:00:00' }
    const low = await addConversation(desk.admin, { id: nextId(), ...mine, priority: 0 })
    const urgent = await addConversation(desk.admin, { id: nextId(), ...mine, priority: 3 })
    await addConversation(desk.admin, { id: nextId(), at: '2026-04-02 09:00:00' })
    await addConversation(desk.admin, { id: nextId(), at: '2026-04-03 09:00:00', inbox: 3 })
    const rows = await source.mine('BEN', null, 50)
    expect(rows.slice(0, 2).map(({ number, priority }) => [number, priority])).toEqual([
      [urgent, 4],
      [low, 1],
    ])
    expect(rows[0]).toMatchObject({ queue: 'Mail', channel: 'email', topic: null, assignee: 'BEN' })
    const waiting = [{ queue: 'Mail', count: 1, oldestAtMs: utc('2026-04-02 09:00:00') }]
    expect(await source.waiting('BEN')).toEqual(waiting)
  })

  it('reads the conversation without activities', async () => {
    const id = nextId()
    const number = await addConversation(desk.admin, { id })
    const messages = [
      { type: 0, from: CONTACT, body: 'help' },
      { type: 2, body: 'Assigned to Anna by Ben' },
      { type: 1, from: ANNA, body: 'sure', at: '2026-03-02 09:05:00' },
      { type: 1, from: ANNA, body: 'odd', private: true, at: '2026-03-02 09:06:00' },
      { type: 3, body: 'How did we do?', at: '2026-03-02 09:07:00' },
    ]
    for (const message of messages) await addMessage(desk.admin, { conversation: id, ...message })
    expect(await source.conversation(number, 10)).toMatchObject([
      { direction: 'in', author: null, body: 'help' },
      { direction: 'out', author: 'Anna', body: 'sure' },
      { direction: 'note', author: 'Anna', body: 'odd' },
      { direction: 'out', author: null, body: 'How did we do?' },
    ])
  })
})
