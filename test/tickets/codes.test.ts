import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CODE_ATTEMPTS_MAX, CODE_LIFE_MS, CODES_PER_HOUR_MAX } from '../../src/base/desk-limits.ts'
import {
  CODE_MISSES_PER_DAY_MAX,
  CODES_PER_AGENT_PER_HOUR_MAX,
} from '../../src/base/ticket-limits.ts'
import type { Caller } from '../../src/guard/facts.ts'
import { codeOf, DAY_MS, type Desk, MINUTE_MS, openDesk, viewsOf } from './desk.ts'

let desk: Desk
let eve: Caller
beforeEach(async () => {
  desk = await openDesk()
  eve = await desk.agent('eve')
  await desk.agent('bob')
})
afterEach(() => desk.close())

const HOUR_MS = 60 * MINUTE_MS
const lastCode = () => desk.sent[desk.sent.length - 1].code
const wrongCode = () => String((Number(lastCode()) + 1) % 1_000_000).padStart(6, '0')

/** A ticket that shows masks alone. */
async function selfTicket(number: string, customer = 'C1') {
  return desk.ticket(number, { customer, assignee: 'eve', by: ['agent', 'eve'] })
}

describe('a customer-present code', () => {
  it('goes to the contact on record, and lifts the grade once it is read back', async () => {
    await selfTicket('T-1')
    const { to, expiresAtMs } = await desk.codes.send(eve, 'T-1', 'mail')
    expect(to).toBe('c•••@c•••.example')
    expect(expiresAtMs).toBe(desk.now() + CODE_LIFE_MS)
    expect(desk.sent).toMatchObject([{ to: 'c1@customer.example', ticket: 'T-1' }])
    expect(lastCode()).toMatch(/^\d{6}$/)
    const before = await desk.tickets.page(eve, 'T-1')
    expect(before.code).toMatchObject({ attemptsLeft: CODE_ATTEMPTS_MAX })
    expect(before.codeTo).toEqual([
      { field: 'mail', masked: 'c•••@c•••.example' },
      { field: 'phone', masked: '+81 ••• ••78' },
    ])
    const [a, b] = [lastCode().slice(0, 3), lastCode().slice(3)]
    const purpose = await desk.codes.check(eve, 'T-1', ` ${a} ${b} `)
    expect(purpose).toMatchObject({ grade: 'customer', ended: null })
    const page = await desk.tickets.page(eve, 'T-1')
    expect(page.released.fields.find(({ field }) => field.name === 'mail')?.onReveal).toBe('clear')
    expect(page.code).toBeNull()
    expect(desk.log.acts()).toEqual(['code.sent', 'code.passed'])
    expect(desk.log.decisions).toMatchObject([
      { customers: ['C1'], reference: 'T-1', detail: 'to mail' },
      { customers: ['C1'], reference: 'T-1' },
    ])
  })

  it('is nowhere but in the message', async () => {
    await selfTicket('T-1')
    await desk.codes.send(eve, 'T-1', 'mail')
    const code = lastCode()
    const rows = await desk.db.selectFrom('telltale.codes').selectAll().execute()
    const hash = Buffer.from(rows[0].code_hash)
    expect(hash).toHaveLength(32)
    const kept = JSON.stringify([
      rows.map((row) => ({ ...row, code_hash: null })),
      desk.log.decisions,
    ])
    expect(kept).not.toContain(code)
    expect(kept).not.toContain('customer.example')
  })

  it('works once', async () => {
    await selfTicket('T-1')
    await desk.codes.send(eve, 'T-1', 'mail')
    const checks = Array.from({ length: 5 }, () => codeOf(desk.codes.check(eve, 'T-1', lastCode())))
    const outcomes = await Promise.all(checks)
    expect(outcomes.filter((one) => one === 'done')).toHaveLength(1)
    expect(outcomes.filter((one) => one === 'CODE_EXPIRED')).toHaveLength(4)
    expect(desk.log.acts().filter((act) => act === 'code.passed')).toHaveLength(1)
  })

  it('works once for two who had looked at it before either passed it', async () => {
    await selfTicket('T-1')
    await desk.codes.send(eve, 'T-1', 'mail')
    const { assigned_at_ms } = await desk.row('T-1')
    const of = { ticket: 'T-1', agent: 'eve', assignedAtMs: assigned_at_ms }
    const attempts = [
      await desk.codeStore.attempt(of, desk.now()),
      await desk.codeStore.attempt(of, desk.now()),
    ]
    const told = async () => {}
    const passed = attempts.map((one) => desk.codeStore.pass(one?.id ?? '', desk.now(), told))
    expect((await Promise.all(passed)).sort()).toEqual([false, true])
  })

  it('takes three attempts, however many come at once', async () => {
    await selfTicket('T-1')
    await desk.codes.send(eve, 'T-1', 'mail')
    const wrong = wrongCode()
    const checks = Array.from({ length: 12 }, () => codeOf(desk.codes.check(eve, 'T-1', wrong)))
    const outcomes = await Promise.all(checks)
    expect(outcomes.filter((one) => one === 'CODE_WRONG')).toHaveLength(CODE_ATTEMPTS_MAX)
    expect(outcomes.filter((one) => one === 'CODE_EXPIRED')).toHaveLength(12 - CODE_ATTEMPTS_MAX)
    expect(await codeOf(desk.codes.check(eve, 'T-1', lastCode()))).toBe('CODE_EXPIRED')
    expect(desk.log.acts().filter((act) => act === 'code.failed')).toHaveLength(CODE_ATTEMPTS_MAX)
  })

  it('uses up the attempt even where the log does not take it', async () => {
    await selfTicket('T-1')
    await desk.codes.send(eve, 'T-1', 'mail')
    desk.log.state.fails = true
    for (const code of [wrongCode(), lastCode(), wrongCode()]) {
      await expect(desk.codes.check(eve, 'T-1', code)).rejects.toThrow('the disk is full')
    }
    desk.log.state.fails = false
    expect(await codeOf(desk.codes.check(eve, 'T-1', lastCode()))).toBe('CODE_EXPIRED')
    expect((await desk.tickets.page(eve, 'T-1')).released.purpose.grade).toBe('self')
  })

  it.each(['', '12345', '1234567', '000000x', 'abcdef', '\0', 'null'])(
    'is not %j',
    async (text) => {
      await selfTicket('T-1')
      await desk.codes.send(eve, 'T-1', 'mail')
      expect(await codeOf(desk.codes.check(eve, 'T-1', text))).toBe('CODE_WRONG')
    },
  )

  it('expires after ten minutes', async () => {
    await selfTicket('T-1')
    await desk.codes.send(eve, 'T-1', 'mail')
    desk.clock.ms += CODE_LIFE_MS
    expect(await codeOf(desk.codes.check(eve, 'T-1', lastCode()))).toBe('CODE_EXPIRED')
  })

  it('is replaced by the next one', async () => {
    await selfTicket('T-1')
    await desk.codes.send(eve, 'T-1', 'mail')
    const first = lastCode()
    desk.clock.ms += MINUTE_MS
    await desk.codes.send(eve, 'T-1', 'mail')
    if (first !== lastCode()) {
      expect(await codeOf(desk.codes.check(eve, 'T-1', first))).toBe('CODE_WRONG')
    }
    expect(await codeOf(desk.codes.check(eve, 'T-1', lastCode()))).toBe('done')
  })

  it('is for the agent who sent it, the ticket and the assignment', async () => {
    await selfTicket('T-1')
    await selfTicket('T-2')
    await desk.codes.send(eve, 'T-1', 'mail')
    expect(await codeOf(desk.codes.check(eve, 'T-2', lastCode()))).toBe('CODE_EXPIRED')
    const ben = await desk.agent('ben')
    await desk.tickets.assign(eve, 'T-1', 'ben')
    expect(await codeOf(desk.codes.check(eve, 'T-1', lastCode()))).toBe('TICKET_UNKNOWN')
    expect(await codeOf(desk.codes.check(ben, 'T-1', lastCode()))).toBe('CODE_EXPIRED')
    await desk.tickets.assign(ben, 'T-1', 'eve')
    expect(await codeOf(desk.codes.check(eve, 'T-1', lastCode()))).toBe('CODE_EXPIRED')
  })

  it('that was passed on one assignment lifts no other', async () => {
    await selfTicket('T-1')
    await desk.codes.send(eve, 'T-1', 'mail')
    await desk.codes.check(eve, 'T-1', lastCode())
    await desk.tickets.close(eve, 'T-1')
    await desk.tickets.reopen(eve, 'T-1')
    const { released } = await desk.tickets.page(eve, 'T-1')
    expect(released.purpose.grade).toBe('self')
    expect(viewsOf(released)).toMatchObject({ mail: 'masked', notes: 'hidden' })
  })

  it('ends a long silence', async () => {
    await selfTicket('T-1')
    desk.clock.ms += 20 * DAY_MS
    expect(await codeOf(desk.tickets.page(eve, 'T-1'))).toBe('PURPOSE_ENDED')
    await desk.codes.send(eve, 'T-1', 'mail')
    expect(await desk.codes.check(eve, 'T-1', lastCode())).toMatchObject({ ended: null })
  })

  it('is sent for no closed ticket, and not where the log does not take it', async () => {
    await selfTicket('T-1')
    desk.log.state.fails = true
    await expect(desk.codes.send(eve, 'T-1', 'mail')).rejects.toThrow('the disk is full')
    desk.log.state.fails = false
    await desk.tickets.close(eve, 'T-1')
    expect(await codeOf(desk.codes.send(eve, 'T-1', 'mail'))).toBe('TICKET_CLOSED')
    expect(desk.sent).toEqual([])
    expect(await desk.db.selectFrom('telltale.codes').selectAll().execute()).toEqual([])
  })
})

describe('where a code goes', () => {
  it('is never what the agent says', async () => {
    await selfTicket('T-1')
    const fields = [
      'eve@home.example',
      'name',
      'payment',
      'address',
      'locale',
      '',
      'toString',
      '\0',
    ]
    for (const field of fields) {
      expect(await codeOf(desk.codes.send(eve, 'T-1', field))).toBe('CODE_NO_CONTACT')
    }
    expect(desk.sent).toEqual([])
    expect(desk.log.acts()).toEqual([])
  })

  it.each([
    ['a colleague', 'BOB@desk.example'],
    ['the agent, by another spelling', 'eve+customer@desk.example'],
    ['two people', 'c1@customer.example, eve@home.example'],
    ['somebody by name', 'Customer <eve@desk.example>'],
    ['a header', 'c1@customer.example\nBcc: eve@home.example'],
    ['nobody', ' '],
  ])('is not %s, whatever the record says', async (_whom, mail) => {
    await desk.customer('C9', { mail })
    await selfTicket('T-1', 'C9')
    expect(await codeOf(desk.codes.send(eve, 'T-1', 'mail'))).toBe('CODE_NO_CONTACT')
    expect(desk.sent).toEqual([])
  })

  it('is told where it failed, without the address, and the code is worth nothing', async () => {
    await selfTicket('T-1')
    desk.outside.sends = false
    const error = await desk.codes.send(eve, 'T-1', 'mail').catch((one) => one)
    expect(error).toMatchObject({ code: 'CODE_NOT_SENT', cause: { message: 'EENVELOPE' } })
    expect(`${error.stack}${error.cause.stack}`).not.toContain('customer.example')
    expect(await codeOf(desk.codes.check(eve, 'T-1', '000000'))).toBe('CODE_EXPIRED')
  })
})

describe('how many codes', () => {
  it('is three an hour for a ticket, exactly, however many are asked at once', async () => {
    await selfTicket('T-1')
    const asked = Array.from({ length: 10 }, () => codeOf(desk.codes.send(eve, 'T-1', 'mail')))
    const outcomes = await Promise.all(asked)
    expect(outcomes.filter((one) => one === 'done')).toHaveLength(CODES_PER_HOUR_MAX)
    expect(outcomes.filter((one) => one === 'CODE_TOO_MANY')).toHaveLength(10 - CODES_PER_HOUR_MAX)
    expect(desk.sent).toHaveLength(CODES_PER_HOUR_MAX)
    desk.clock.ms += HOUR_MS
    expect(await codeOf(desk.codes.send(eve, 'T-1', 'mail'))).toBe('done')
  })

  it('is three an hour for a customer, over tickets and agents', async () => {
    const bob = await desk.agent('ben')
    await selfTicket('T-1')
    await selfTicket('T-2')
    await desk.ticket('T-3', { assignee: 'ben' })
    const asked = [
      desk.codes.send(eve, 'T-1', 'mail'),
      desk.codes.send(eve, 'T-2', 'phone'),
      desk.codes.send(bob, 'T-3', 'mail'),
      desk.codes.send(eve, 'T-2', 'mail'),
      desk.codes.send(bob, 'T-3', 'phone'),
    ]
    const outcomes = await Promise.all(asked.map(codeOf))
    expect(outcomes.filter((one) => one === 'done')).toHaveLength(CODES_PER_HOUR_MAX)
  })

  it('is limited for an agent, over customers', async () => {
    for (let i = 0; i <= CODES_PER_AGENT_PER_HOUR_MAX; i++) await selfTicket(`T-${i}`, `K${i}`)
    const asked = Array.from({ length: CODES_PER_AGENT_PER_HOUR_MAX + 1 }, (_, i) =>
      codeOf(desk.codes.send(eve, `T-${i}`, 'mail')),
    )
    const outcomes = await Promise.all(asked)
    expect(outcomes.filter((one) => one === 'CODE_TOO_MANY')).toHaveLength(1)
    const refused = outcomes.indexOf('CODE_TOO_MANY')
    await expect(desk.codes.send(eve, `T-${refused}`, 'mail')).rejects.toMatchObject({
      details: { minutes: 60 },
    })
  })

  it('ends for who guesses, for a day', async () => {
    let wrong = 0
    for (let i = 0; wrong < CODE_MISSES_PER_DAY_MAX; i++) {
      await selfTicket(`T-${i}`, `K${i}`)
      await desk.codes.send(eve, `T-${i}`, 'mail')
      for (let attempt = 0; attempt < CODE_ATTEMPTS_MAX; attempt++, wrong++) {
        expect(await codeOf(desk.codes.check(eve, `T-${i}`, wrongCode()))).toBe('CODE_WRONG')
      }
    }
    await selfTicket('T-last', 'K-last')
    expect(await codeOf(desk.codes.send(eve, 'T-last', 'mail'))).toBe('CODE_TOO_MANY')
    desk.clock.ms += DAY_MS
    expect(await codeOf(desk.codes.send(eve, 'T-last', 'mail'))).toBe('done')
  })
})
