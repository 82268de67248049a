/** A reply's whole way: written at the console's API, sent by the running desk, shown as sent. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openMailbox } from '../../../simulate/guarded/mailbox.ts'
import { startWholeDesk } from './whole.ts'

let desk: Awaited<ReturnType<typeof startWholeDesk>>
let mailbox: Awaited<ReturnType<typeof openMailbox>>
const codes: string[] = []
const replies: { to: string; subject: string }[] = []
beforeAll(async () => {
  mailbox = await openMailbox({
    onCode: (to) => codes.push(to),
    onReply: (to, subject) => replies.push({ to, subject }),
  })
  desk = await startWholeDesk({
    codes: {
      mail: { host: '127.0.0.1', port: mailbox.port, tls: 'none', from: 'support@desk.example' },
      textMessages: null,
      organisation: 'Example',
      reportUrl: null,
    },
  })
})
afterAll(async () => {
  await desk.close()
  await mailbox.close()
})

describe('a reply', () => {
  it('is sent by the desk soon after it was written, and shown as sent; a code is none', async () => {
    const mika = await desk.signIn('mika')
    const { number } = (await mika.call('POST', '/queue/next', {})).body
    const topic = '請求が二重です'
    await desk.db
      .updateTable('support.tickets')
      .set({ topic })
      .where('number', '=', number)
      .execute()
    const path = `/tickets/${number}`
    expect((await mika.call('GET', path)).body.mayWrite).toEqual(['out', 'note'])
    expect((await mika.call('POST', `${path}/code`, { field: 'mail' })).status).toBe(200)
    const body = 'Your reference is 123 456.'
    const written = await mika.call('POST', `${path}/messages`, { direction: 'out', body })
    expect(written.status).toBe(204)
    await vi.waitFor(() => expect(replies).toHaveLength(1), { timeout: 20_000, interval: 50 })
    const { mail } = await desk.db
      .selectFrom('support.customers as c')
      .innerJoin('support.tickets as t', 't.customer', 'c.key')
      .select('c.mail')
      .where('t.number', '=', number)
      .executeTakeFirstOrThrow()
    expect(replies).toEqual([{ to: mail, subject: `${topic} [${number}]` }])
    expect(codes).toEqual([mail])
    const conversation = async () =>
      (await mika.call('GET', path)).body.released.conversation.at(-1)
    await vi.waitFor(
      async () => expect(await conversation()).toMatchObject({ body, delivery: 'sent' }),
      { timeout: 20_000, interval: 200 },
    )
    expect(desk.lines.lines.join('\n')).not.toContain(mail)
  })

  it('waits for the desk where it was written as the desk ended', async () => {
    const mika = await desk.signIn('mika')
    const { number } = (await mika.call('POST', '/queue/next', {})).body
    await desk.stop()
    await desk.db
      .insertInto('support.messages')
      .values({ ticket: number, at_ms: 1, direction: 'out', body: 'hello' })
      .execute()
    await desk.db
      .insertInto('telltale.outbox')
      .columns(['message', 'agent', 'state', 'queued_at_ms', 'next_at_ms', 'message_id_header'])
      .expression((eb) =>
        eb
          .selectFrom('support.messages')
          .select(({ val, ref }) => [
            ref('id').as('message'),
            val('mika').as('agent'),
            val('queued').as('state'),
            val(1).as('queued_at_ms'),
            val(1).as('next_at_ms'),
            val('<1@desk.example>').as('message_id_header'),
          ])
          .where('body', '=', 'hello'),
      )
      .execute()
    const before = replies.length
    const again = await desk.again()
    await vi.waitFor(() => expect(replies).toHaveLength(before + 1), { timeout: 20_000 })
    await again.close()
    const { state } = await desk.db
      .selectFrom('telltale.outbox')
      .select('state')
      .where('message_id_header', '=', '<1@desk.example>')
      .executeTakeFirstOrThrow()
    expect(state).toBe('sent')
  })
})

describe('a desk without a mail server', () => {
  it('says so beforehand and refuses to pretend', async () => {
    const other = await startWholeDesk()
    try {
      const mika = await other.signIn('mika')
      const { number } = (await mika.call('POST', '/queue/next', {})).body
      expect((await mika.call('GET', `/tickets/${number}`)).body.mayWrite).toEqual(['note'])
      const said = { direction: 'out', body: 'hello' }
      const refused = await mika.call('POST', `/tickets/${number}/messages`, said)
      expect(refused).toMatchObject({ status: 409, body: { code: 'MESSAGES_UNAVAILABLE' } })
    } finally {
      await other.close()
    }
  })
})
