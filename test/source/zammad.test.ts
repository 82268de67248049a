import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SourcePort } from '../../src/disclosure/ports.ts'
import { presetMap } from '../../src/source/mapping.ts'
import type { TicketSource } from '../../src/source/ticket-source.ts'
import { type HelpDesk, helpDesk, utc } from './help.ts'
import { ZAMMAD_TABLES } from './zammad.sql.ts'
import { addArticle, addTicket, seedZammad } from './zammad-seed.ts'

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

const [ANNA, BEN, KAETHE, OTTO] = [10, 11, 20, 21]
const BY_AGENT = 1

describe('customers of a Zammad', () => {
  it('shows what was asked for, and nothing else', async () => {
    const names = source.fields.map(({ name }) => name)
    expect(await source.values('20', names)).toEqual({
      name: 'Käthe Köhler',
      mail: 'kaethe@kunde.example',
      phone: '030 123456',
      mobile: '+49 (0)171 39200-11',
      fax: null,
      address: 'Musterweg 1, 10115 Berlin, Germany',
      organization: 'Kranich GmbH',
      department: null,
      web: null,
      notes: 'Likes to be called late.',
    })
    expect(await source.values('22', ['name', 'login', 'phone'])).toEqual({
      name: 'Fritz',
      phone: null,
    })
  })

  it('knows a customer by one key alone', async () => {
    for (const key of ['020', '+20', ' 20', '20 ', '2e1', '20.0', '99', 'x', '99999999999', '-20'])
      expect(await source.values(key, ['name'])).toBeNull()
    expect([...(await source.valuesOf(['20', '020', '21'], ['name'])).keys()].sort()).toEqual([
      '20',
      '21',
    ])
  })

  it.each([
    ['mail', ' Kaethe@KUNDE.example ', ['20']],
    ['mail', 'kaethe@kunde', []],
    ['mail', '%@kunde.example', []],
    ['phone', '+49 30 123456', ['20']],
    ['phone', '030/123456', ['20']],
    ['phone', '+4930654321', ['21']],
    ['phone', '0171 3920011', ['20']],
    ['phone', '123456', []],
    ['customer', '20', []],
  ] as const)('finds by %s %s exactly %j', async (by, value, keys) => {
    expect(await source.find(by, value, 6)).toEqual(keys)
  })
})

describe('lists and conversations of a Zammad', () => {
  it("lists an agent's own, most urgent and longest unheard first, page by page", async () => {
    const rows = [
      { priority: 1, at: '2026-05-01 09:00:00' },
      { priority: 3, at: '2026-05-03 09:00:00' },
      { priority: 3, at: '2026-05-02 09:00:00' },
      { priority: 1, at: '2026-05-01 09:00:00' },
    ]
    const numbers: string[] = []
    for (const row of rows) {
      const ticket = {
        id: nextId(),
        customer: OTTO,
        owner: BEN,
        createdBy: BEN,
        sender: BY_AGENT,
        group: 2,
      }
      numbers.push(await addTicket(desk.admin, { ...ticket, ...row }))
    }
    await addTicket(desk.admin, {
      id: nextId(),
      customer: OTTO,
      owner: BEN,
      state: 4,
      createdBy: BEN,
      sender: 1,
    })
    const all = await source.mine('BEN', null, 50)
    const own = all.filter(({ queue }) => queue === 'Sales').map(({ number }) => number)
    expect(own).toEqual([numbers[2], numbers[1], numbers[0], numbers[3]])
    const paged: string[] = []
    for (let after = null as (typeof all)[number] | null; ; ) {
      const page = await source.mine('BEN', after, 2)
      if (page.length === 0) break
      paged.push(...page.map(({ number }) => number))
      after = page.at(-1) ?? null
    }
    expect(paged).toEqual(all.map(({ number }) => number))
    expect(await source.mine('NOBODY', null, 50)).toEqual([])
    expect(await source.openOf('BEN', ['21', '20'])).toEqual(new Map([['21', numbers[1]]]))
  })

  it('counts what waits in the queues that the agent may work in', async () => {
    await desk.admin.query('update tickets set owner_id = 10 where owner_id = 1')
    for (const [group, at] of [
      [1, '2026-01-02 09:00:00'],
      [1, '2026-01-01 09:00:00'],
      [2, '2026-01-01 09:00:00'],
      [3, '2026-01-03 09:00:00'],
    ] as const)
      await addTicket(desk.admin, {
        id: nextId(),
        customer: OTTO,
        createdBy: OTTO,
        sender: 2,
        group,
        at,
      })
    // By her own rights in Users, by her role's in VIP; Sales she may only read.
    expect(await source.waiting('ANNA')).toEqual([
      { queue: 'Users', count: 2, oldestAtMs: utc('2026-01-01 09:00:00') },
      { queue: 'VIP', count: 1, oldestAtMs: utc('2026-01-03 09:00:00') },
    ])
  })

  it('reads the conversation as text, with the names of agents alone', async () => {
    const id = nextId()
    const number = await addTicket(desk.admin, {
      id,
      customer: KAETHE,
      createdBy: KAETHE,
      sender: 2,
    })
    const article = { ticket: id, sender: 2, by: KAETHE, at: '2026-03-02 09:00:00' }
    await addArticle(desk.admin, {
      ...article,
      html: true,
      body: '<p>Hello &amp; help</p><style>p{}</style>',
    })
    await addArticle(desk.admin, {
      ...article,
      sender: 1,
      by: ANNA,
      at: '2026-03-02 09:05:00',
      body: 'Sure <b>',
    })
    await addArticle(desk.admin, {
      ...article,
      sender: 1,
      by: BEN,
      at: '2026-03-02 09:06:00',
      internal: true,
    })
    const messages = await source.conversation(number, 10)
    expect(messages).toMatchObject([
      { direction: 'in', author: null, body: 'Hello & help', atMs: utc('2026-03-02 09:00:00') },
      { direction: 'out', author: 'Anna Agent', body: 'Sure <b>' },
      { direction: 'note', author: 'Ben Agent', body: 'text' },
    ])
    expect((await source.conversation(number, 2)).map(({ direction }) => direction)).toEqual([
      'out',
      'note',
    ])
    expect(await source.conversation('70', 10)).toEqual([])
  })

  it('finds the customer of a ticket', async () => {
    const number = await addTicket(desk.admin, {
      id: nextId(),
      customer: OTTO,
      createdBy: OTTO,
      sender: 2,
    })
    expect(await source.find('ticket', ` ${number} `, 6)).toEqual(['21'])
    expect(await source.find('ticket', number.slice(0, 4), 6)).toEqual([])
  })
})
