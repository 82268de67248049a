import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { act } from '../../api/client.ts'
import { useAct } from '../../hooks/act.ts'
import { Outcome } from '../../parts/outcome.tsx'

/** Merges into another ticket of the same customer; this one is closed. */
export function Merge({ path, onDone }: { path: string; onDone: () => void }) {
  const [into, setInto] = useState('')
  const merge = useAct(() => act(`${path}/merge`, { into: into.trim() }), onDone)
  return (
    <form
      className="inline-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (into.trim() !== '') merge.run()
      }}
    >
      <TextInput
        label="Number of the ticket that stays"
        description="Yours, and of the same customer. This one is closed."
        autoFocus
        value={into}
        onChange={(event) => setInto(event.currentTarget.value)}
      />
      <Button type="submit" disabled={into.trim() === ''} loading={merge.busy}>
        Merge
      </Button>
      <Outcome act={merge} />
    </form>
  )
}
