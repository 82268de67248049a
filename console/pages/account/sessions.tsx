import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { Sessions as Data } from '../../../src/http/desk/shapes/session.ts'
import { act } from '../../api/client.ts'
import { sessionsQuery } from '../../api/queries.ts'
import { useAct } from '../../hooks/act.ts'
import { Outcome } from '../../parts/outcome.tsx'
import { Loaded } from '../../parts/states.tsx'
import { type Column, Table } from '../../parts/table.tsx'
import { Ago } from '../../parts/time.tsx'

type Row = Data['sessions'][number]

const METHOD_WORDS: Record<Row['method'], string> = {
  passkey: 'Passkey',
  oidc: 'Directory',
  demo: 'Demonstration',
}

/** My sessions; each can be ended at once, on every path. */
export function Sessions() {
  const query = useQuery(sessionsQuery)
  const client = useQueryClient()
  const reload = () => client.invalidateQueries({ queryKey: ['sessions'] })
  const end = useAct(
    (id: string) => act(`/sessions/${encodeURIComponent(id)}`, undefined, 'DELETE'),
    reload,
  )
  const others = useAct(() => act('/sessions/end-others'), reload)
  const columns: readonly Column<Row>[] = [
    { head: 'Signed in by', cell: ({ method }) => METHOD_WORDS[method] },
    { head: 'Began', cell: ({ createdAtMs }) => <Ago atMs={createdAtMs} /> },
    { head: 'Last used', cell: ({ seenAtMs }) => <Ago atMs={seenAtMs} /> },
    {
      head: 'State',
      cell: ({ current, endedAtMs }) =>
        current ? (
          <strong>this one</strong>
        ) : endedAtMs === null ? (
          'open'
        ) : (
          <>
            ended <Ago atMs={endedAtMs} />
          </>
        ),
    },
    {
      head: 'End',
      cell: ({ id, current, endedAtMs }) =>
        current || endedAtMs !== null ? null : (
          <Button
            variant="default"
            size="compact-sm"
            disabled={end.busy}
            onClick={() => end.run(id)}
          >
            End it
          </Button>
        ),
    },
  ]
  return (
    <section aria-labelledby="sessions">
      <h2 id="sessions">Sessions</h2>
      <Loaded query={query} what="your sessions">
        {({ sessions }) => (
          <>
            <Table caption="My sessions" rows={sessions} keyOf={({ id }) => id} columns={columns} />
            {sessions.some(({ current, endedAtMs }) => !current && endedAtMs === null) && (
              <p className="more">
                <Button variant="default" onClick={others.run} loading={others.busy}>
                  End all others
                </Button>
              </p>
            )}
          </>
        )}
      </Loaded>
      <Outcome act={end} />
      <Outcome act={others} />
    </section>
  )
}
