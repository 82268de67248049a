import { Button } from '@mantine/core'
import type { ShownField } from '../../../src/http/desk/shapes/shown.ts'
import { spokenMask } from '../../words.ts'
import { Hint } from '../hint.tsx'
import { Left } from '../time.tsx'
import type { Clear } from './reveals.ts'

interface Props {
  readonly field: ShownField
  readonly clear: Clear | null
  /** The one that the key `r` reveals. */
  readonly isNext: boolean
  readonly busy: boolean
  readonly onPoint: () => void
  readonly onReveal: () => void
  readonly onHide: () => void
  readonly onCall: (() => void) | null
}

/** One field: its value as far as it may be seen, and the one thing to do about it. */
export function FieldRow(props: Props) {
  const { field, clear, isNext, busy, onPoint, onReveal, onHide, onCall } = props
  const canReveal = clear === null && field.onReveal !== null
  return (
    <div className="field" data-next={(canReveal && isNext) || undefined}>
      <dt>{field.label}</dt>
      <dd>
        {clear === null ? <Value field={field} /> : <ClearValue value={clear.value} />}
        <span className="field-acts">
          {canReveal && (
            <Button
              variant="default"
              size="compact-sm"
              aria-describedby="will"
              onFocus={onPoint}
              onMouseEnter={onPoint}
              onClick={onReveal}
              disabled={busy}
              rightSection={isNext ? <Hint keys="r" /> : undefined}
            >
              Reveal<span className="sr"> {field.label.toLowerCase()}</span>
            </Button>
          )}
          {clear !== null && (
            <Button variant="subtle" size="compact-sm" onClick={onHide}>
              Hide<span className="sr"> {field.label.toLowerCase()}</span>
            </Button>
          )}
          {onCall !== null && (
            <Button variant="default" size="compact-sm" onClick={onCall}>
              Call
            </Button>
          )}
        </span>
        {clear !== null && (
          <span className="mark">
            Recorded{clear.entry === null ? '' : ` as entry ${clear.entry}`}. Hides in{' '}
            <Left untilMs={clear.untilMs} />.
          </span>
        )}
      </dd>
    </div>
  )
}

function ClearValue({ value }: { value: string | null }) {
  return (
    <span className="clear-value">{value ?? <span className="mute">nothing on record</span>}</span>
  )
}

function Value({ field: { view, value } }: { field: ShownField }) {
  if (view === 'hidden') return <span className="mute">hidden</span>
  if (value === null) return <span className="mute">nothing on record</span>
  if (view === 'clear') return <span className="plain">{value}</span>
  return (
    <span className="masked">
      <span aria-hidden>{value}</span>
      <span className="sr">{spokenMask(value)}</span>
    </span>
  )
}
