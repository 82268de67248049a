import type { AccessRow } from '../../../src/http/desk/shapes/access.ts'
import { useMe } from '../../app/me.ts'
import { type Column, Table } from '../../parts/table.tsx'
import { At } from '../../parts/time.tsx'
import { PATH_WORDS } from '../../words.ts'
import { purposeWords } from './purposes.ts'

/** Each disclosure with its entry in the log. */
export function ShownTable({ shown }: { shown: readonly AccessRow[] }) {
  const { fields } = useMe().words
  const labels = new Map(fields.map(({ name, label }) => [name, label]))
  const list = (row: AccessRow, view: 'clear' | 'masked') =>
    row.fields
      .filter((field) => field.view === view)
      .map(({ name }) => labels.get(name) ?? name)
      .join(', ')
  const columns: readonly Column<AccessRow>[] = [
    { head: 'When', cell: ({ atMs }) => <At atMs={atMs} /> },
    { head: 'For', cell: ({ purpose }) => purposeWords(purpose) },
    { head: 'Clear', cell: (row) => list(row, 'clear') || <span className="mute">nothing</span> },
    { head: 'Masked', cell: (row) => <span className="mute">{list(row, 'masked')}</span> },
    { head: 'By', cell: ({ path }) => PATH_WORDS[path] ?? path },
    { head: 'Customers', cell: ({ customers }) => customers, numeric: true },
    { head: 'Entry', cell: ({ entry }) => entry, numeric: true },
  ]
  return (
    <Table
      caption="What I was shown, newest first"
      rows={shown}
      keyOf={({ entry }) => `${entry}`}
      columns={columns}
    />
  )
}
