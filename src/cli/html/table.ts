/** The one table of the report: caption, empty state, alignment, a region that scrolls by itself. */
import { count } from '../words.ts'
import { type Markup, markup, NOTHING, verbatim } from './markup.ts'

export type Cell = string | number | Markup

export interface Column {
  readonly name: string
  /** Figures are aligned at the end, keys and names are isolated from the text around them. */
  readonly kind?: 'figure' | 'key' | 'words'
}

export interface Table {
  readonly caption: string
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
  /** Shown instead of an empty table. */
  readonly none?: string
  /** How many rows there are in truth, where not all are here. */
  readonly total?: number
}

export function table(one: Table): Markup {
  if (one.rows.length === 0) return markup`<p class="none">${one.none ?? 'None.'}</p>`
  const head = one.columns.map(
    (column) => markup`<th scope="col"${classOf(column)}>${column.name}</th>`,
  )
  const body = one.rows.map(
    (cells) => markup`<tr>${cells.map((cell, i) => cellOf(cell, one.columns[i], i === 0))}</tr>
`,
  )
  const rest = (one.total ?? 0) - one.rows.length
  const note =
    rest > 0
      ? markup`<p class="note">The first ${count(one.rows.length)} of ${count(one.total ?? 0)}; the JSON document holds the rest.</p>`
      : NOTHING
  return markup`<div class="scroll" role="region" tabindex="0" aria-label="${one.caption}"><table><caption>${one.caption}</caption><thead><tr>${head}</tr></thead><tbody>
${body}</tbody></table></div>${note}`
}

const KIND_CLASS = { figure: ' class="n"', key: ' class="k"', words: '' }

function classOf(column: Column): Markup {
  return verbatim(KIND_CLASS[column.kind ?? 'words'])
}

function cellOf(cell: Cell, column: Column, heads: boolean): Markup {
  const words = typeof cell === 'number' ? count(cell) : cell
  const content = column.kind === 'key' && typeof words === 'string' ? key(words) : markup`${words}`
  return heads
    ? markup`<th scope="row"${classOf(column)}>${content}</th>`
    : markup`<td${classOf(column)}>${content}</td>`
}

/** Keys up to this length are never broken over lines. */
const SHORT_KEY = 20

/** A name or key from the log, whatever its script, isolated from the text around it. */
export function key(name: string): Markup {
  return name.length <= SHORT_KEY
    ? markup`<bdi class="w">${name}</bdi>`
    : markup`<bdi>${name}</bdi>`
}

/** Keys in a sentence: the first few, and how many more. */
export function keys(names: readonly string[], max = 6): Markup {
  if (names.length === 0) return markup`nobody`
  const shown = names.slice(0, max).map((name, i) => markup`${i === 0 ? '' : ', '}${key(name)}`)
  const rest = names.length - max
  return rest > 0 ? markup`${shown} and ${count(rest)} more` : markup`${shown}`
}
