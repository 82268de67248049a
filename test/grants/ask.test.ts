import { describe, expect, it } from 'vitest'
import { TelltaleError } from '../../src/base/errors.ts'
import type { Ask } from '../../src/grants/ports.ts'
import { HOUR_MS, NOW_MS } from '../disclosure/rows.ts'
import { asked, exceptions, stale, yes } from './exceptions.ts'

const at = exceptions()
const ask = (change: Partial<Ask> = {}, caller = at.who.kim) => at.grants.ask(caller, asked(change))
const rows = () => at.desk.db.selectFrom('telltale.grants').selectAll().execute()

describe('asking', () => {
  it('is in the log with reason, customers and text, before it waits for anybody', async () => {
    const request = asked({ tickets: ['T-2', 'T-1'], fields: ['phone', 'mail'] })
    at.desk.before('decide', 1, async () => expect(await rows()).toEqual([]))
    const grant = await at.grants.ask(at.who.kim, request)
    expect(grant).toMatchObject({
      agent: 'kim',
      agentName: 'Name of kim',
      state: 'asked',
      customerCount: 2,
      liveFromMs: null,
    })
    expect(JSON.stringify(grant)).not.toContain('c-1')
    expect(at.desk.logged).toEqual([
      {
        act: 'grant.asked',
        agent: 'kim',
        atMs: NOW_MS,
        customers: ['c-1', 'c-2'],
        detail: 'see, callback-promised, 60 min: phone mail',
        reason: request.text,
        reference: grant.id,
        session: 'session-kim',
        subject: null,
        writer: null,
      },
    ])
    // In the order of the request, which numbers them.
    expect((await rows())[0].customers).toEqual(['c-2', 'c-1'])
  })

  it('is nothing where the log takes nothing', async () => {
    at.desk.before('decide', 1, () => {
      throw new TelltaleError('LOG_UNWRITABLE', { reason: 'ENOSPC' })
    })
    await expect(ask()).rejects.toMatchObject({ code: 'LOG_UNWRITABLE' })
    expect(await rows()).toEqual([])
    expect(await at.desk.db.selectFrom('telltale.events').selectAll().execute()).toEqual([])
  })

  it('tells leads and the agent, without a word of what it is about', async () => {
    const { id } = await ask()
    const events = await at.desk.db.selectFrom('telltale.events').selectAll().execute()
    expect(events.map(({ kind, agent, payload }) => [kind, agent, payload])).toEqual([
      ['grant', 'kim', { session: null, ticket: null, grant: id }],
      ['request', null, { session: null, ticket: null, grant: id }],
    ])
  })

  it('takes a customer from a handle of this session, and of no other', async () => {
    const handle = at.handle(at.who.kim, 'c-3')
    await ask({ tickets: [], handles: [handle] })
    expect((await rows())[0].customers).toEqual(['c-3'])
    await expect(ask({ tickets: [], handles: [handle] }, at.who.bo)).rejects.toMatchObject({
      code: 'HANDLE_ENDED',
    })
    await expect(ask({ tickets: [], handles: ['c-3'] })).rejects.toMatchObject({
      code: 'HANDLE_ENDED',
    })
  })

  it.each<[string, Partial<Ask>, string]>([
    ['a dot', { text: '.' }, 'GRANT_INVALID'],
    ['nothing', { text: ' '.repeat(40) }, 'GRANT_INVALID'],
    ['dots and numbers', { text: '1234 5678 9012 3456 7890 ... a b c' }, 'GRANT_INVALID'],
    ['one word again and again', { text: 'please '.repeat(9) }, 'GRANT_INVALID'],
    ['a novel', { text: 'many words say much '.repeat(200) }, 'GRANT_INVALID'],
    [
      'what cannot be seen',
      { text: 'They asked us \u202ekcab llac to\u202c please' },
      'GRANT_INVALID',
    ],
    ['a lone surrogate', { text: 'They asked us to call back \ud800' }, 'GRANT_INVALID'],
    ['a control character', { text: 'They asked us to call back \u0007' }, 'GRANT_INVALID'],
    ['no customer', { tickets: [] }, 'GRANT_INVALID'],
    ['a ticket that there is not', { tickets: ['T-404'] }, 'TICKET_UNKNOWN'],
    ['about a ticket that there is not', { ticket: 'T-404' }, 'TICKET_UNKNOWN'],
    ['eleven customers', { tickets: Array(11).fill('T-1') }, 'GRANT_INVALID'],
    ['no field', { fields: [] }, 'GRANT_INVALID'],
    ['a field that there is not', { fields: ['phone', 'password'] }, 'GRANT_INVALID'],
    ['the conversation', { fields: ['conversation'] }, 'GRANT_INVALID'],
    ['a day', { minutes: 1440 }, 'GRANT_INVALID'],
    ['no time', { minutes: 0 }, 'GRANT_INVALID'],
    ['half a minute', { minutes: 0.5 }, 'GRANT_INVALID'],
    ['a reason of one’s own', { reason: 'because' as never }, 'GRANT_INVALID'],
    [
      'a budget without end',
      { kind: 'budget', tickets: [], fields: [], extra: 9999 },
      'GRANT_INVALID',
    ],
    ['a budget of customers', { kind: 'budget', fields: [], extra: 5 }, 'GRANT_INVALID'],
    ['an emergency to export', { kind: 'export', emergency: true }, 'GRANT_INVALID'],
    [
      '1,001 customers to export',
      { kind: 'export', tickets: Array(1001).fill('T-1') },
      'GRANT_INVALID',
    ],
  ])('for %s is refused', async (_, change, code) => {
    await expect(ask(change)).rejects.toMatchObject({ code })
    expect(await rows()).toEqual([])
    // To ask about a ticket that there is not is a search that missed.
    const acts = at.desk.logged.map((one) => 'act' in one && one.act)
    expect(acts).toEqual(code === 'TICKET_UNKNOWN' ? ['search.missed'] : [])
  })

  it.each([
    '昨日のお客様に折り返しの電話をすると約束しました。番号が必要です。',
    'Мы обещали клиенту перезвонить сегодня вечером.',
    'وعدنا العميل بمعاودة الاتصال به هذا المساء',
  ])('says something in any language: %s', async (text) => {
    expect((await ask({ text })).text).toBe(text)
  })

  it('takes no text twice, nor with other numbers and signs', async () => {
    const text = 'We promised them a call back today, case 17'
    await ask({ text })
    const again = 'we promised them: a call back, today! case 18'
    await expect(ask({ text: again })).rejects.toMatchObject({ code: 'GRANT_INVALID' })
    expect((await ask({ text }, at.who.bo)).state).toBe('asked')
  })

  it('has five requests of a person wait at most, also when they are sent at once', async () => {
    const all = await Promise.allSettled(Array.from({ length: 12 }, () => ask()))
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
    await expect(ask()).rejects.toMatchObject({ code: 'GRANT_LIMIT' })
    expect(at.desk.logged).toHaveLength(5)
    // One that nobody decided on for a day waits no more.
    at.desk.clock.nowMs = NOW_MS + 24 * HOUR_MS
    await at.desk.db
      .updateTable('telltale.sessions')
      .set({ seen_at_ms: at.desk.clock.nowMs, expires_at_ms: at.desk.clock.nowMs + HOUR_MS })
      .execute()
    expect((await ask()).state).toBe('asked')
    await at.desk.db
      .updateTable('telltale.sessions')
      .set({ expires_at_ms: NOW_MS + 8 * HOUR_MS })
      .execute()
  })

  it('counts both accounts of a person together', async () => {
    const kim2 = await at.desk.addAgent('kim-2', { person: 'kim' })
    for (const caller of [at.who.kim, kim2, at.who.kim, kim2, kim2]) await ask({}, caller)
    await expect(ask()).rejects.toMatchObject({ code: 'GRANT_LIMIT' })
  })

  it('is for those at the desk, who have somebody above them', async () => {
    expect((await ask({}, at.who.lou)).state).toBe('asked')
    await expect(ask({}, at.who.ola)).rejects.toMatchObject({ code: 'GRANT_INVALID' })
    const admin = await at.desk.addAgent('adm', { roles: ['agent', 'admin'] })
    await expect(ask({}, admin)).rejects.toMatchObject({ code: 'GRANT_INVALID' })
    // The agent account of somebody who is an officer by another one.
    const side = await at.desk.addAgent('oki-2', { person: 'oki' })
    await expect(ask({}, side)).rejects.toMatchObject({ code: 'GRANT_INVALID' })
  })

  it('takes a session that stands', async () => {
    await at.desk.db.updateTable('telltale.sessions').set({ ended_at_ms: NOW_MS }).execute()
    await expect(ask()).rejects.toMatchObject({ code: 'SESSION_ENDED' })
  })
})

describe('an emergency', () => {
  const emergency = (change: Partial<Ask> = {}, caller = at.who.kim) =>
    ask({ emergency: true, reason: 'safety', ...change }, caller)

  it('is used at once, is in the log as what it is, and waits for an officer', async () => {
    const grant = await emergency()
    expect(grant).toMatchObject({ state: 'approved', decidedBy: null, liveFromMs: NOW_MS })
    expect(at.desk.logged).toMatchObject([{ act: 'grant.emergency', customers: ['c-1'] }])
    const { fields, purpose } = await at.grants.reveal(at.who.kim, grant.id, 0, ['phone'])
    expect([fields[0].view, purpose.grade]).toEqual(['clear', 'self'])
    const waits = (who: 'ola' | 'lea') => at.grants.requests(at.who[who], null)
    expect((await waits('ola')).requests.map(({ id, blocked }) => [id, blocked])).toEqual([
      [grant.id, null],
    ])
    expect((await waits('lea')).requests).toEqual([])
    // Ending it does not end the review.
    await at.grants.end(at.who.kim, grant.id)
    expect((await waits('ola')).requests).toHaveLength(1)
    at.desk.clock.nowMs = NOW_MS + 100 * 24 * HOUR_MS
    expect((await waits('ola')).requests).toHaveLength(1)
    at.desk.clock.nowMs = NOW_MS
    await at.grants.review(at.who.ola, grant.id, 'fine', '')
    expect((await waits('ola')).requests).toEqual([])
  })

  it('takes a fresh sign-in', async () => {
    await expect(emergency({}, stale(at.who.kim))).rejects.toMatchObject({ code: 'STEP_UP_NEEDED' })
    expect(await rows()).toEqual([])
  })

  it('is one at a time, also when several are sent at once, and three a day', async () => {
    const all = await Promise.allSettled([emergency(), emergency(), emergency()])
    const [first] = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await at.grants.end(at.who.kim, first.id)
    for (let i = 0; i < 2; i++) await at.grants.end(at.who.kim, (await emergency()).id)
    await expect(emergency()).rejects.toMatchObject({ code: 'GRANT_LIMIT' })
    expect((await emergency({}, at.who.bo)).state).toBe('approved')
  })

  it('is over when an officer finds it wrong, and nobody decides on it', async () => {
    const { id } = await emergency()
    await expect(yes(at, at.who.lea, { id })).rejects.toMatchObject({ code: 'GRANT_DECIDED' })
    const why = 'There was no danger in the ticket at all'
    const reviewed = await at.grants.review(at.who.ola, id, 'wrong', why)
    expect(reviewed).toMatchObject({ state: 'ended', review: 'wrong', reviewedBy: 'ola' })
    await expect(at.grants.reveal(at.who.kim, id, 0, ['phone'])).rejects.toMatchObject({
      code: 'PURPOSE_ENDED',
    })
  })
})
