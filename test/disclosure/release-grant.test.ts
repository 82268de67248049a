import { describe, expect, it } from 'vitest'
import type { ReleaseRequest } from '../../src/disclosure/ports.ts'
import { ask as askAt, kimsDesk } from './kim.ts'
import { CUSTOMER, grantRow, NOW_MS } from './rows.ts'

const at = kimsDesk()
const ask = (change: Partial<ReleaseRequest> = {}) => askAt(at, change)
const refusedWith = (code: string) => expect.objectContaining({ code })

describe('by a grant', () => {
  const because = { kind: 'grant', id: 'g-1', customer: 'c-2' } as const
  const grant = (change: Record<string, unknown> = {}) =>
    at.desk.db.insertInto('telltale.grants').values(grantRow(change)).execute()
  const byGrant = (change: Partial<ReleaseRequest> = {}) =>
    ask({ because, act: 'reveal', fields: ['phone', 'payment'], ...change })

  it('its fields of its customers are shown clear, and recorded as such', async () => {
    await grant()
    const released = await byGrant()
    expect(released.fields.map(({ value }) => value)).toEqual([CUSTOMER.phone, CUSTOMER.payment])
    expect(at.desk.logged).toMatchObject([
      {
        purpose: 'grant',
        reference: 'g-1',
        grade: 'colleague',
        customers: ['c-2'],
        fields: ['payment', 'phone'],
      },
    ])
  })

  it('a look shows its references, and that the rest can be revealed', async () => {
    await grant()
    const { fields } = await byGrant({ act: 'look', fields: [] })
    expect(fields.map(({ field, view, onReveal }) => [field.name, view, onReveal])).toEqual([
      ['name', 'hidden', null],
      ['mail', 'hidden', null],
      ['phone', 'hidden', 'clear'],
      ['product', 'clear', null],
      ['notes', 'hidden', null],
      ['payment', 'hidden', 'clear'],
    ])
  })

  it('something sensitive takes a fresh sign-in', async () => {
    await grant()
    for (const stepUpAtMs of [null, NOW_MS - 5 * 60_000 - 1]) {
      const caller = { ...at.kim, session: { ...at.kim.session, stepUpAtMs } }
      await expect(byGrant({ caller })).rejects.toMatchObject({
        code: 'STEP_UP_NEEDED',
        details: { minutes: 5 },
      })
      expect((await byGrant({ caller, fields: ['phone'] })).fields).toHaveLength(1)
    }
  })

  it.each<[string, Record<string, unknown>, Partial<ReleaseRequest>, string]>([
    ['of somebody else', { agent: 'lee', person: 'lee' }, {}, 'GRANT_UNKNOWN'],
    ['that waits', { state: 'asked' }, {}, 'PURPOSE_ENDED'],
    ['that was denied', { state: 'denied' }, {}, 'PURPOSE_ENDED'],
    ['that ended', { state: 'ended' }, {}, 'PURPOSE_ENDED'],
    ['whose time is over', { live_until_ms: NOW_MS }, {}, 'PURPOSE_ENDED'],
    ['of another customer', {}, { because: { ...because, customer: 'c-1' } }, 'PURPOSE_ENDED'],
    ['of other fields', {}, { fields: ['mail'] }, 'REVEAL_REFUSED'],
    ['for a file', { kind: 'export' }, {}, 'REVEAL_REFUSED'],
    [
      'of a conversation',
      { fields: ['conversation'] },
      { fields: ['conversation'] },
      'REVEAL_REFUSED',
    ],
  ])('%s nothing is shown', async (_, change, request, code) => {
    await grant(change)
    await expect(byGrant(request)).rejects.toEqual(refusedWith(code))
    expect(at.desk.calls).not.toContain('values')
    expect(at.desk.logged).toMatchObject([{ act: 'reveal.refused' }])
  })

  it('that is ended while the log is written nothing is shown', async () => {
    await grant()
    at.desk.before('facts', 2, () =>
      at.desk.db.updateTable('telltale.grants').set({ state: 'ended' }).execute(),
    )
    await expect(byGrant()).rejects.toEqual(refusedWith('PURPOSE_ENDED'))
  })
})
