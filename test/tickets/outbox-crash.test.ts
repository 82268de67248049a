import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { REPLY_LEASE_MS, REPLY_RETRY_MS } from '../../src/base/ticket-limits.ts'
import { createOutboxStore } from '../../src/store/outbox.ts'
import { readMail } from '../mail/sink.ts'
import { openWriting } from './outbox.ts'

let writing: Awaited<ReturnType<typeof openWriting>>
beforeEach(async () => {
  writing = await openWriting()
})
afterEach(() => writing.close())

describe('a desk that dies', () => {
  it('between sending and noting it sends that mail once more, as the same mail', async () => {
    const { closing, deliveries, desk, mailServer, outboxAt, rows, write } = writing
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
    const { desk, mailServer, rows, write } = writing
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
    const { desk, rows, write } = writing
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
