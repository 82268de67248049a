import fc from 'fast-check'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { REPLIES_PER_HOUR_MAX, SUBJECT_CHARS_MAX } from '../../src/base/ticket-limits.ts'
import { subjectOf } from '../../src/tickets/replies.ts'
import { senderAt } from '../mail/sender.ts'
import { openSink, readMail } from '../mail/sink.ts'
import { codeOf, START_MS } from './desk.ts'
import { openWriting } from './outbox.ts'

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
    sender.close()
    await sink.close()
  })
})

describe('who can be written to', () => {
  let writing: Awaited<ReturnType<typeof openWriting>>
  beforeEach(async () => {
    writing = await openWriting()
  })
  afterEach(() => writing.close())

  it('is said beforehand', async () => {
    const { ann, desk } = writing
    expect((await desk.tickets.page(ann, 'T-1')).mayWrite).toEqual(['out', 'note'])
    await desk.customer('C9', { mail: null })
    await desk.ticket('T-9', { assignee: 'ann', customer: 'C9' })
    expect((await desk.tickets.page(ann, 'T-9')).mayWrite).toEqual(['note'])
    const guarded = desk.ticketsWith({ store: null })
    expect((await guarded.page(ann, 'T-1')).mayWrite).toEqual([])
  })

  it('is nobody without an address, nor without a mail server; notes can be written', async () => {
    const { ann, deliveries, desk, rows, write } = writing
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
    const { ann, desk } = writing
    const without = desk.ticketsWith({ replies: null })
    await desk.ticket('T-2')
    expect(await codeOf(without.write(ann, 'T-2', 'out', 'hello'))).toBe('TICKET_UNKNOWN')
    await desk.tickets.close(ann, 'T-1')
    expect(await codeOf(without.write(ann, 'T-1', 'out', 'hello'))).toBe('TICKET_CLOSED')
  })

  it('is no crowd: an hour has a limit, however many are written at once', async () => {
    const { deliveries, desk, rows, write } = writing
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
