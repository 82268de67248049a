import { describe, expect, it } from 'vitest'
import { TelltaleError } from '../../src/base/errors.ts'
import type { ReleaseRequest } from '../../src/disclosure/ports.ts'
import type { Port } from './desk.ts'
import { ask as askAt, kimsDesk, setTicket as setTicketAt } from './kim.ts'
import { NOW_MS } from './rows.ts'

const at = kimsDesk()
const ask = (change: Partial<ReleaseRequest> = {}) => askAt(at, change)
const reveal = (...fields: string[]) => ask({ act: 'reveal', fields })
const setTicket = (change: Record<string, unknown>) => setTicketAt(at, change)

describe('the order', () => {
  it('is facts, budget, values, log, facts', async () => {
    await reveal('phone')
    expect(at.desk.calls).toEqual(['facts', 'charge', 'values', 'record', 'facts'])
  })

  it.each<[Port, number]>([
    ['facts', 1],
    ['facts', 2],
    ['charge', 1],
    ['values', 1],
    ['conversation', 1],
    ['record', 1],
  ])('shows nothing where %s fails at call %d', async (port, nth) => {
    const error = new TelltaleError('STORE_UNAVAILABLE', { reason: 'test' })
    at.desk.before(port, nth, () => {
      throw error
    })
    await expect(ask()).rejects.toBe(error)
    const isRecorded = port === 'facts' && nth === 2
    expect(at.desk.logged).toHaveLength(isRecorded ? 1 : 0)
  })

  it('shows nothing where the log takes nothing', async () => {
    at.desk.before('record', 1, () => {
      throw new TelltaleError('LOG_UNWRITABLE', { reason: 'ENOSPC' })
    })
    await expect(reveal('phone')).rejects.toMatchObject({ code: 'LOG_UNWRITABLE' })
    expect(at.desk.shown).toEqual([])
  })

  it('refuses nothing unlogged: where a refusal cannot be recorded, that is what is told', async () => {
    at.desk.before('decide', 1, () => {
      throw new TelltaleError('LOG_UNWRITABLE', { reason: 'ENOSPC' })
    })
    await expect(reveal('payment')).rejects.toMatchObject({ code: 'LOG_UNWRITABLE' })
  })

  const MEANWHILE: Record<string, [() => Promise<unknown>, string]> = {
    'the session ended': [
      () => at.desk.db.updateTable('telltale.sessions').set({ ended_at_ms: NOW_MS }).execute(),
      'SESSION_ENDED',
    ],
    'the agent was suspended': [
      () =>
        at.desk.db
          .updateTable('telltale.agents')
          .set({ status: 'suspended' })
          .where('id', '=', 'kim')
          .execute(),
      'SESSION_ENDED',
    ],
    'the ticket went to somebody else': [() => setTicket({ assignee: 'lee' }), 'PURPOSE_ENDED'],
    'the ticket was closed': [() => setTicket({ state: 'closed' }), 'PURPOSE_ENDED'],
    'the ticket became another customer’s': [() => setTicket({ customer: 'c-2' }), 'PURPOSE_ENDED'],
    'the ticket was taken back by the agent': [
      () => setTicket({ assigned_kind: 'agent', assigned_agent: 'kim' }),
      'PURPOSE_ENDED',
    ],
  }
  it.each(Object.keys(MEANWHILE))(
    'shows nothing where, while the log was written, %s',
    async (what) => {
      const [happen, code] = MEANWHILE[what]
      at.desk.before('facts', 2, happen)
      await expect(reveal('phone')).rejects.toMatchObject({ code })
      // The entry stays: it names at least what was shown.
      expect(at.desk.logged).toMatchObject([{ customers: ['c-1'], fields: ['phone'] }])
    },
  )

  it('shows nothing of a customer who is no more', async () => {
    await at.desk.addCustomer('c-gone')
    await at.desk.addTicket('T-9', 'c-gone', { assignee: 'kim' })
    at.desk.before('values', 1, async () => {
      await at.desk.db.deleteFrom('support.tickets').where('number', '=', 'T-9').execute()
      await at.desk.db.deleteFrom('support.customers').where('key', '=', 'c-gone').execute()
    })
    await expect(ask({ because: { kind: 'ticket', number: 'T-9' } })).rejects.toMatchObject({
      code: 'PURPOSE_ENDED',
    })
    expect(at.desk.logged).toEqual([])
  })
})
