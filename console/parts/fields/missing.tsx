import { Link } from '@tanstack/react-router'
import type { ShownField } from '../../../src/http/desk/shapes/shown.ts'
import { ADVICE_WORDS } from '../../words.ts'

interface Props {
  readonly fields: readonly ShownField[]
  readonly askFor: { readonly ticket: string } | null
}

/** Fields that are not shown for this purpose, together where the same would help. */
export function Missing({ fields, askFor }: Props) {
  const groups = Map.groupBy(fields, ({ advice }) => advice)
  if (groups.size === 0) return null
  return (
    <ul className="missing" aria-label="Not shown">
      {[...groups].map(([advice, group]) => (
        <li key={advice}>
          <strong>{group.map(({ label }) => label).join(', ')}</strong>{' '}
          {advice === null ? 'is not shown here' : ADVICE_WORDS[advice]}.
          {advice === 'ask-grant' && (
            <>
              {' '}
              <Link
                to="/exceptions/ask"
                search={{ ...askFor, fields: group.map(({ name }) => name).join(' ') }}
              >
                Ask for one
              </Link>
            </>
          )}
        </li>
      ))}
    </ul>
  )
}
