import { text } from 'node:stream/consumers'
import { sql } from 'kysely'
import type { SMTPServerOptions } from 'smtp-server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { REPLY_RETRY_MS } from '../../src/base/ticket-limits.ts'
import { createOwnInbound } from '../../src/store/inbound.ts'
import { createInbound } from '../../src/tickets/inbound.ts'
import { readMail } from '../mail/sink.ts'
import { hook } from './hook.ts'
import { openWriting } from './outbox.ts'

let writing: Awaited<ReturnType<typeof openWriting>>
beforeEach(async () => {
  writing = await openWriting()
})
afterEach(() => writing.close())

const refusing = (responseCode: number, tries = Number.POSITIVE_INFINITY): SMTPServerOptions => {
  let left = tries
  return {
    onRcptTo: ({ address }, _session, done) =>
      left-- > 0 ? done(Object.assign(new Error(`not <${address}>`), { responseCode })) : done(),
  }
}

describe('a reply', () => {
  it('reaches the customer, as one mail from the organisation, whose address nobody is shown', async () => {
    const { ann, deliveries, desk, mailServer, rows, write } = writing
    const { sink, outbox } = await mailServer()
    await write('Dear Aiko,\n\n.\nit is on its way. 小包\n')
    expect(await deliveries()).toEqual(['queued'])
    expect(await outbox.run()).toBe(1)
    expect(await outbox.run()).toBe(0)
    expect(sink.mails).toHaveLength(1)
    const [{ from, to, source }] = sink.mails
    expect([from, to]).toEqual(['support@nordlicht.example', ['c1@customer.example']])
    const { header, body } = readMail(source)
    expect(header.get('subject')).toBe('a topic [T-1]')
    expect(header.get('from')).toBe('Nordlicht <support@nordlicht.example>')
    expect(header.get('content-type')).toMatch(/^text\/plain; charset=utf-8/)
    expect(header.has('auto-submitted')).toBe(false)
    expect(header.has('in-reply-to')).toBe(false)
    expect(body.replaceAll('\r\n', '\n').trim()).toBe('Dear Aiko,\n\n.\nit is on its way. 小包')
    const [row] = await rows()
    expect(header.get('message-id')).toBe(row.message_id_header)
    expect(row).toMatchObject({ state: 'sent', attempts: 1, last_error_class: null })
    expect(await deliveries()).toEqual(['sent'])
    const page = await desk.tickets.page(ann, 'T-1')
    expect(page.released.conversation).toMatchObject([{ delivery: 'sent' }])
    expect(JSON.stringify([page, await rows(), desk.log.decisions])).not.toContain('c1@customer')
  })

  it('is shown beside what the customer wrote, and what we wrote before', async () => {
    const { desk, mailServer, write } = writing
    const { sink, outbox } = await mailServer()
    const { take } = createInbound(createOwnInbound(desk.db), desk.now)
    const mailId = '<abc.1@mail.customer.example>'
    await take(hook('contact.inbound', { text: 'where is it?', mailId }))
    await write('on its way')
    await outbox.run()
    await write('it has arrived')
    await outbox.run()
    const headers = sink.mails.map(({ source }) => readMail(source).header)
    const first = headers[0].get('message-id')
    expect(headers.map((one) => one.get('in-reply-to'))).toEqual([mailId, mailId])
    expect(headers.map((one) => one.get('references'))).toEqual([mailId, `${mailId} ${first}`])
    expect(headers[1].get('subject')).toBe('Re: a topic [T-1]')
  })

  it('goes by the number of the ticket that its own went into', async () => {
    const { ann, desk, mailServer, write } = writing
    const { sink, outbox } = await mailServer()
    await desk.ticket('T-2', { assignee: 'ann' })
    await write('hello')
    await desk.tickets.merge(ann, 'T-1', 'T-2')
    await outbox.run()
    expect(readMail(sink.mails[0].source).header.get('subject')).toBe('a topic [T-2]')
  })

  it('is told to whoever has the ticket then', async () => {
    const { desk, mailServer, write } = writing
    const { outbox } = await mailServer()
    await write('hello')
    await sql`delete from telltale.events`.execute(desk.db)
    await outbox.run()
    const told = await desk.db.selectFrom('telltale.events').select(['kind', 'agent']).execute()
    expect(told).toEqual([{ kind: 'ticket', agent: 'ann' }])
  })

  it('is sent once, however many desks send', async () => {
    const { mailServer, outboxAt, write } = writing
    const { sink, outbox } = await mailServer()
    for (let i = 0; i < 6; i++) await write(`reply ${i}`)
    const others = [outboxAt(sink.port), outboxAt(sink.port)]
    const tried = await Promise.all([outbox, ...others].map((one) => one.run()))
    expect(tried.reduce((sum, one) => sum + one)).toBe(6)
    const bodies = sink.mails.map(({ source }) => readMail(source).body.trim()).sort()
    expect(bodies).toEqual(Array.from({ length: 6 }, (_, i) => `reply ${i}`))
  })

  it('is no note, and no record of a call', async () => {
    const { ann, deliveries, desk, rows } = writing
    await desk.tickets.write(ann, 'T-1', 'note', 'just for us')
    await desk.tickets.call(ann, 'T-1', 'phone')
    expect(await rows()).toEqual([])
    expect(await deliveries()).toEqual([null, null])
  })

  it('has its place in the outbox only if it is kept, and is kept only with its place', async () => {
    const { deliveries, desk, write } = writing
    await sql`alter table telltale.outbox add constraint none check (false)`.execute(desk.db)
    await expect(write('hello')).rejects.toThrow('a constraint does not hold')
    expect(await deliveries()).toEqual([])
  })
})

describe('a mail server', () => {
  it('that is down is tried again, later each time, and then the reply has failed', async () => {
    const { ann, deliveries, desk, outboxAt, rows, write } = writing
    const outbox = outboxAt(9)
    await write('hello')
    for (const waitMs of REPLY_RETRY_MS) {
      expect(await outbox.run()).toBe(1)
      const [row] = await rows()
      expect(row).toMatchObject({ state: 'queued', last_error_class: 'ESOCKET' })
      expect(row.next_at_ms).toBe(desk.now() + waitMs)
      desk.clock.ms += waitMs - 1
      expect(await outbox.run()).toBe(0)
      desk.clock.ms += 1
    }
    expect(await outbox.run()).toBe(1)
    expect(await deliveries()).toEqual(['failed'])
    desk.clock.ms += 365 * 24 * 3_600_000
    expect(await outbox.run()).toBe(0)
    await desk.tickets.close(ann, 'T-1')
    expect(desk.log.last()).toMatchObject({ detail: 'closed without contact' })
  })

  it.each([450, 451, 421])('that says %s takes it later, as the same mail', async (status) => {
    const { desk, mailServer, rows, write } = writing
    const { sink, outbox } = await mailServer(refusing(status, 1))
    await write('hello')
    await outbox.run()
    expect(await rows()).toMatchObject([{ state: 'queued' }])
    desk.clock.ms += REPLY_RETRY_MS[0]
    await outbox.run()
    const [row] = await rows()
    expect(row).toMatchObject({ state: 'sent', attempts: 2, last_error_class: null })
    expect(readMail(sink.mails[0].source).header.get('message-id')).toBe(row.message_id_header)
  })

  it.each([550, 554])(
    'that says %s is not asked again, nor is what it said kept',
    async (status) => {
      const { mailServer, rows, write } = writing
      const { outbox } = await mailServer(refusing(status))
      await write('hello')
      expect(await outbox.run()).toBe(1)
      expect(await rows()).toMatchObject([
        { state: 'failed', attempts: 1, last_error_class: `EENVELOPE ${status}` },
      ])
      expect(JSON.stringify(await rows())).not.toContain('customer.example')
    },
  )

  it('that refuses the text refuses it for good, and one that refuses us does not', async () => {
    const { desk, mailServer, rows, write } = writing
    const refuse = (responseCode: number): SMTPServerOptions => ({
      onData: (stream, _session, done) => {
        text(stream).then(() => done(Object.assign(new Error('no'), { responseCode })), done)
      },
    })
    await write('hello')
    const busy = await mailServer(refuse(452))
    await busy.outbox.run()
    expect(await rows()).toMatchObject([{ state: 'queued', last_error_class: 'EMESSAGE 452' }])
    desk.clock.ms += REPLY_RETRY_MS[0]
    const closed = await mailServer({
      onConnect: (_session, done) => done(Object.assign(new Error('no'), { responseCode: 554 })),
    })
    await closed.outbox.run()
    expect(await rows()).toMatchObject([{ state: 'queued', attempts: 2 }])
    desk.clock.ms += REPLY_RETRY_MS[1]
    const strict = await mailServer(refuse(554))
    await strict.outbox.run()
    expect(await rows()).toMatchObject([{ state: 'failed', last_error_class: 'EMESSAGE 554' }])
  })

  it('is not asked for a customer whose address is gone, or is two', async () => {
    const { deliveries, desk, mailServer, rows, write } = writing
    const { sink, outbox } = await mailServer()
    for (const mail of [null, 'a@customer.example, eve@home.example']) {
      await desk.db.updateTable('support.customers').set({ mail: 'c1@customer.example' }).execute()
      await write('hello')
      await desk.db.updateTable('support.customers').set({ mail }).execute()
      await outbox.run()
    }
    expect((await rows()).map((row) => row.last_error_class)).toEqual(['NO_ADDRESS', 'NO_ADDRESS'])
    expect(await deliveries()).toEqual(['failed', 'failed'])
    expect(sink.mails).toEqual([])
  })
})
