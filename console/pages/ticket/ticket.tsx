import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { TicketPage as Data } from '../../../src/http/desk/shapes/tickets.ts'
import { ticketQuery } from '../../api/queries.ts'
import { Page } from '../../parts/page.tsx'
import { Loaded } from '../../parts/states.tsx'
import { Ago } from '../../parts/time.tsx'
import { Conversation } from './conversation.tsx'
import { CustomerCard } from './customer-card.tsx'
import { Reply } from './reply.tsx'
import { Work } from './work.tsx'

/** What does this customer need, and what may I see of them? */
export function TicketPage() {
  const { number } = useParams({ strict: false }) as { number: string }
  const query = useQuery(ticketQuery(number))
  return (
    <Page key={number} title={`Ticket ${number}`} lead={query.data && <Facts data={query.data} />}>
      <Loaded query={query} what="the ticket">
        {(data) => (
          <div className="ticket">
            <div className="ticket-main">
              <Work ticket={data.ticket} />
              <Conversation released={data.released} />
              {data.mayWrite.length > 0 && <Reply number={number} mayWrite={data.mayWrite} />}
            </div>
            <CustomerCard data={data} key={data.released.purpose.grade} />
          </div>
        )}
      </Loaded>
    </Page>
  )
}

function Facts({ data }: { data: Data }) {
  const { topic, queue, channel, contactAtMs, state } = data.ticket
  const facts = [topic, queue, channel && `by ${channel}`].filter(Boolean)
  return (
    <>
      {facts.join(' · ')} · last heard <Ago atMs={contactAtMs} />
      {state === 'closed' && ' · closed'}
    </>
  )
}
