import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { sql } from 'kysely'
import type { SMTPServerOptions } from 'smtp-server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  REPLIES_PER_HOUR_MAX,
  REPLY_LEASE_MS,
  REPLY_RETRY_MS,
  SUBJECT_CHARS_MAX,
} from '../../src/base/ticket-limits.ts'
import type { Caller } from '../../src/guard/facts.ts'
import { createOwnInbound } from '../../src/store/inbound.ts'
import { createOutboxStore } from '../../src/store/outbox.ts'
import { createInbound } from '../../src/tickets/inbound.ts'
import { createOutbox } from '../../src/tickets/outbox.ts'
import { subjectOf } from '../../src/tickets/replies.ts'
import { openSink, readMail } from '../mail/sink.ts'
import { codeOf, type Desk, openDesk, START_MS } from './desk.ts'
import { hook } from './hook.ts'
import { senderAt } from './outbox.ts'

let desk: Desk
let ann: Caller
const closing: (() => unknown)[] = []
beforeEach(async () => {
  desk = await openDesk()
  ann = await desk.agent('ann')
  await desk.ticket('T-1', { assignee: 'ann' })
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await desk.close()
})

/** A mail server, and an outbox that hands to it. */
async function mailServer(options: SMTPServerOptions = {}) {
  const sink = await openSink(options)
  closing.push(sink.close)
  return { sink, outbox: outboxAt(sink.port) }
}

function outboxAt(port: number) {
  const sender = senderAt(port)
  closing.push(() => sender.close())
  const { source, now } = desk
  return createOutbox({ store: createOutboxStore(desk.db), source, sender, now })
}

const write = (body: string, number = 'T-1') => desk.tickets.write(ann, number, 'out', body)
const rows = () => desk.db.selectFrom('telltale.outbox').selectAll().orderBy('message').execute()
const deliveries = async (number = 'T-1') =>
  (await desk.source.conversation(number, 50)).map(({ delivery }) => delivery)
const refusing = (responseCode: number, tries = Number.POSITIVE_INFINITY): SMTPServerOptions => {
  let left = tries
  return {
    onRcptTo: ({ address }, _session, done) =>
      left-- > 0 ? done(Object.assign(new Error(`not <${address}>`), { responseCode })) : done(),
  }
}

describe('a reply', () => {
  it('reaches the customer, as one mail from the organisation, whose address nobody is shown', async () => {
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
    const { sink, outbox } = await mailServer()
    await desk.ticket('T-2', { assignee: 'ann' })
    await write('hello')
    await desk.tickets.merge(ann, 'T-1', 'T-2')
    await outbox.run()
    expect(readMail(sink.mails[0].source).header.get('subject')).toBe('a topic [T-2]')
  })

  it('is told to whoever has the ticket then', async () => {
    const { outbox } = await mailServer()
    await write('hello')
    await sql`delete from telltale.events`.execute(desk.db)
    await outbox.run()
    const told = await desk.db.selectFrom('telltale.events').select(['kind', 'agent']).execute()
    expect(told).toEqual([{ kind: 'ticket', agent: 'ann' }])
  })

  it('is sent once, however many desks send', async () => {
    const { sink, outbox } = await mailServer()
    for (let i = 0; i < 6; i++) await write(`reply ${i}`)
    const others = [outboxAt(sink.port), outboxAt(sink.port)]
    const tried = await Promise.all([outbox, ...others].map((one) => one.run()))
    expect(tried.reduce((sum, one) => sum + one)).toBe(6)
    const bodies = sink.mails.map(({ source }) => readMail(source).body.trim()).sort()
    expect(bodies).toEqual(Array.from({ length: 6 }, (_, i) => `reply ${i}`))
  })

  it('is no note, and no record of a call', async () => {
    await desk.tickets.write(ann, 'T-1', 'note', 'just for us')
    await desk.tickets.call(ann, 'T-1', 'phone')
    expect(await rows()).toEqual([])
    expect(await deliveries()).toEqual([null, null])
  })

  it('has its place in the outbox only if it is kept, and is kept only with its place', async () => {
    await sql`alter table telltale.outbox add constraint none check (false)`.execute(desk.db)
    await expect(write('hello')).rejects.toThrow('a constraint does not hold')
    expect(await deliveries()).toEqual([])
  })
})

describe('a mail server', () => {
  it('that is down is tried again, later each time, and then the reply has failed', async () => {
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

describe('a desk that dies', () => {
  it('between sending and noting it sends that mail once more, as the same mail', async () => {
    const holder = await desk.database.pool.connect()
    closing.push(() => holder.release(true))
    const taken: string[] = []
    const { sink } = await mailServer({
      // What the child would note waits for this lock, so that it dies after the server took the mail.
      onData: (stream, _session, done) => {
        text(stream)
          .then(async (source) => {
            if (taken.length === 0) {
              await holder.query('begin')
              await holder.query('select from telltale.outbox for update')
            }
            taken.push(readMail(source).header.get('message-id') ?? '')
          })
          .then(() => done(), done)
      },
    })
    await write('first')
    await write('second')
    const script = new URL('./outbox-child.ts', import.meta.url).pathname
    const args = [script, desk.database.url, String(sink.port), String(desk.now())]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
    const waits = sql<{ waits: boolean }>`select exists (select from pg_stat_activity
      where wait_event_type = 'Lock' and query like 'update%outbox%' and datname = current_database()) as waits`
    await vi.waitFor(async () => expect((await waits.execute(desk.db)).rows[0].waits).toBe(true), {
      timeout: 20_000,
      interval: 20,
    })
    child.kill('SIGKILL')
    await once(child, 'exit')
    await holder.query('rollback')
    expect(await rows()).toMatchObject([
      { state: 'queued', attempts: 1 },
      { state: 'queued', attempts: 0 },
    ])
    const outbox = outboxAt(sink.port)
    // Only the one that nobody has begun, until it is sure that nobody goes on with the other.
    expect(await outbox.run()).toBe(1)
    desk.clock.ms += REPLY_LEASE_MS
    expect(await outbox.run()).toBe(1)
    const [first, second] = (await rows()).map((row) => row.message_id_header)
    expect(taken).toEqual([first, second, first])
    expect(await deliveries()).toEqual(['sent', 'sent'])
  }, 40_000)

  it('in every attempt fails the reply, and tells', async () => {
    const { sink, outbox } = await mailServer()
    await write('hello')
    await desk.db
      .updateTable('telltale.outbox')
      .set({ attempts: REPLY_RETRY_MS.length + 1 })
      .execute()
    expect(await outbox.run()).toBe(0)
    expect(await rows()).toMatchObject([{ state: 'failed', last_error_class: 'INTERRUPTED' }])
    expect(sink.mails).toEqual([])
  })

  it('late does not undo what another noted', async () => {
    const store = createOutboxStore(desk.db)
    await write('hello')
    const slow = await store.take(desk.now())
    desk.clock.ms += REPLY_LEASE_MS
    const quick = await store.take(desk.now())
    expect([slow?.attempt, quick?.attempt]).toEqual([1, 2])
    if (slow === null || quick === null) throw new Error('both were due')
    await store.notSent(slow, 'LATE', null, desk.now())
    expect(await rows()).toMatchObject([{ state: 'queued', last_error_class: null }])
    await store.sent(slow.message, desk.now())
    await store.notSent(quick, 'REFUSED', null, desk.now())
    expect(await rows()).toMatchObject([{ state: 'sent' }])
  })
})

describe('who can be written to', () => {
  it('is said beforehand', async () => {
    expect((await desk.tickets.page(ann, 'T-1')).mayWrite).toEqual(['out', 'note'])
    await desk.customer('C9', { mail: null })
    await desk.ticket('T-9', { assignee: 'ann', customer: 'C9' })
    expect((await desk.tickets.page(ann, 'T-9')).mayWrite).toEqual(['note'])
    const guarded = desk.ticketsWith({ store: null })
    expect((await guarded.page(ann, 'T-1')).mayWrite).toEqual([])
  })

  it('is nobody without an address, nor without a mail server; notes can be written', async () => {
    await desk.customer('C9', { mail: 'no address' })
    await desk.ticket('T-9', { assignee: 'ann', customer: 'C9' })
    expect(await codeOf(write('hello', 'T-9'))).toBe('MESSAGES_UNAVAILABLE')
    await desk.tickets.write(ann, 'T-9', 'note', 'hello')
    const without = desk.ticketsWith({ replies: null })
    expect(await codeOf(without.write(ann, 'T-1', 'out', 'hello'))).toBe('MESSAGES_UNAVAILABLE')
    expect((await without.page(ann, 'T-1')).mayWrite).toEqual(['note'])
    await without.write(ann, 'T-1', 'note', 'hello')
    expect([await deliveries('T-9'), await deliveries()]).toEqual([[null], [null]])
    expect(await rows()).toEqual([])
  })

  it('is not told of tickets of others', async () => {
    const without = desk.ticketsWith({ replies: null })
    await desk.ticket('T-2')
    expect(await codeOf(without.write(ann, 'T-2', 'out', 'hello'))).toBe('TICKET_UNKNOWN')
    await desk.tickets.close(ann, 'T-1')
    expect(await codeOf(without.write(ann, 'T-1', 'out', 'hello'))).toBe('TICKET_CLOSED')
  })

  it('is no crowd: an hour has a limit, however many are written at once', async () => {
    await write('the first')
    await sql`
      with more as (
        insert into support.messages (ticket, at_ms, direction, body)
        select 'T-1', ${START_MS}::bigint, 'out', 'x' from generate_series(3, ${REPLIES_PER_HOUR_MAX}) returning id)
      insert into telltale.outbox (message, agent, state, queued_at_ms, next_at_ms, message_id_header)
      select id, 'ann', 'sent', ${START_MS}, 0, id::text from more`.execute(desk.db)
    const written = Array.from({ length: 4 }, () => codeOf(write('one more')))
    expect((await Promise.all(written)).sort()).toEqual([
      ...Array(3).fill('MESSAGES_TOO_MANY'),
      'done',
    ])
    expect(await rows()).toHaveLength(REPLIES_PER_HOUR_MAX)
    expect(await deliveries()).toHaveLength(50)
    desk.clock.ms += 3_600_000
    expect(await codeOf(write('one more'))).toBe('done')
  })
})

describe('the subject', () => {
  it.each([
    ['lost parcel', null, false, 'lost parcel [T-7]'],
    [null, null, false, 'Your request [T-7]'],
    [null, 'de-CH', true, 'Re: Ihr Anliegen [T-7]'],
    ['  ', 'ja', false, 'お問い合わせ [T-7]'],
    ['RE: parcel', 'de', true, 'RE: parcel [T-7]'],
    ['a\r\nBcc: eve@home.example\u2028\0\u202e', null, false, 'a Bcc: eve@home.example [T-7]'],
  ])('for %j in %s is %s', (topic, locale, isTheirs, subject) => {
    const earlier = isTheirs ? [{ mailId: '<a@b>', isTheirs }] : []
    expect(subjectOf({ ticket: 'T-7', topic, earlier }, locale)).toBe(subject)
  })

  it('is short, and ends with the number', () => {
    const subject = subjectOf({ ticket: 'T-7', topic: '長'.repeat(500), earlier: [] }, null)
    expect(subject).toMatch(/長 \[T-7\]$/)
    expect([...subject].length).toBeLessThanOrEqual(SUBJECT_CHARS_MAX)
  })
})

describe('whatever a topic or a text says', () => {
  const HEADERS = [
    'content-transfer-encoding',
    'content-type',
    'date',
    'from',
    'message-id',
    'mime-version',
    'subject',
    'to',
  ]
  const nasty = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '\r\n',
          '\n',
          '\r',
          '\r\n.\r\n',
          '\r\n\r\n',
          'Bcc: eve@home.example',
          '<',
          '>',
          '"',
        ),
        fc.constantFrom(
          '=?utf-8?Q?x=0D=0ABcc:_a@b?=',
          'RCPT TO:<eve@home.example>',
          '\u2028',
          '\0',
          '\u0085',
        ),
        fc.string({ unit: 'grapheme', maxLength: 90 }),
      ),
      { minLength: 1, maxLength: 8 },
    )
    .map((parts) => parts.join(''))

  it('is one mail to one person, with the headers that it always has', async () => {
    const sink = await openSink()
    const sender = senderAt(sink.port)
    closing.push(sink.close, () => sender.close())
    await fc.assert(
      fc.asyncProperty(nasty, nasty, nasty, async (topic, ticket, body) => {
        sink.mails.splice(0)
        const mailId = sender.newMailId()
        const subject = subjectOf({ ticket, topic, earlier: [] }, null)
        const mail = { to: 'c1@customer.example', subject, text: `x${body}`, mailId }
        await sender.send({ ...mail, inReplyTo: null, references: [] })
        expect(sink.mails).toHaveLength(1)
        const [{ to, source }] = sink.mails
        expect(to).toEqual(['c1@customer.example'])
        const { header } = readMail(source)
        expect([...header.keys()].sort()).toEqual(HEADERS)
        expect(header.get('message-id')).toBe(mailId)
      }),
      { numRuns: 60 },
    )
  })
})
