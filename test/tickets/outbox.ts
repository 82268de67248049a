/** Replies of a test's desk, to a mail server on this machine. */
import type { SMTPServerOptions } from 'smtp-server'
import { createOutboxStore } from '../../src/store/outbox.ts'
import { createOutbox } from '../../src/tickets/outbox.ts'
import { senderAt } from '../mail/sender.ts'
import { openSink } from '../mail/sink.ts'
import { type Desk, openDesk } from './desk.ts'

/** A desk with an agent `ann`, whose ticket is `T-1`, and what is in its outbox. */
export async function openWriting() {
  const desk = await openDesk()
  const ann = await desk.agent('ann')
  await desk.ticket('T-1', { assignee: 'ann' })
  const closing: (() => unknown)[] = []
  const outboxAt = (port: number) => {
    const sender = senderAt(port)
    closing.push(() => sender.close())
    const { source, now } = desk
    return createOutbox({ store: createOutboxStore(desk.db), source, sender, now })
  }
  return {
    desk,
    ann,
    /** What is closed before the desk, the last first. */
    closing,
    outboxAt,
    /** A mail server, and an outbox that hands to it. */
    mailServer: async (options: SMTPServerOptions = {}) => {
      const sink = await openSink(options)
      closing.push(sink.close)
      return { sink, outbox: outboxAt(sink.port) }
    },
    write: (body: string, number = 'T-1') => desk.tickets.write(ann, number, 'out', body),
    rows: () => desk.db.selectFrom('telltale.outbox').selectAll().orderBy('message').execute(),
    deliveries: (number = 'T-1') => deliveriesOf(desk, number),
    close: async () => {
      for (const close of closing.splice(0).reverse()) await close()
      await desk.close()
    },
  }
}

async function deliveriesOf({ source }: Desk, number: string) {
  return (await source.conversation(number, 50)).map(({ delivery }) => delivery)
}
