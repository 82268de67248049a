import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  SEARCH_MISSES_PER_HOUR_MAX,
  SEARCH_RESULTS_MAX,
  SEARCHES_PER_HOUR_MAX,
} from '../../src/base/desk-limits.ts'
import type { Caller } from '../../src/guard/facts.ts'
import { type Desk, MINUTE_MS, openDesk } from '../tickets/desk.ts'

let desk: Desk
let eve: Caller
beforeEach(async () => {
  desk = await openDesk()
  eve = await desk.agent('eve')
})
afterEach(() => desk.close())

const HOUR_MS = 60 * MINUTE_MS
const codeOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    (found) => found,
    ({ code }) => code,
  )

describe('a search', () => {
  it('finds by one whole identifier, masked, in the log before it is told', async () => {
    await desk.customer('C1', { phone: '+81312345678' })
    await desk.ticket('T-1', { customer: 'C1', assignee: 'eve' })
    for (const [by, value] of [
      ['mail', ' C1@Customer.Example '],
      ['phone', '+81 3-1234-5678'],
      ['phone', '＋８１３１２３４５６７８'],
      ['ticket', 'T-1'],
      ['customer', 'C1'],
    ] as const) {
      const [found, ...more] = await desk.search(eve, by, value)
      expect(more).toEqual([])
      expect(found.openTicketYours).toBe('T-1')
      expect(found.fields).toEqual([
        { name: 'name', view: 'masked', value: 'Aiko C.' },
        { name: 'mail', view: 'masked', value: 'c•••@c•••.example' },
        { name: 'phone', view: 'masked', value: '+81 ••• ••78' },
        { name: 'alias', view: 'masked', value: null },
        { name: 'address', view: 'masked', value: null },
      ])
      expect(JSON.stringify(found)).not.toMatch(/C1|customer\.example/)
    }
    expect(desk.log.disclosures).toHaveLength(5)
    expect(desk.log.disclosures[0]).toMatchObject({
      agent: 'eve',
      customers: ['C1'],
      fields: [],
      masked: ['address', 'alias', 'mail', 'name', 'phone'],
      purpose: 'none',
      grade: 'none',
      path: 'desk',
      query: 'mail: c1@customer.example',
      session: eve.session.id,
    })
    expect(desk.log.decisions).toEqual([])
  })

  it('gives a handle that opens a ticket for the one who was found', async () => {
    await desk.customer('C1')
    const [{ handle }] = await desk.search(eve, 'customer', 'C1')
    const { number } = await desk.tickets.open(eve, handle, {
      topic: 'a call',
      channel: 'phone',
      queue: null,
    })
    expect(await desk.row(number)).toMatchObject({ customer: 'C1', origin_agent: 'eve' })
  })

  it('tells what it did not find to the log alone', async () => {
    expect(await desk.search(eve, 'mail', 'nobody@customer.example')).toEqual([])
    expect(desk.log.decisions).toMatchObject([
      {
        act: 'search.missed',
        agent: 'eve',
        customers: [],
        detail: 'nobody',
        reason: 'mail: nobody@customer.example',
      },
    ])
  })

  it('finds at most five, as one disclosure; of more it shows none', async () => {
    for (let i = 0; i < SEARCH_RESULTS_MAX; i++)
      await desk.customer(`K${i}`, { mail: 'shared@a.example' })
    const found = await desk.search(eve, 'mail', 'shared@a.example')
    expect(found).toHaveLength(SEARCH_RESULTS_MAX)
    expect(new Set(found.map(({ handle }) => handle)).size).toBe(SEARCH_RESULTS_MAX)
    expect(desk.log.disclosures).toMatchObject([{ customers: ['K0', 'K1', 'K2', 'K3', 'K4'] }])
    await desk.customer('K5', { mail: 'shared@a.example' })
    expect(await codeOf(desk.search(eve, 'mail', 'shared@a.example'))).toBe('SEARCH_AMBIGUOUS')
    expect(desk.log.disclosures).toHaveLength(1)
    expect(desk.log.last()).toMatchObject({
      act: 'search.missed',
      detail: 'too many',
      customers: [],
    })
  })

  it('shows nothing where the log does not take it, and counts', async () => {
    await desk.customer('C1')
    desk.log.state.fails = true
    await expect(desk.search(eve, 'customer', 'C1')).rejects.toThrow('the disk is full')
    await expect(desk.search(eve, 'customer', 'nobody')).rejects.toThrow('the disk is full')
    expect(await desk.lookups.used('eve', desk.now())).toEqual({ searches: 2, misses: 2 })
  })

  it('shows nothing to a session that ended while it was under way', async () => {
    await desk.customer('C1')
    desk.log.state.onWrite = async () => {
      await desk.db.updateTable('telltale.sessions').set({ ended_at_ms: desk.now() }).execute()
    }
    expect(await codeOf(desk.search(eve, 'customer', 'C1'))).toBe('SESSION_ENDED')
    expect(desk.log.disclosures).toHaveLength(1)
    expect(await codeOf(desk.search(eve, 'customer', 'C1'))).toBe('SESSION_ENDED')
    expect(desk.log.disclosures).toHaveLength(1)
  })

  it('is for people who handle tickets', async () => {
    await desk.customer('C1')
    for (const roles of [['admin'], ['agent', 'admin'], ['officer'], []] as const) {
      const caller = await desk.agent(`who-${roles.join('-')}`, { roles })
      expect(await codeOf(desk.search(caller, 'customer', 'C1'))).toBe('ROLE_NEEDED')
    }
    expect([...desk.log.disclosures, ...desk.log.decisions]).toEqual([])
  })
})

describe('an enumerator', () => {
  it('gets no pattern, no part and no list', async () => {
    await desk.customer('C1')
    const tries = [
      ['mail', '%'],
      ['mail', '%@customer.example'],
      ['mail', 'c1@customer.exampl_'],
      ['mail', '*@*'],
      ['mail', 'c1'],
      ['mail', 'c1@customer.example OR 1=1'],
      ['mail', "' or ''='"],
      ['mail', '@customer.example'],
      ['mail', 'a@b.example,c1@customer.example'],
      ['phone', '%'],
      ['phone', '+81'],
      ['phone', '5678'],
      ['phone', '+8131234567_'],
      ['ticket', '%'],
      ['ticket', ''],
      ['ticket', '_-1'],
      ['customer', ''],
      ['customer', 'C_'],
      ['customer', 'c1'],
      ['customer', 'C1\0'],
      ['customer', '[A-Z]1'],
    ] as const
    await desk.ticket('T-1', { customer: 'C1' })
    for (const [by, value] of tries) {
      const outcome = await codeOf(desk.search(eve, by, value))
      if (outcome !== 'SEARCH_INVALID') expect(outcome, `${by} ${value}`).toEqual([])
      desk.clock.ms += HOUR_MS / 4
    }
    expect(desk.log.disclosures).toEqual([])
  })

  it('misses ten times an hour, exactly, however many at once', async () => {
    await desk.customer('C1')
    const asked = Array.from({ length: 25 }, (_, i) =>
      codeOf(desk.search(eve, 'customer', `K${i}`)),
    )
    const outcomes = await Promise.all(asked)
    const missed = outcomes.filter((one) => Array.isArray(one))
    expect(missed).toHaveLength(SEARCH_MISSES_PER_HOUR_MAX)
    expect(outcomes.filter((one) => one === 'SEARCH_TOO_MANY')).toHaveLength(15)
    expect(desk.log.decisions).toHaveLength(SEARCH_MISSES_PER_HOUR_MAX)
    // Not even whom they know; in no other session either.
    const other = await desk.session(eve.agent)
    for (const caller of [eve, other]) {
      await expect(desk.search(caller, 'customer', 'C1')).rejects.toMatchObject({
        code: 'SEARCH_TOO_MANY',
        details: { limit: SEARCH_MISSES_PER_HOUR_MAX, minutes: 60 },
      })
    }
    desk.clock.ms += HOUR_MS
    expect(await desk.search(eve, 'customer', 'C1')).toHaveLength(1)
  })

  it('searches thirty times an hour, exactly, whatever they find', async () => {
    await desk.customer('C1')
    for (let i = 0; i < SEARCHES_PER_HOUR_MAX - 3; i++) {
      expect(await desk.search(eve, 'customer', 'C1')).toHaveLength(1)
    }
    const asked = Array.from({ length: 9 }, () => codeOf(desk.search(eve, 'customer', 'C1')))
    const outcomes = await Promise.all(asked)
    expect(outcomes.filter((one) => one === 'SEARCH_TOO_MANY')).toHaveLength(6)
    expect(desk.log.disclosures).toHaveLength(SEARCHES_PER_HOUR_MAX)
  })

  it('spends nothing of anybody else', async () => {
    await desk.customer('C1')
    const ann = await desk.agent('ann')
    for (let i = 0; i < SEARCH_MISSES_PER_HOUR_MAX; i++) await desk.search(eve, 'customer', `K${i}`)
    expect(await codeOf(desk.search(eve, 'customer', 'C1'))).toBe('SEARCH_TOO_MANY')
    expect(await desk.search(ann, 'customer', 'C1')).toHaveLength(1)
  })
})
