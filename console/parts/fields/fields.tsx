import { useState } from 'react'
import type { Released, ShownField } from '../../../src/http/desk/shapes/shown.ts'
import { useAct } from '../../hooks/act.ts'
import { useKeys } from '../../hooks/keys.ts'
import { Outcome } from '../outcome.tsx'
import { FieldRow } from './field-row.tsx'
import { Missing } from './missing.tsx'
import { useReveals } from './reveals.ts'

interface Props {
  readonly fields: readonly ShownField[]
  readonly reveal: (field: string) => Promise<Released>
  /** What is recorded if the field of this label is revealed: who, which, for what. */
  readonly recorded: (label: string) => string
  /** What an exception would be asked for. */
  readonly askFor: { readonly ticket: string } | null
  readonly call?: (field: string) => Promise<unknown>
}

/** Fields of one customer: masked until revealed one by one, and what would help where they cannot. */
export function Fields({ fields, reveal, recorded, askFor, call }: Props) {
  const { clear, show, hide, hideAll } = useReveals()
  const [chosen, setChosen] = useState<string | null>(null)
  const open = fields.filter(({ name, onReveal }) => onReveal === 'clear' && !clear.has(name))
  const next = open.find(({ name }) => name === chosen) ?? open.at(0)
  const [told, setTold] = useState<string | null>(null)
  const act = useAct(
    (field: string) => reveal(field),
    (released, field) => {
      show(released)
      setTold(field)
    },
  )
  const [called, setCalled] = useState<string | null>(null)
  const dial = useAct(
    async (field: string) => call?.(field),
    (_, field) => setCalled(field),
  )
  const label = next?.label.toLowerCase()
  useKeys([
    ...(next ? [{ keys: 'r', does: `Reveal ${label}`, run: () => act.run(next.name) }] : []),
    ...(clear.size > 0 ? [{ keys: 'h', does: 'Hide what was revealed', run: hideAll }] : []),
  ])
  const said = fields.find(({ name }) => name === told && clear.has(name))
  return (
    <>
      <dl className="fields">
        {fields.filter(isThere).map((field) => (
          <FieldRow
            key={field.name}
            field={field}
            clear={clear.get(field.name) ?? null}
            isNext={field === next}
            busy={act.busy}
            onPoint={() => setChosen(field.name)}
            onReveal={() => {
              setChosen(field.name)
              act.run(field.name)
            }}
            onHide={() => hide(field.name)}
            onCall={call && isPhone(field) ? () => dial.run(field.name) : null}
          />
        ))}
      </dl>
      {next !== undefined && (
        <p className="will" id="will">
          Revealing is recorded: {recorded(next.label)}.
        </p>
      )}
      <Missing fields={fields.filter((field) => !isThere(field))} askFor={askFor} />
      <p className="sr" role="status">
        {said &&
          `${said.label}: ${clear.get(said.name)?.value ?? 'nothing on record'}. Recorded; hides in a minute.`}
      </p>
      {called !== null && !dial.busy && dial.refusal === null && (
        <p role="status">The call is being placed: your own telephone rings first.</p>
      )}
      <Outcome act={act} />
      <Outcome act={dial} />
    </>
  )
}

/** Shown somehow, or could be with one key. */
function isThere({ view, onReveal }: ShownField): boolean {
  return view !== 'hidden' || onReveal !== null
}

/** Whether the desk can call it for the agent, who then need not see it. */
function isPhone({ class: kind, name }: ShownField): boolean {
  return kind === 'contact' && /phone|mobile|tel/i.test(name)
}
