/** Sends what agents write to customers: docs/desk.md. The address is read for it, and shown to nobody. */
import { REPLY_RETRY_MS } from '../base/ticket-limits.ts'
import type { SourcePort } from '../disclosure/ports.ts'
import { mailboxOf, withoutValues } from './contacts.ts'
import type { ReplySender } from './ports.ts'
import { subjectOf } from './replies.ts'
import type { DueReply, OutboxStore } from './stores.ts'

/** What sending needs. */
export interface OutboxPorts {
  readonly store: OutboxStore
  readonly source: Pick<SourcePort, 'fields' | 'values'>
  readonly sender: Pick<ReplySender, 'send'>
  readonly now: () => number
}

/** Replies on their way to customers. */
export interface Outbox {
  /** Tries whatever is due, one after another, until `isOver`; answers how many. Throws what the store
   * throws: then a reply that was taken may be sent once more, as the same mail. */
  run(isOver?: () => boolean): Promise<number>
}

/** Sends through these. */
export function createOutbox({ store, source, sender, now }: OutboxPorts): Outbox {
  async function send(reply: DueReply): Promise<void> {
    const contact = await mailboxOf(source, reply.customer)
    if (contact === null) {
      throw Object.assign(new Error('no address'), { code: 'NO_ADDRESS', isFinal: true })
    }
    await sender.send({
      to: contact.value,
      subject: subjectOf(reply, contact.locale),
      text: reply.body,
      mailId: reply.mailId,
      inReplyTo:
        (reply.earlier.findLast(({ isTheirs }) => isTheirs) ?? reply.earlier.at(-1))?.mailId ??
        null,
      references: reply.earlier.map(({ mailId }) => mailId),
    })
  }

  async function attempt(reply: DueReply): Promise<void> {
    const failure = await send(reply).then(
      () => null,
      (error: unknown) => ({ error }),
    )
    if (failure === null) return store.sent(reply.message, now())
    const { error } = failure
    const waitMs = (error as { isFinal?: boolean }).isFinal
      ? undefined
      : REPLY_RETRY_MS[reply.attempt - 1]
    const nextAtMs = waitMs === undefined ? null : now() + waitMs
    await store.notSent(reply, withoutValues(error).message, nextAtMs, now())
  }

  return {
    run: async (isOver = () => false) => {
      let tried = 0
      while (!isOver()) {
        const reply = await store.take(now())
        if (reply === null) break
        await attempt(reply)
        tried++
      }
      return tried
    },
  }
}
