import { describe, expect, it } from 'vitest'
import type { ReleaseRequest } from '../../src/disclosure/ports.ts'
import { createRelease } from '../../src/disclosure/release.ts'
import { testDesk } from './desk.ts'
import { ask as askAt, kimsDesk, setTicket as setTicketAt, usedByKim } from './kim.ts'
import { NOW_MS } from './rows.ts'

const at = kimsDesk()
const ask = (change: Partial<ReleaseRequest> = {}) => askAt(at, change)
const setTicket = (change: Record<string, unknown>) => setTicketAt(at, change)

describe('a look', () => {
  it('shows what the table says, in one entry that says exactly that', async () => {
    const released = await ask()
    expect(released.fields.map(({ field, view, value }) => [field.name, view, value])).toEqual([
      ['name', 'masked', 'Aiko T.'],
      ['mail', 'masked', 'a•••@e•••.com'],
      ['phone', 'masked', '+81 ••• ••12'],
      ['product', 'clear', 'Router X'],
      ['notes', 'clear', 'Called twice.'],
      ['payment', 'hidden', null],
    ])
    expect(released.conversation?.map(({ body }) => body)).toEqual(['Hello'])
    expect(at.desk.logged).toEqual([
      {
        agent: 'kim',
        atMs: NOW_MS,
        customers: ['c-1'],
        fields: ['conversation', 'notes', 'product'],
        masked: ['mail', 'name', 'phone'],
        grade: 'customer',
        path: 'desk',
        purpose: 'ticket',
        query: null,
        queue: 'billing',
        reference: 'T-1',
        session: 'session-kim',
        writer: null,
      },
    ])
    expect(released.entry).toBe(0)
    expect(at.desk.shown).toMatchObject([{ agent: 'kim', entry: 0, customers: 1 }])
  })

  it('by a ticket of the agent’s own making masks, hides the conversation and counts nobody', async () => {
    await setTicket({
      origin_kind: 'agent',
      origin_agent: 'kim',
      assigned_kind: 'agent',
      assigned_agent: 'kim',
    })
    const released = await ask()
    expect(released.purpose.grade).toBe('self')
    expect(released.conversation).toBeNull()
    expect(at.desk.logged).toMatchObject([{ grade: 'self', fields: ['product'] }])
    expect(await usedByKim(at)).toMatchObject({ hour: 0 })
    expect(at.desk.calls).not.toContain('conversation')
  })

  it('that shows nothing is no entry, and asks the source nothing', async () => {
    const released = await ask({ fields: ['payment'] })
    expect(released).toMatchObject({ entry: null, fields: [{ view: 'hidden', value: null }] })
    expect(at.desk.logged).toEqual([])
    expect(at.desk.calls).toEqual(['facts'])
  })

  it('is recorded each time', async () => {
    await ask()
    await ask()
    expect(at.desk.logged).toHaveLength(2)
    expect(await usedByKim(at)).toMatchObject({ hour: 1 })
  })

  it('reads nothing that it does not show', async () => {
    const asked: string[][] = []
    const { values } = at.desk.ports.source
    const spied = {
      ...at.desk.ports.source,
      values: (customer: string, fields: readonly string[]) => {
        asked.push([...fields])
        return values(customer, fields)
      },
    }
    await createRelease({ ...at.desk.ports, source: spied })({
      caller: at.kim,
      because: { kind: 'ticket', number: 'T-1' },
      fields: [],
      act: 'look',
      path: 'desk',
    })
    expect(asked).toEqual([['name', 'mail', 'phone', 'product', 'notes']])
  })
})

describe('the log', () => {
  it('holds what was acknowledged, and a stranger verifies it', async () => {
    const fresh = await testDesk()
    try {
      const ann = await fresh.addAgent('ann')
      await fresh.addCustomer('c-1')
      await fresh.addTicket('T-1', 'c-1', { assignee: 'ann' })
      const because = { kind: 'ticket', number: 'T-1' } as const
      const request = { caller: ann, because, path: 'desk' } as const
      const look = await fresh.release({ ...request, act: 'look', fields: [] })
      await fresh.release({ ...request, act: 'reveal', fields: ['payment'] }).catch(() => {})
      const revealed = await fresh.release({ ...request, act: 'reveal', fields: ['mail'] })
      expect([look.entry, revealed.entry]).toEqual([0, 2])
      const entries = await fresh.entries()
      expect(entries.map(({ disclosure, decision }) => disclosure ?? decision)).toMatchObject([
        { agent: 'ann', customers: ['c-1'], masked: ['mail', 'name', 'phone'] },
        { agent: 'ann', customers: ['c-1'], reference: 'T-1' },
        { agent: 'ann', customers: ['c-1'], fields: ['mail'], masked: [] },
      ])
    } finally {
      await fresh.close()
    }
  })
})
