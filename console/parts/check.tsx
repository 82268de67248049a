import type { ReactNode } from 'react'

interface Props {
  readonly label: string
  readonly description?: ReactNode
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  /** What it would do is harm. */
  readonly harm?: boolean
}

/** A box to tick, whose whole line is the target. */
export function Check({ label, description, checked, onChange, harm }: Props) {
  return (
    <label className="check" data-harm={harm || undefined}>
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>
        {label}
        {description !== undefined && <span className="check-more mute">{description}</span>}
      </span>
    </label>
  )
}
