import type { TicketRow } from '../../../src/http/desk/shapes/tickets.ts'
import { type Column, Table } from '../../parts/table.tsx'
import { Ago } from '../../parts/time.tsx'

const COLUMNS: readonly Column<TicketRow>[] = [
  { head: 'Ticket', cell: ({ number }) => number },
  {
    head: 'About',
    cell: ({ topic }) => topic ?? <span className="mute">not said</span>,
    wide: true,
  },
  { head: 'Queue', cell: ({ queue }) => queue ?? <span className="mute">none</span> },
  { head: 'Came by', cell: ({ channel }) => channel ?? <span className="mute">unknown</span> },
  { head: 'Last heard', cell: ({ contactAtMs }) => <Ago atMs={contactAtMs} /> },
  { head: 'Opened', cell: ({ openedAtMs }) => <Ago atMs={openedAtMs} /> },
  {
    head: 'Priority',
    cell: ({ priority }) => (priority > 0 ? `${priority}` : <span className="mute">0</span>),
    numeric: true,
  },
]

/** My open tickets: nothing of any customer. */
export function MyTickets({ tickets }: { tickets: readonly TicketRow[] }) {
  return (
    <Table
      caption="My open tickets"
      rows={tickets}
      keyOf={({ number }) => number}
      columns={COLUMNS}
      to={({ number }) => `/tickets/${encodeURIComponent(number)}`}
    />
  )
}
