import { Button, NativeSelect, TextInput } from '@mantine/core'
import type { PutPerson, Teams } from '../../../src/http/desk/shapes/people.ts'
import type { Act } from '../../hooks/act.ts'
import { Check } from '../../parts/check.tsx'
import { Outcome } from '../../parts/outcome.tsx'

const ROLES = ['agent', 'lead', 'officer', 'admin'] as const

interface Props {
  /** Of somebody new. */
  readonly newId: { readonly value: string; readonly set: (id: string) => void } | null
  readonly form: PutPerson
  readonly set: (part: Partial<PutPerson>) => void
  readonly teams: Teams['teams']
  readonly save: Act<[]>
  readonly onCancel: () => void
}

/** Who somebody is, and what they may. */
export function PersonForm({ newId, form, set, teams, save, onCancel }: Props) {
  const toggle = (role: (typeof ROLES)[number]) => {
    const others = form.roles.filter((one) => one !== role)
    set({ roles: others.length < form.roles.length ? others : [...form.roles, role] })
  }
  return (
    <form
      className="ask"
      onSubmit={(event) => {
        event.preventDefault()
        save.run()
      }}
    >
      <div className="pair">
        {newId !== null && (
          <TextInput
            label="Id, which stays"
            required
            value={newId.value}
            onChange={(event) => newId.set(event.currentTarget.value)}
          />
        )}
        <TextInput
          label="Name"
          required
          value={form.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <TextInput
          label="Mail address"
          type="email"
          value={form.mail ?? ''}
          onChange={(event) => set({ mail: event.currentTarget.value || null })}
        />
        <NativeSelect
          label="Team"
          value={form.team ?? ''}
          data={[
            { value: '', label: 'None' },
            ...teams.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(event) => set({ team: event.currentTarget.value || null })}
        />
      </div>
      <fieldset className="checks">
        <legend>Roles</legend>
        {ROLES.map((role) => (
          <Check
            key={role}
            label={role}
            checked={form.roles.includes(role)}
            onChange={() => toggle(role)}
          />
        ))}
      </fieldset>
      <div className="row">
        <Button type="submit" loading={save.busy}>
          Save
        </Button>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </div>
      <Outcome act={save} />
    </form>
  )
}
