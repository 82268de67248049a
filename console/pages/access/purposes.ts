import type { Purpose } from '../../../src/http/desk/shapes/shown.ts'

/** The rows of the picture, each with its own shape. */
export const PURPOSE_ROWS: readonly { kind: Purpose['kind']; label: string }[] = [
  { kind: 'ticket', label: 'Ticket' },
  { kind: 'call', label: 'Call' },
  { kind: 'grant', label: 'Exception' },
  { kind: 'none', label: 'No purpose' },
]

/** A purpose with its number. */
export function purposeWords({ kind, reference }: Purpose): string {
  const label = PURPOSE_ROWS.find((row) => row.kind === kind)?.label ?? kind
  return reference === null || kind === 'grant' ? label : `${label} ${reference}`
}
