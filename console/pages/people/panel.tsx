import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Person, PutPerson, Teams } from '../../../src/http/desk/shapes/people.ts'
import { act } from '../../api/client.ts'
import { useAct } from '../../hooks/act.ts'
import { PersonForm } from './person-form.tsx'
import { Suspend } from './suspend.tsx'

interface Props {
  /** null: somebody new. */
  readonly person: Person | null
  readonly teams: Teams['teams']
  readonly onClose: () => void
}

/** One person: name, team, roles, and whether they may sign in. */
export function PersonPanel({ person, teams, onClose }: Props) {
  const [id, setId] = useState(person?.id ?? '')
  const [form, setForm] = useState<PutPerson>(() => formOf(person))
  const client = useQueryClient()
  const done = () => {
    void client.invalidateQueries({ queryKey: ['people'] })
    void client.invalidateQueries({ queryKey: ['teams'] })
    onClose()
  }
  const save = useAct(() => {
    const body = { ...form, person: form.person || id }
    return act<Person>(`/people/${encodeURIComponent(id)}`, body, 'PUT')
  }, done)
  return (
    <section className="card person" aria-label={person?.name ?? 'Somebody new'}>
      <h2>{person?.name ?? 'Somebody new'}</h2>
      <PersonForm
        newId={person === null ? { value: id, set: setId } : null}
        form={form}
        set={(part) => setForm({ ...form, ...part })}
        teams={teams}
        save={save}
        onCancel={onClose}
      />
      {person !== null && <Suspend person={person} onDone={done} />}
    </section>
  )
}

function formOf(person: Person | null): PutPerson {
  return {
    person: person?.person ?? '',
    name: person?.name ?? '',
    mail: person?.mail ?? null,
    team: person?.team ?? null,
    roles: person?.roles ?? ['agent'],
    externalId: person?.externalId ?? null,
  }
}
