import { Button, NativeSelect } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { act } from '../../api/client.ts'
import { colleaguesQuery } from '../../api/queries.ts'
import { useMe } from '../../app/me.ts'
import { useAct } from '../../hooks/act.ts'
import { Outcome } from '../../parts/outcome.tsx'
import { Loaded } from '../../parts/states.tsx'

/** Gives the ticket to a colleague; with it, what one may see of its customer. */
export function Assign({ path, onDone }: { path: string; onDone: () => void }) {
  const { agent } = useMe()
  const query = useInfiniteQuery(colleaguesQuery)
  const { hasNextPage, fetchNextPage } = query
  const [to, setTo] = useState('')
  const give = useAct(() => act(`${path}/assign`, { to }), onDone)
  useEffect(() => {
    if (hasNextPage) void fetchNextPage()
  }, [hasNextPage, fetchNextPage])
  return (
    <Loaded query={query} what="your colleagues">
      {({ pages }) => (
        <form
          className="inline-form"
          onSubmit={(event) => {
            event.preventDefault()
            if (to !== '') give.run()
          }}
        >
          <NativeSelect
            label="Colleague who gets the ticket"
            description="You then no longer see its customer."
            autoFocus
            value={to}
            onChange={(event) => setTo(event.currentTarget.value)}
            data={[
              { value: '', label: 'Choose' },
              ...pages
                .flatMap(({ colleagues }) => colleagues)
                .filter(({ id }) => id !== agent.id)
                .map(({ id, name, team }) => ({
                  value: id,
                  label: team ? `${name} · ${team}` : name,
                })),
            ]}
          />
          <Button type="submit" disabled={to === ''} loading={give.busy}>
            Give it
          </Button>
          <Outcome act={give} />
        </form>
      )}
    </Loaded>
  )
}
