import { useState } from 'react'
import type { Released } from '../../../src/http/desk/shapes/shown.ts'
import type { TicketPage } from '../../../src/http/desk/shapes/tickets.ts'
import { act } from '../../api/client.ts'
import { useMe } from '../../app/me.ts'
import { Fields } from '../../parts/fields/fields.tsx'
import { Gauge } from '../../parts/gauge.tsx'
import { CodePanel } from './code-panel.tsx'
import { PurposeLine } from './purpose-line.tsx'

/** The customer, as far as this ticket shows them. */
export function CustomerCard({ data }: { data: TicketPage }) {
  const { released, ticket } = data
  const { agent } = useMe()
  const [budget, setBudget] = useState(released.budget)
  const number = encodeURIComponent(ticket.number)
  const reveal = async (field: string) => {
    const shown = await act<Released>(`/tickets/${number}/reveal`, { fields: [field] })
    setBudget(shown.budget)
    return shown
  }
  return (
    <aside className="card" aria-labelledby="customer">
      <h2 id="customer">Customer</h2>
      <PurposeLine purpose={released.purpose} />
      <Fields
        fields={released.fields}
        reveal={reveal}
        recorded={(label) => `${agent.name}, ${label.toLowerCase()}, for ticket ${ticket.number}`}
        askFor={{ ticket: ticket.number }}
        call={(field) => act(`/tickets/${number}/call`, { field })}
      />
      <CodePanel data={data} />
      <Gauge label="Customers this hour" used={budget.used.hour} limit={budget.limits.hour} />
    </aside>
  )
}
