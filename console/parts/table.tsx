import { Link } from '@tanstack/react-router'
import { type ReactNode, useRef } from 'react'
import { useKeys } from '../hooks/keys.ts'

/** One column; on a narrow screen its heading stands before each value. */
export interface Column<Row> {
  readonly head: string
  readonly cell: (row: Row) => ReactNode
  readonly numeric?: boolean
  /** Needs no heading to be understood, and a line of its own on a narrow screen. */
  readonly wide?: boolean
}

interface Props<Row> {
  readonly caption: string
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  readonly columns: readonly Column<Row>[]
  /** Where a row leads; its first cell is then the link, and `j`, `k` move between them. */
  readonly to?: (row: Row) => string
}

/** The one table of the console. */
export function Table<Row>({ caption, rows, keyOf, columns, to }: Props<Row>) {
  const body = useRef<HTMLTableSectionElement>(null)
  const move = (by: 1 | -1) => moveFocus(body.current, by)
  useKeys(
    to === undefined
      ? []
      : [
          { keys: 'j', does: 'Next row', run: () => move(1), listed: false },
          { keys: 'k', does: 'Row before', run: () => move(-1), listed: false },
        ],
  )
  return (
    <table className="table">
      <caption className="sr">{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ head, numeric }) => (
            <th key={head} scope="col" data-numeric={numeric || undefined}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ head, cell, numeric, wide }, index) => (
              <td
                key={head}
                data-head={head}
                data-numeric={numeric || undefined}
                data-wide={wide || undefined}
              >
                {to !== undefined && index === 0 ? (
                  <Link to={to(row)} className="row-link">
                    {cell(row)}
                  </Link>
                ) : (
                  cell(row)
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function moveFocus(body: HTMLElement | null, by: 1 | -1): void {
  const links = [...(body?.querySelectorAll<HTMLElement>('.row-link') ?? [])]
  const at = links.indexOf(document.activeElement as HTMLElement)
  const next = at === -1 ? (by === 1 ? 0 : links.length - 1) : at + by
  links.at(Math.min(Math.max(next, 0), links.length - 1))?.focus()
}
