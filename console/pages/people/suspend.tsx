import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Person } from '../../../src/http/desk/shapes/people.ts'
import { act } from '../../api/client.ts'
import { useAct } from '../../hooks/act.ts'
import { Outcome } from '../../parts/outcome.tsx'

/** Ends every session of a person at once and lets them in no more; or lets them in again. */
export function Suspend({ person, onDone }: { person: Person; onDone: () => void }) {
  const [why, setWhy] = useState('')
  const path = `/people/${encodeURIComponent(person.id)}`
  const isActive = person.status === 'active'
  const change = useAct(
    () => (isActive ? act(`${path}/suspend`, { why: why.trim() }) : act(`${path}/resume`)),
    onDone,
  )
  return (
    <form
      className="inline-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isActive || why.trim() !== '') change.run()
      }}
    >
      {isActive && (
        <TextInput
          label="Suspend, because"
          description="Ends all their sessions now, on every path."
          value={why}
          onChange={(event) => setWhy(event.currentTarget.value)}
        />
      )}
      <Button
        type="submit"
        variant="default"
        data-harm={isActive || undefined}
        disabled={isActive && why.trim() === ''}
        loading={change.busy}
      >
        {isActive ? 'Suspend' : 'Let them in again'}
      </Button>
      <Outcome act={change} />
    </form>
  )
}
