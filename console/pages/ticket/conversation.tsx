import type { Message, Released } from '../../../src/http/desk/shapes/shown.ts'
import { Empty } from '../../parts/states.tsx'
import { At } from '../../parts/time.tsx'

const WHO: Record<Message['direction'], string> = {
  in: 'Customer',
  out: 'To the customer',
  note: 'Note',
}

const WHERE: Record<NonNullable<Message['delivery']>, string> = {
  queued: 'being sent',
  sent: 'sent',
  failed: 'could not be sent: reach them another way',
}

/** What was written, oldest first; hidden where the purpose does not cover it. */
export function Conversation({ released }: { released: Released }) {
  const { conversation, purpose } = released
  return (
    <section aria-labelledby="conversation">
      <h2 id="conversation">Conversation</h2>
      {conversation === null && (
        <Empty title="Not shown for this purpose.">
          {purpose.ended === null
            ? 'A code that the customer reads back makes it visible.'
            : 'It is visible to who works on the ticket.'}
        </Empty>
      )}
      {conversation?.length === 0 && <Empty title="Nothing has been written yet." />}
      {conversation !== null && conversation.length > 0 && (
        <ol className="messages">
          {conversation.map(({ id, atMs, direction, author, body, delivery }) => (
            <li key={id} className="message" data-direction={direction}>
              <p className="message-head">
                <strong>{WHO[direction]}</strong>
                {author !== null && direction !== 'in' && ` · ${author}`} · <At atMs={atMs} />
                {delivery !== null && (
                  <span className="delivery" data-delivery={delivery}>
                    {` · ${WHERE[delivery]}`}
                  </span>
                )}
              </p>
              <p className="message-body" dir="auto">
                {body}
              </p>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
