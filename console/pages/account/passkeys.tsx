import { Button, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Passkey } from '../../../src/http/desk/shapes/session.ts'
import { act } from '../../api/client.ts'
import { passkeysQuery } from '../../api/queries.ts'
import { addPasskey } from '../../api/sign-in.ts'
import { useAct } from '../../hooks/act.ts'
import { Outcome } from '../../parts/outcome.tsx'
import { Empty, Loaded } from '../../parts/states.tsx'
import { type Column, Table } from '../../parts/table.tsx'
import { Ago } from '../../parts/time.tsx'

/** My passkeys: add one, remove a lost one. */
export function Passkeys() {
  const query = useQuery(passkeysQuery)
  const client = useQueryClient()
  const reload = () => client.invalidateQueries({ queryKey: ['passkeys'] })
  const remove = useAct(
    (id: string) => act(`/passkeys/${encodeURIComponent(id)}`, undefined, 'DELETE'),
    reload,
  )
  const columns: readonly Column<Passkey>[] = [
    { head: 'Passkey', cell: ({ label }) => label },
    { head: 'Added', cell: ({ createdAtMs }) => <Ago atMs={createdAtMs} /> },
    {
      head: 'Last used',
      cell: ({ usedAtMs }) =>
        usedAtMs === null ? <span className="mute">never</span> : <Ago atMs={usedAtMs} />,
    },
    {
      head: 'Remove',
      cell: ({ id, label }) => (
        <Button
          variant="default"
          size="compact-sm"
          disabled={remove.busy}
          onClick={() => remove.run(id)}
        >
          Remove<span className="sr"> {label}</span>
        </Button>
      ),
    },
  ]
  return (
    <section aria-labelledby="passkeys">
      <h2 id="passkeys">Passkeys</h2>
      <Loaded query={query} what="your passkeys">
        {({ passkeys }) =>
          passkeys.length === 0 ? (
            <Empty title="You have none.">
              A passkey signs you in by a touch, and cannot be phished.
            </Empty>
          ) : (
            <Table caption="My passkeys" rows={passkeys} keyOf={({ id }) => id} columns={columns} />
          )
        }
      </Loaded>
      <Outcome act={remove} />
      <Add onAdded={reload} />
    </section>
  )
}

function Add({ onAdded }: { onAdded: () => unknown }) {
  const [label, setLabel] = useState('')
  const add = useAct(
    () => addPasskey(label.trim()),
    () => {
      setLabel('')
      onAdded()
    },
  )
  return (
    <form
      className="inline-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (label.trim() !== '') add.run()
      }}
    >
      <TextInput
        label="Name of a new passkey"
        description="So that you can tell it from others: this laptop, blue key."
        maxLength={60}
        value={label}
        onChange={(event) => setLabel(event.currentTarget.value)}
      />
      <Button type="submit" disabled={label.trim() === ''} loading={add.busy}>
        Add it
      </Button>
      <Outcome act={add} />
    </form>
  )
}
