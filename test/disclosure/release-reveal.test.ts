import { describe, expect, it } from 'vitest'
import type { Because, ReleaseRequest } from '../../src/disclosure/ports.ts'
import { isDecision } from '../../src/tlog/entry.ts'
import { ask as askAt, kimsDesk, usedByKim } from './kim.ts'
import { CUSTOMER, HOUR_MS, NOW_MS } from './rows.ts'

const at = kimsDesk()
const ask = (change: Partial<ReleaseRequest> = {}) => askAt(at, change)
const reveal = (...fields: string[]) => ask({ act: 'reveal', fields })

describe('revealing', () => {
  it('gives the named fields clear, and counts their customer', async () => {
    const released = await reveal('phone', 'name')
    expect(released.fields.map(({ field, view, value }) => [field.name, view, value])).toEqual([
      ['name', 'clear', CUSTOMER.name],
      ['phone', 'clear', CUSTOMER.phone],
    ])
    expect(released.conversation).toBeNull()
    expect(at.desk.logged).toMatchObject([{ fields: ['name', 'phone'], masked: [] }])
    expect(released.budget.used).toEqual({ hour: 1, day: 1, week: 1 })
  })

  it('without names gives whatever it may', async () => {
    const released = await reveal()
    expect(released.fields.map(({ field }) => field.name)).toEqual([
      'name',
      'mail',
      'phone',
      'product',
      'notes',
    ])
  })

  it('gives all that is named or nothing, and says what would help', async () => {
    await expect(reveal('phone', 'payment')).rejects.toMatchObject({
      code: 'REVEAL_REFUSED',
      details: { field: 'payment', advice: 'Ask for an exception' },
    })
    expect(at.desk.logged).toMatchObject([
      {
        act: 'reveal.refused',
        agent: 'kim',
        customers: ['c-1'],
        detail: 'payment (sensitive-by-exception)',
        reference: 'T-1',
      },
    ])
    expect(at.desk.calls).toEqual(['facts', 'decide'])
    expect(await usedByKim(at)).toMatchObject({ hour: 0 })
  })

  it('takes no name that is none, however odd, and repeats none', async () => {
    for (const field of [
      'phone2',
      '__proto__',
      'key',
      'created_at_ms',
      '"; drop',
      '\0',
      'x'.repeat(9999),
      '',
    ]) {
      const error = await reveal('phone', field).catch((one) => one)
      expect(error.code).toBe('REVEAL_REFUSED')
      expect(JSON.stringify(error.details)).not.toContain(field || 'never')
    }
    expect(
      at.desk.logged.every((one) => isDecision(one) && one.detail === 'a field that no record has'),
    ).toBe(true)
  })

  it('takes a name twice as once', async () => {
    expect((await reveal('phone', 'phone')).fields).toHaveLength(1)
  })

  it.each<[string, Because, string]>([
    ['that there is not', { kind: 'ticket', number: 'T-404' }, 'TICKET_UNKNOWN'],
    ['of any text', { kind: 'ticket', number: '\n\ud800'.repeat(300) }, 'TICKET_UNKNOWN'],
    ['of no text', { kind: 'ticket', number: '' }, 'TICKET_UNKNOWN'],
    ['of somebody else', { kind: 'ticket', number: 'T-2' }, 'TICKET_UNKNOWN'],
    ['of somebody else that is closed', { kind: 'ticket', number: 'T-3' }, 'TICKET_UNKNOWN'],
    ['of nobody', { kind: 'ticket', number: 'T-4' }, 'TICKET_UNKNOWN'],
    [
      'that is said to be about somebody else',
      { kind: 'ticket', number: 'T-1', customer: 'c-2' },
      'TICKET_UNKNOWN',
    ],
    ['of one’s own that is closed', { kind: 'ticket', number: 'T-5' }, 'PURPOSE_ENDED'],
    [
      'of one’s own that nobody wrote to for long',
      { kind: 'ticket', number: 'T-6' },
      'PURPOSE_ENDED',
    ],
    ['that is a grant', { kind: 'grant', id: 'T-1', customer: 'c-1' }, 'GRANT_UNKNOWN'],
  ])('by a ticket %s is refused, and recorded', async (_, because, code) => {
    await at.desk.addTicket('T-2', 'c-2', { assignee: 'lee' })
    await at.desk.addTicket('T-3', 'c-2', { assignee: 'lee', state: 'closed' })
    await at.desk.addTicket('T-4', 'c-2')
    await at.desk.addTicket('T-5', 'c-2', { assignee: 'kim', state: 'closed' })
    const oldMs = NOW_MS - 15 * 24 * HOUR_MS
    await at.desk.addTicket('T-6', 'c-2', {
      assignee: 'kim',
      contact_at_ms: oldMs,
      assigned_at_ms: oldMs,
    })
    for (const act of ['look', 'reveal'] as const) {
      await expect(ask({ because, act })).rejects.toMatchObject({ code })
    }
    expect(at.desk.logged).toMatchObject([{ act: 'reveal.refused' }, { act: 'reveal.refused' }])
    // The log is not told who the customer of somebody else's ticket is.
    const isTheirs = ['T-5', 'T-6'].includes('number' in because ? because.number : '')
    expect(at.desk.logged[0].customers).toHaveLength(
      isTheirs ? 1 : because.kind === 'ticket' && because.number === 'T-1' ? 1 : 0,
    )
    expect(at.desk.calls).not.toContain('values')
  })

  it('lets the ticket say who it is about', async () => {
    const because = { kind: 'ticket', number: 'T-1', customer: 'c-1' } as const
    expect((await ask({ because })).customer).toBe('c-1')
  })
})
