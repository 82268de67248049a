import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { Grant } from '../../../src/http/desk/shapes/grants.ts'
import { grantsQuery } from '../../api/queries.ts'
import { useKeys } from '../../hooks/keys.ts'
import { Hint } from '../../parts/hint.tsx'
import { More } from '../../parts/more.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, Loaded } from '../../parts/states.tsx'
import { type Column, Table } from '../../parts/table.tsx'
import { Ago, Left } from '../../parts/time.tsx'
import { wanted } from '../../words.ts'
import { isLive, Standing } from './standing.tsx'

const COLUMNS: readonly Column<Grant>[] = [
  { head: 'What', cell: wanted },
  { head: 'Where it stands', cell: (grant) => <Standing grant={grant} /> },
  { head: 'Ticket', cell: ({ ticket }) => ticket ?? <span className="mute">none</span> },
  {
    head: 'Time left',
    cell: (grant) =>
      isLive(grant) ? <Left untilMs={grant.liveUntilMs!} /> : <span className="mute">none</span>,
  },
  { head: 'Asked', cell: ({ askedAtMs }) => <Ago atMs={askedAtMs} /> },
]

/** My exceptions: which can I use, and what became of the others? */
export function GrantsPage() {
  const query = useInfiniteQuery(grantsQuery)
  const navigate = useNavigate()
  useKeys([
    {
      keys: 'e',
      does: 'Ask for an exception',
      run: () => void navigate({ to: '/exceptions/ask' }),
    },
  ])
  return (
    <Page
      title="Exceptions"
      lead="Where a ticket does not reach: asked for, decided by somebody else, in the log."
      actions={
        <Link className="button-link" to="/exceptions/ask">
          Ask for an exception <Hint keys="e" />
        </Link>
      }
    >
      <Loaded query={query} what="your exceptions">
        {({ pages }) => {
          const grants = pages.flatMap((page) => page.grants)
          if (grants.length === 0)
            return <Empty title="You have asked for none.">Most work never needs one.</Empty>
          return (
            <>
              <Table
                caption="My exceptions, newest first"
                rows={grants}
                keyOf={({ id }) => id}
                columns={COLUMNS}
                to={({ id }) => `/exceptions/${encodeURIComponent(id)}`}
              />
              <More query={query} />
            </>
          )
        }}
      </Loaded>
    </Page>
  )
}
