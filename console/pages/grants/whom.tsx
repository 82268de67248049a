import { TextInput } from '@mantine/core'
import { useMe } from '../../app/me.ts'
import { Check } from '../../parts/check.tsx'
import { counted } from '../../words.ts'
import type { Draft } from './draft.ts'

interface Props {
  readonly draft: Draft
  readonly set: (part: Partial<Draft>) => void
  readonly found: number
}

/** For whom, and which of their fields: no more than can be named. */
export function Whom({ draft, set, found }: Props) {
  const { fields, limits } = useMe().words
  const toggle = (name: string) =>
    set({
      fields: draft.fields.includes(name)
        ? draft.fields.filter((one) => one !== name)
        : [...draft.fields, name],
    })
  return (
    <>
      {found > 0 && <p>For {counted(found, 'customer')} from your search.</p>}
      <TextInput
        label={
          found > 0
            ? 'And for the customers of these tickets'
            : 'For the customers of these tickets'
        }
        description={
          draft.kind === 'see'
            ? `Numbers of tickets, at most ${limits.grantCustomersMax}. Without one, begin with a search.`
            : 'Numbers of tickets.'
        }
        value={draft.tickets}
        onChange={(event) => set({ tickets: event.currentTarget.value })}
      />
      <fieldset className="checks">
        <legend>Fields</legend>
        {fields.map(({ name, label, class: kind }) => (
          <Check
            key={name}
            label={kind === 'sensitive' ? `${label} (sensitive)` : label}
            checked={draft.fields.includes(name)}
            onChange={() => toggle(name)}
          />
        ))}
      </fieldset>
    </>
  )
}
