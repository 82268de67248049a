import { Button } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Person } from '../../../src/http/desk/shapes/people.ts'
import { peopleQuery, teamsQuery } from '../../api/queries.ts'
import { useKeys } from '../../hooks/keys.ts'
import { Hint } from '../../parts/hint.tsx'
import { More } from '../../parts/more.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, Loaded } from '../../parts/states.tsx'
import { type Column, Table } from '../../parts/table.tsx'
import { PersonPanel } from './panel.tsx'
import { Teams } from './teams.tsx'

/** Who may do what here? An admin is shown no customer. */
export function PeoplePage() {
  const query = useInfiniteQuery(peopleQuery)
  const teams = useQuery(teamsQuery)
  const [open, setOpen] = useState<Person | 'new' | null>(null)
  useKeys([{ keys: 'a', does: 'Add somebody', run: () => setOpen('new') }])
  const columns: readonly Column<Person>[] = [
    {
      head: 'Name',
      cell: (person) => (
        <button type="button" className="text-button" onClick={() => setOpen(person)}>
          {person.name}
        </button>
      ),
    },
    { head: 'Roles', cell: ({ roles }) => roles.join(', ') || <span className="mute">none</span> },
    { head: 'Team', cell: ({ team }) => team ?? <span className="mute">none</span> },
    { head: 'In the log', cell: ({ pseudonym }) => pseudonym },
    {
      head: 'State',
      cell: ({ status }) => (
        <span className="standing" data-state={status}>
          {status}
        </span>
      ),
    },
  ]
  return (
    <Page
      title="People"
      lead="Who may do what here? Changes stand in the log."
      actions={
        <Button onClick={() => setOpen('new')} rightSection={<Hint keys="a" />}>
          Add somebody
        </Button>
      }
    >
      {open !== null && (
        <PersonPanel
          key={open === 'new' ? 'new' : open.id}
          person={open === 'new' ? null : open}
          teams={teams.data?.teams ?? []}
          onClose={() => setOpen(null)}
        />
      )}
      <Loaded query={query} what="people">
        {({ pages }) => {
          const people = pages.flatMap((page) => page.people)
          return people.length === 0 ? (
            <Empty title="There is nobody yet." />
          ) : (
            <>
              <Table caption="People" rows={people} keyOf={({ id }) => id} columns={columns} />
              <More query={query} />
            </>
          )
        }}
      </Loaded>
      <Loaded query={teams} what="teams">
        {({ teams }) => <Teams teams={teams} />}
      </Loaded>
    </Page>
  )
}
