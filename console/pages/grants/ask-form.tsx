import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core'
import type { Ask } from '../../../src/http/desk/shapes/grants.ts'
import { useMe } from '../../app/me.ts'
import type { Act } from '../../hooks/act.ts'
import { Check } from '../../parts/check.tsx'
import { Outcome } from '../../parts/outcome.tsx'
import { counted, KIND_WORDS } from '../../words.ts'
import { type Draft, missingOf } from './draft.ts'
import { Whom } from './whom.tsx'

const MINUTES = [15, 30, 60, 120, 240]

interface Props {
  readonly draft: Draft
  readonly write: (draft: Draft) => void
  /** Customers who come along from a search. */
  readonly found: number
  readonly send: Act<[]>
}

type Part = { readonly draft: Draft; readonly set: (part: Partial<Draft>) => void }

/** The form of a request. */
export function AskForm({ draft, write, found, send }: Props) {
  const set = (part: Partial<Draft>) => write({ ...draft, ...part })
  const missing = missingOf(draft, found)
  const isEmergency = draft.kind === 'see' && draft.emergency
  return (
    <form
      className="ask"
      onSubmit={(event) => {
        event.preventDefault()
        if (missing === null) send.run()
      }}
    >
      <Kind draft={draft} set={set} />
      {draft.kind === 'budget' ? (
        <TextInput
          label="How many customers more today"
          type="number"
          min={1}
          value={draft.extra}
          onChange={(event) => set({ extra: Number(event.currentTarget.value) })}
        />
      ) : (
        <Whom draft={draft} set={set} found={found} />
      )}
      <Why draft={draft} set={set} />
      {draft.kind === 'see' && (
        <Check
          harm
          label="Emergency: use it at once, before anybody decides"
          description="Raises an alert that nobody can silence. An officer reviews it."
          checked={draft.emergency}
          onChange={(emergency) => set({ emergency })}
        />
      )}
      <div className="row">
        <Button
          type="submit"
          loading={send.busy}
          disabled={missing !== null}
          data-harm={isEmergency || undefined}
        >
          {isEmergency ? 'Use it now' : 'Ask'}
        </Button>
        <span className="mute" role="status">
          {missing ?? 'Kept in this tab until you send it.'}
        </span>
      </div>
      <Outcome act={send} />
    </form>
  )
}

function Kind({ draft, set }: Part) {
  return (
    <fieldset className="choice">
      <legend>What</legend>
      {(['see', 'export', 'budget'] as const).map((kind) => (
        <label key={kind}>
          <input
            type="radio"
            name="kind"
            checked={draft.kind === kind}
            onChange={() => set({ kind })}
          />
          {KIND_WORDS[kind]}
        </label>
      ))}
    </fieldset>
  )
}

function Why({ draft, set }: Part) {
  const { limits, reasons } = useMe().words
  return (
    <>
      <div className="pair">
        <NativeSelect
          label="Reason"
          data={reasons.map(({ reason, label }) => ({ value: reason, label }))}
          value={draft.reason}
          onChange={(event) => set({ reason: event.currentTarget.value as Ask['reason'] })}
        />
        <NativeSelect
          label="For how long"
          data={MINUTES.filter((one) => one <= limits.grantMinutesMax).map((one) => ({
            value: `${one}`,
            label: one < 60 ? `${one} minutes` : counted(one / 60, 'hour'),
          }))}
          value={`${draft.minutes}`}
          onChange={(event) => set({ minutes: Number(event.currentTarget.value) })}
        />
      </div>
      <Textarea
        label="What for, so that somebody else can decide"
        rows={3}
        maxLength={limits.reasonCharsMax}
        value={draft.text}
        onChange={(event) => set({ text: event.currentTarget.value })}
      />
    </>
  )
}
